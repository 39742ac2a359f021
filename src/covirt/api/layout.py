# SPDX-License-Identifier: LGPL-2.1-or-later
"""The few words in which a declaration says what its types alone do not tell about its historical form.

They are pure data, put beside a type with `Annotated`; whoever codes messages reads them. Where none stands, the type
says it all: `int` is a signed 32-bit number, `str` a text, `T | None` an optional, a list has a limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Annotated


class Width(Enum):
    """How a number is stored."""

    INT = auto()
    UINT = auto()
    LONG = auto()
    ULONG = auto()
    CHAR = auto()
    UCHAR = auto()
    SHORT = auto()
    USHORT = auto()


Int = Annotated[int, Width.INT]
UInt = Annotated[int, Width.UINT]
Long = Annotated[int, Width.LONG]
ULong = Annotated[int, Width.ULONG]
Char = Annotated[int, Width.CHAR]
UChar = Annotated[int, Width.UCHAR]
Short = Annotated[int, Width.SHORT]
UShort = Annotated[int, Width.USHORT]


@dataclass(frozen=True, slots=True)
class Max:
    """A list, text, byte string or set of parameters has at most this many items."""

    limit: int


@dataclass(frozen=True, slots=True)
class Chars:
    """A text stored as an array of characters, of just `limit` places if `fixed`."""

    limit: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class NilChars:
    """Bytes that may be absent, stored as a number that says so and an array of characters."""

    limit: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A resulting list that is followed by its length once more."""

    limit: int
    count: Width = Width.INT


@dataclass(frozen=True, slots=True)
class Listed:
    """A resulting list with its count, for which a hidden argument before `flags` tells whether items are wanted."""

    limit: int
    count: Width = Width.UINT
    need: Width = Width.INT


@dataclass(frozen=True, slots=True)
class Sized:
    """Resulting parameters with a hidden argument for their number, where 0 asks how many there are.

    The hidden argument stands before the parameter `before`; the number is told once more behind them.
    """

    limit: int
    count: Width = Width.INT
    ask: Width = Width.INT
    before: str = "flags"


@dataclass(frozen=True, slots=True)
class UpTo:
    """A resulting list with a hidden argument for the most items that are wanted; what is more is cut off.

    The hidden argument stands before the parameter `before`, or last when there is no parameter of that name.
    With `counted`, the length follows the list once more.
    """

    limit: int
    ask: Width = Width.INT
    before: str = "flags"
    counted: bool = False


@dataclass(frozen=True, slots=True)
class ModernOnly:
    """A field that messages of old clients do not have."""


@dataclass(frozen=True, slots=True)
class StringsToo:
    """Flags that carry one bit more: the caller understands strings among parameters, as everybody does today."""

    bit: int = 1 << 2
