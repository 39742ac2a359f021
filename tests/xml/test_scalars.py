# SPDX-License-Identifier: LGPL-2.1-or-later
"""Single values: what is read, refused and written."""

from __future__ import annotations

from typing import Any

import pytest

from covirt.errors import InvalidArg, Overflow
from covirt.xml.scalars import (
    BadValue,
    Hex,
    Int,
    NonNegativeInt,
    Number,
    Octal,
    OneOf,
    OnOff,
    OnOffDefault,
    Size,
    UInt,
    ULong,
    Yes,
    read_number,
)


def scalar(alias: Any) -> Any:
    """The marker inside an alias."""
    return alias.__metadata__[0]


@pytest.mark.parametrize(
    ("base", "text", "value"),
    [
        (10, "12", 12),
        (10, " +12", 12),
        (10, "-3", -3),
        (10, "0x1", None),
        (10, "1_000", None),
        (10, "\u0663", None),
        (10, "12 ", None),
        (10, "", None),
        (0, "0x1F", 31),
        (0, "010", 8),
        (0, "0", 0),
        (0, "08", None),
        (16, "1f", 31),
        (16, "0x1f", 31),
        (8, "755", 493),
    ],
)
def test_numbers_are_read_as_c_does(base: int, text: str, value: int | None) -> None:
    assert read_number(text, base) == value


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (scalar(UInt), "-1", "Expected non-negative integer value"),
        (scalar(UInt), "4294967296", "Expected non-negative integer value"),
        (scalar(ULong), "18446744073709551616", "Expected non-negative integer value"),
        (scalar(Int), "2147483648", "Expected integer value"),
        (scalar(NonNegativeInt), "-1", "Expected non-negative value"),
        (Number(nonzero=True), "0", "Zero is not permitted"),
        (OneOf(("a", "b")), "c", ""),
        (scalar(OnOff), "default", ""),
    ],
)
def test_refusals_say_what_was_expected(kind: Any, text: str, expected: str) -> None:
    with pytest.raises(BadValue) as caught:
        kind.read(text)
    assert str(caught.value) == expected


def test_forms() -> None:
    assert Hex(4).write(31) == "0x001f"
    assert Hex(4, upper=True).write(31) == "0x001F"
    assert Octal(4).write(493) == "0755"
    assert scalar(Yes).write(False) is None
    assert scalar(OnOffDefault).read("default") is None


@pytest.mark.parametrize(
    ("size", "text", "unit", "kept"),
    [
        (Size("KiB"), "1", None, 1),
        (Size("KiB"), "1", "MiB", 1024),
        (Size("KiB"), "1", "b", 1),
        (Size("bytes", default="MiB"), "2", None, 2 * 1024**2),
        (Size("bytes"), "1", "KB", 1000),
    ],
)
def test_sizes(size: Size, text: str, unit: str | None, kept: int) -> None:
    assert size.read_with(text, unit) == kept


def test_sizes_that_are_none() -> None:
    with pytest.raises(InvalidArg):
        Size("KiB").read_with("1", "XB")
    with pytest.raises(Overflow):
        Size("KiB").read_with("18446744073709551615", "E")
    with pytest.raises(BadValue):
        Size("KiB").read_with("-1", None)


def test_pretty_sizes() -> None:
    assert Size("B", pretty=True).write_with(3 * 1024**2) == ("3", "MiB")
    assert Size("B", pretty=True).write_with(1025) == ("1025", "B")
    assert Size("B", pretty=True).write_with(0) == ("0", "B")
