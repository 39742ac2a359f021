# SPDX-License-Identifier: LGPL-2.1-or-later
"""The keys of a keyboard in the numberings of kernels, keyboards and emulators."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

CODE_SETS = ("linux", "xt", "atset1", "atset2", "atset3", "os_x", "xt_kbd", "usb", "win32", "qnum")
"""The numberings by libvirt's names, in the order of its numbers; `xt` is a mistaken second name of `atset1`."""

NAMED_SETS = ("linux", "os_x", "win32")
"""The numberings in which keys have names too."""

HANJA_AND_HANGEUL = (0xF1, 0xF2)
"""Two keys whose scan code has the bit that otherwise says that a key is released."""

Key = dict[str, int | str]


def key_number(code_set: str, name: str) -> int | None:
    """The number of a key by its name; None when there is no such key."""
    if code_set not in NAMED_SETS:
        return None
    for key in _keys():
        if key.get(f"{code_set}_name") == name:
            return _number(key, code_set)
    return None


def translate(source: str, target: str, number: int) -> int | None:
    """The number of a key in another numbering; 0 when the key is not there, None when the key is unknown."""
    for key in _keys():
        if _number(key, source) == number:
            return _number(key, target)
    return None


def key_names(code_set: str) -> list[str]:
    """The names of all keys of a numbering, for completion."""
    return [str(key[f"{code_set}_name"]) for key in _keys() if f"{code_set}_name" in key]


@cache
def _keys() -> list[Key]:
    keys: list[Key] = json.loads(files("covirt").joinpath("keycodes.json").read_text(encoding="utf-8"))
    return keys


def _number(key: Key, code_set: str) -> int:
    """A number; where a key has none, the one of the key that is never pressed, mostly 0."""
    if code_set in ("xt_kbd", "qnum"):
        return _short_scan_code(_number(key, "atset1"), code_set)
    name = "atset1" if code_set == "xt" else code_set
    return int(key.get(name, _keys()[0].get(name, 0)))


def _short_scan_code(scan_code: int, code_set: str) -> int:
    """Scan codes with the prefix 0xe0 have a bit instead, which differs between kernel (`xt_kbd`) and QEMU (`qnum`)."""
    if scan_code in HANJA_AND_HANGEUL:
        return scan_code if code_set == "xt_kbd" else scan_code & 0x7F
    prefix = 0x100 if code_set == "xt_kbd" else 0x80
    return prefix | scan_code & 0x7F if scan_code > 0x7F else scan_code
