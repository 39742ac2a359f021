# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from covirt.api.domain import define, info
from covirt.errors import XmlError
from covirt.testing.shell_session import GUEST, Session


def editor(tmp_path: Path, command: str) -> str:
    """An editor that does one thing to its file."""
    program = tmp_path / "editor"
    program.write_text(f"#!/bin/sh\n{command}\n")
    program.chmod(0o755)
    return str(program)


@pytest.fixture
def described(session: Session) -> Session:
    session.answer(info.xml_desc, "<domain><name>test</name></domain>")
    return session


async def test_change_is_defined(described: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", editor(tmp_path, 'sed -i s/test/other/ "$1"'))
    monkeypatch.delenv("VISUAL", raising=False)
    described.answer(define.define_xml_flags, GUEST)
    assert await described.type("edit test") == "Domain 'test' XML configuration edited.\n\n"
    ((text, _),) = described.called("define_xml_flags")
    assert "other" in text


async def test_nothing_changed(described: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, "true"))
    assert await described.type("edit test") == "Domain 'test' XML configuration not changed.\n\n"


async def test_refused_change_without_a_person(
    described: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, 'echo >> "$1"'))
    monkeypatch.setattr(type(described.shell), "terminal", False)
    described.answer(define.define_xml_flags, XmlError("nonsense"))
    printed = await described.type("edit test")
    assert "nonsense" in printed
    assert printed.endswith("error: Failed.\n\n")


async def test_editor_that_fails(described: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, "exit 3"))
    assert "command exited with non-zero status" in await described.type("edit test")
