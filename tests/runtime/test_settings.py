# SPDX-License-Identifier: LGPL-2.1-or-later
"""Declared settings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest

from covirt.errors import InternalError
from covirt.runtime.conf import Conf
from covirt.runtime.settings import Setting, Settings


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Sample(Settings):
    """Settings of a sample."""

    listen: Annotated[str, Setting("Where it listens.", group="Network")] = "127.0.0.1"
    port: Annotated[int, Setting("The port.", group="Network", low=1, high=65535)] = 5900
    tls: Annotated[bool, Setting("Whether it is encrypted.", group="Network")] = False
    color: Annotated[Color, Setting("What it looks like.", group="Looks")] = Color.RED
    users: Annotated[tuple[str, ...], Setting("Who may come in.", group="Access")] = ()
    group: Annotated[str | None, Setting("The group of the socket.", group="Access", example="libvirt")] = None


def test_defaults_without_a_file(tmp_path: Path) -> None:
    assert Sample.load(tmp_path / "none.conf") == Sample()


def test_file_sets_values(tmp_path: Path) -> None:
    path = tmp_path / "sample.conf"
    path.write_text("listen = '::'\nport = 1\ntls = 1\ncolor = 'blue'\nusers = [ 'a', 'b' ]\ngroup = 'g'\n")
    assert Sample.load(path) == Sample(listen="::", port=1, tls=True, color=Color.BLUE, users=("a", "b"), group="g")


@pytest.mark.parametrize("text", ["port = 0", "port = 65536", "port = 'x'", "tls = 2", "color = 'green'", "listen = 1"])
def test_bad_values_are_refused(text: str) -> None:
    with pytest.raises(InternalError, match=r"sample\.conf: "):
        Sample.from_conf(Conf.parse(text, "sample.conf"))


def test_default_file_is_commented_and_says_the_defaults() -> None:
    text = Sample.default_file()
    assert Conf.parse(text).names() == []
    live = "".join(line[1:] + "\n" for line in text.splitlines() if line.startswith("#") and " = " in line)
    conf = Conf.parse(live)
    assert conf.names() == ["listen", "port", "tls", "color", "users", "group"]
    conf.entries = [entry for entry in conf.entries if entry.name != "group"]
    assert Sample.from_conf(conf) == Sample()
    assert "\n# The port.\n#\n#port = 5900\n" in text


def test_undocumented_setting_is_a_mistake() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Bare(Settings):
        x: int = 1

    with pytest.raises(TypeError):
        Bare.documented()
