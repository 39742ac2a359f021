# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs beside QEMU, asked for what they can do."""

from __future__ import annotations

from pathlib import Path

import pytest

from covirt.drivers.qemu.capabilities.helpers import SWTPM, Helpers


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory for programs, the only one that is searched beside the shell's."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


def install(directory: Path, name: str, says: str = "") -> None:
    """Put a program there that says something."""
    program = directory / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)


def helpers(directory: Path) -> Helpers:
    """Helpers that know this directory only."""
    return Helpers("x86_64", "qemu-rdp", lambda name: str(directory / name) if (directory / name).exists() else None)


async def test_without_swtpm_there_are_no_emulated_tpms(programs: Path) -> None:
    support = await helpers(programs).support()
    assert support.tpm_versions is None
    assert not support.rdp


async def test_swtpm_tells_its_versions(programs: Path) -> None:
    for name in SWTPM:
        install(programs, name, '{"features": ["tpm-2.0", "cmdarg-keyfile-fd"]}')
    install(programs, "qemu-rdp")
    support = await helpers(programs).support()
    assert support.tpm_versions == frozenset({"2.0"})
    assert support.rdp


async def test_a_program_that_comes_later_is_noticed(programs: Path) -> None:
    asked = helpers(programs)
    assert (await asked.support()).tpm_versions is None
    for name in SWTPM:
        install(programs, name, '{"features": ["tpm-1.2"]}')
    assert (await asked.support()).tpm_versions == frozenset({"1.2"})


async def test_swtpm_that_cannot_tell_has_no_versions(programs: Path) -> None:
    for name in SWTPM:
        install(programs, name, "usage")
    assert (await helpers(programs).support()).tpm_versions == frozenset()
