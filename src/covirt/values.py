# SPDX-License-Identifier: LGPL-2.1-or-later
"""Small values that everybody uses: uuids, card addresses, sizes with units, sets of CPUs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Self

from covirt.errors import InvalidArg, InvalidMac, Overflow

UINT64_MAX = 2**64 - 1
_SPACE = " \t\n\v\f\r"


class Uuid(bytes):
    """The 16 bytes that name an object for ever."""

    __slots__ = ()

    def __new__(cls, raw: bytes) -> Self:
        """Take the 16 raw bytes."""
        if len(raw) != 16:
            raise ValueError(f"a uuid has 16 bytes, not {len(raw)}")
        return super().__new__(cls, raw)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 32 hexadecimal digits, with dashes or blanks between any two pairs."""
        found = re.fullmatch(r"[- ]*((?:[0-9a-fA-F]{2}[- ]*){15}[0-9a-fA-F]{2})", text.strip(_SPACE))
        if not found:
            raise InvalidArg(f"malformed uuid '{text}'")
        return cls(bytes.fromhex(found[1].replace("-", "").replace(" ", "")))

    @classmethod
    def random(cls) -> Self:
        """A new random (version 4) uuid."""
        raw = bytearray(os.urandom(16))
        raw[6] = raw[6] & 0x0F | 0x40
        raw[8] = raw[8] & 0x3F | 0x80
        return cls(bytes(raw))

    def __str__(self) -> str:
        """The usual form in lower case: 8-4-4-4-12 digits."""
        digits = self.hex()
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def __repr__(self) -> str:
        """The usual form, marked as a uuid."""
        return f"Uuid({str(self)!r})"


class Mac(bytes):
    """The 6 bytes of a network card's address."""

    __slots__ = ()

    def __new__(cls, raw: bytes) -> Self:
        """Take the 6 raw bytes."""
        if len(raw) != 6:
            raise ValueError(f"a card address has 6 bytes, not {len(raw)}")
        return super().__new__(cls, raw)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read six numbers of one or two hexadecimal digits with colons between them."""
        found = re.match(r"((?:[0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2})(?:[\x00- ]|\Z)", text)
        if not found:
            raise InvalidMac(text)
        return cls(bytes(int(part, 16) for part in found[1].split(":")))

    @property
    def multicast(self) -> bool:
        """Does the address stand for a group of cards?"""
        return bool(self[0] & 1)

    def __str__(self) -> str:
        """The usual form in lower case."""
        return self.hex(":")

    def __repr__(self) -> str:
        """The usual form, marked as a card address."""
        return f"Mac({str(self)!r})"


# Sizes

_BYTE_UNITS = ("b", "byte", "bytes")
_POWERS = "kmgtpe"


def unit_scale(unit: str | None, default: int) -> int:
    """How many bytes a unit has: b, KiB or K (1024), KB (1000), up to E; no unit means `default`."""
    if not unit:
        return default
    low = unit.lower()
    if low in _BYTE_UNITS:
        return 1
    power = _POWERS.find(low[0]) + 1
    if power and low[1:] in ("", "ib"):
        return int(1024**power)
    if power and low[1:] == "b":
        return int(1000**power)
    raise InvalidArg(f"unknown suffix '{unit}'")


def scale(value: int, unit: str | None, *, default: int = 1, limit: int = UINT64_MAX) -> int:
    """A size in bytes from a number and its unit; more than `limit` bytes are refused."""
    factor = unit_scale(unit, default)
    if value and value > limit // factor:
        raise Overflow(f"value too large: {value}{unit or ''}")
    return value * factor


# Sets of CPUs, NUMA nodes and the like

_ITEM = re.compile(r"(\^)?(\d+)[ \t\n\v\f\r]*(?:-[ \t\n\v\f\r]*\+?(\d+)[ \t\n\v\f\r]*)?(?:,[ \t\n\v\f\r]*|\Z)")
CPU_LIMIT = 1024


class CpuSet(frozenset[int]):
    """A set of small numbers, written like `0-3,^2,8`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *, limit: int = CPU_LIMIT, empty: bool = False) -> Self:
        """Read numbers, ranges and `^` exclusions from left to right; each must be less than `limit`."""
        bad = InvalidArg(f"Failed to parse bitmap '{text}'")
        rest = text.lstrip(_SPACE)
        if not rest and not empty:
            raise bad
        found: set[int] = set()
        at = 0
        while at < len(rest):
            item = _ITEM.match(rest, at)
            if not item:
                raise bad
            first, last = int(item[2]), int(item[3] or item[2])
            if last < first or last >= limit or (item[1] and item[3]):
                raise bad
            if item[1]:
                found.discard(first)
            else:
                found.update(range(first, last + 1))
            at = item.end()
        return cls(found)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read a bit map, lowest bit of the first byte first."""
        return cls(8 * at + bit for at, byte in enumerate(raw) if byte for bit in range(8) if byte >> bit & 1)

    def to_bytes(self, length: int | None = None) -> bytes:
        """The bit map, of `length` bytes or as many as are needed; what does not fit is left out."""
        needed = max(self) // 8 + 1 if self else 0
        raw = bytearray(needed if length is None else length)
        for number in self:
            if number // 8 < len(raw):
                raw[number // 8] |= 1 << number % 8
        return bytes(raw)

    def __str__(self) -> str:
        """The shortest form with ranges, without blanks."""
        return format_ranges(self)

    def __repr__(self) -> str:
        """The short form, marked as a set."""
        return f"CpuSet({str(self)!r})"


def format_ranges(numbers: Iterable[int]) -> str:
    """Numbers in order, neighbours joined: `0-3,8`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] + 1 == number:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)
