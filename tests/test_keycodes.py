# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

import pytest

from covirt.keycodes import CODE_SETS, key_names, key_number, translate


@pytest.mark.parametrize(
    ("code_set", "name", "number"),
    [("linux", "KEY_DELETE", 111), ("os_x", "Function", 0x3F), ("win32", "VK_UP", 38), ("linux", "KEY_WIBBLE", None)],
)
def test_key_is_found_by_name(code_set: str, name: str, number: int | None) -> None:
    assert key_number(code_set, name) == number


def test_numberings_without_names_find_nothing() -> None:
    assert key_number("usb", "KEY_A") is None


@pytest.mark.parametrize(
    ("target", "number"), [("linux", 111), ("atset1", 0xE053), ("xt", 0xE053), ("xt_kbd", 0x153), ("qnum", 0xD3)]
)
def test_key_is_translated(target: str, number: int) -> None:
    assert translate("linux", target, 111) == number


def test_unknown_key_is_not_translated() -> None:
    assert translate("linux", "qnum", 100000) is None


def test_every_numbering_knows_escape() -> None:
    assert all(translate("linux", code_set, 1) for code_set in CODE_SETS)


def test_names_are_listed_for_completion() -> None:
    assert "KEY_LEFTCTRL" in key_names("linux")
