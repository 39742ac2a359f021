# SPDX-License-Identifier: LGPL-2.1-or-later
"""How single values are spelled in XML: each scalar reads a word and writes it back.

A scalar stands in a declaration as a marker, ``Annotated[int, At("@slot"), Hex(2)]``, or inside an alias such as
`OnOff`. Without one, the type decides: ``str``; ``int`` (an unsigned 32-bit number); a ``StrEnum`` (value = word); any
class with a class method ``parse(text)`` and ``str()`` (``Uuid``, ``Mac``, ``CpuSet`` ...).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Protocol

from covirt.errors import Overflow
from covirt.values import UINT64_MAX, scale, unit_scale

INT32_MAX = 2**31 - 1
UINT32_MAX = 2**32 - 1
INT64_MAX = 2**63 - 1


class BadValue(ValueError):
    """A word that cannot be read; its text says what was expected, as libvirt appends it."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """Reads and writes one value; subclasses are markers in declarations."""

    def read(self, text: str) -> Any:
        """The value of a word; raises BadValue or an error of its own."""
        return text

    def write(self, value: Any) -> str | None:
        """The word of a value; None when it has none and is not written."""
        return str(value)

    @property
    def words(self) -> tuple[str, ...]:
        """All the words that there are, when they can be listed."""
        return ()


TEXT = Scalar()

# Numbers

_NUMBER: dict[int, re.Pattern[str]] = {
    0: re.compile(r"[ \t\n\v\f\r]*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))"),
    8: re.compile(r"[ \t\n\v\f\r]*([+-]?)(?:()([0-7]+)())"),
    10: re.compile(r"[ \t\n\v\f\r]*([+-]?)(?:()()([0-9]+))"),
    16: re.compile(r"[ \t\n\v\f\r]*([+-]?)(?:0[xX])?(?:([0-9a-fA-F]+)()())"),
}


def read_number(text: str, base: int = 10) -> int | None:
    """The number that C's strtol reads from the whole of a text; base 0 tells from the prefix 0x or 0."""
    if base == 10 and text.isascii() and text.isdigit():
        return int(text) if len(text) < 40 else 10**40
    found = _NUMBER[base].fullmatch(text)
    if not found or len(text) > 80:
        return None
    sign, sixteen, eight, ten = found.groups()
    value = int(sixteen, 16) if sixteen else int(eight, 8) if eight else int(ten)
    return -value if sign == "-" else value


@dataclass(frozen=True, slots=True)
class Number(Scalar):
    """A whole number between `low` and `high`, read in `base`, written by the template `form`."""

    low: int = 0
    high: int = UINT32_MAX
    base: int = 10
    form: str = "{}"
    nonzero: bool = False
    expected: str = ""
    """The kind of number a refusal names; without it, the kind that fits `low` and `high`."""

    def read(self, text: str) -> int:
        """The number; one of the wrong kind or out of range is refused."""
        value = read_number(text, self.base)
        if value is None or not self._fits(value):
            raise BadValue(f"Expected {self.expected or self._kind}")
        if value < self.low:
            raise BadValue("Expected non-negative value")
        if value == 0 and self.nonzero:
            raise BadValue("Zero is not permitted")
        return value

    def write(self, value: int) -> str:
        """The number in its form."""
        return self.form.format(value)

    def _fits(self, value: int) -> bool:
        return (-self.high - 1 if self._signed else self.low) <= value <= self.high

    @property
    def _signed(self) -> bool:
        return self.high in (INT32_MAX, INT64_MAX)

    @property
    def _kind(self) -> str:
        if not self._signed:
            return "non-negative integer value"
        return "integer value" if self.high == INT32_MAX else "long long integer value"


Int = Annotated[int, Number(low=-INT32_MAX - 1, high=INT32_MAX)]
"""A C int."""
NonNegativeInt = Annotated[int, Number(low=0, high=INT32_MAX)]
"""A C int that libvirt refuses when negative, in other words than an unsigned one."""
UInt = Annotated[int, Number()]
"""A C unsigned int, what `int` alone means too."""
Long = Annotated[int, Number(low=-INT64_MAX - 1, high=INT64_MAX)]
"""A C long long."""
ULong = Annotated[int, Number(high=UINT64_MAX)]
"""A C unsigned long long."""


def Hex(width: int = 1, *, upper: bool = False, base: int = 0, low: int = 0, high: int = UINT32_MAX) -> Number:
    """Written as 0x and at least `width` digits; read in any base by prefix, or bare with ``base=16``."""
    return Number(low=low, high=high, base=base, form=f"0x{{:0{width}{'X' if upper else 'x'}}}")


def Octal(width: int = 1, *, high: int = UINT32_MAX) -> Number:
    """Written in base 8 with at least `width` digits."""
    return Number(high=high, base=8, form=f"{{:0{width}o}}")


# Words


@dataclass(frozen=True, slots=True)
class Words(Scalar):
    """Truth as one of two words; with `tri`, the word "default" is understood and reads as absent."""

    true: str
    false: str | None
    tri: bool = False

    def read(self, text: str) -> bool | None:
        """The truth of a word."""
        if text == self.true:
            return True
        if text == self.false:
            return False
        if self.tri and text == "default":
            return None
        raise BadValue

    def write(self, value: bool) -> str | None:
        """The word of a truth; None when it has no word."""
        return self.true if value else self.false

    @property
    def words(self) -> tuple[str, ...]:
        """The words understood."""
        return tuple(word for word in (self.true, self.false, "default" if self.tri else None) if word)


YesNo = Annotated[bool, Words("yes", "no")]
OnOff = Annotated[bool, Words("on", "off")]
YesNoDefault = Annotated[bool, Words("yes", "no", tri=True)]
"""Accepts "default" and reads it as absent; write the type as ``YesNoDefault | None``."""
OnOffDefault = Annotated[bool, Words("on", "off", tri=True)]
Yes = Annotated[bool, Words("yes", None)]
"""`yes` or nothing: false is not written."""
OneZero = Annotated[bool, Words("1", "0")]


@dataclass(frozen=True, slots=True)
class Presence(Scalar):
    """Truth as an element that is there or not."""


Present = Annotated[bool, Presence()]
"""``<readonly/>``: true when the element is there."""


@dataclass(frozen=True, slots=True)
class Enumeration(Scalar):
    """A StrEnum by its values."""

    kind: type[StrEnum]

    def read(self, text: str) -> StrEnum:
        """The member that has this word."""
        member = self.kind._value2member_map_.get(text)
        if member is None:
            raise BadValue
        return member  # type: ignore[return-value]

    def write(self, value: StrEnum) -> str:
        """The word of a member."""
        return value.value

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all members."""
        return tuple(self.kind)


@dataclass(frozen=True, slots=True)
class OneOf(Scalar):
    """One of some words, kept as it is."""

    choices: tuple[str, ...]

    def read(self, text: str) -> str:
        """The word itself."""
        if text not in self.choices:
            raise BadValue
        return text

    @property
    def words(self) -> tuple[str, ...]:
        """The words understood."""
        return self.choices


class Parses(Protocol):
    """A class that reads itself from text and gives it back by str()."""

    @classmethod
    def parse(cls, text: str) -> Any:
        """The value of a text."""


@dataclass(frozen=True, slots=True)
class Own(Scalar):
    """A class that reads and writes itself; the word `expected` ends the message of a refusal."""

    kind: type[Parses]
    expected: str = ""

    def read(self, text: str) -> Any:
        """What the class makes of the text."""
        return self.kind.parse(text)


# Sizes with a unit


@dataclass(frozen=True, slots=True)
class Size(Scalar):
    """A size whose unit stands in an attribute beside it; kept and written in `unit`, rounded up when read.

    ``At("memory")`` has its unit in ``memory/@unit``, ``At("@size")`` in ``@unit``.
    """

    unit: str = "KiB"
    """The unit in which the value is kept and written: "bytes", "KiB", "MiB", "b" ... """
    default: str | None = None
    """The unit when none is given; without it `unit`."""
    attribute: str = "unit"
    """The attribute that names the unit; empty: there is none, sizes are always in `unit`."""
    written: str | None = None
    """The unit when writing, where it is a larger one than `unit`."""
    pretty: bool = False
    """Written in the largest unit that divides it."""
    high: int = UINT64_MAX
    """The largest number of bytes."""
    capped: bool = True
    """Must it stay below `high` even when it is rounded up?"""

    def read_with(self, text: str, unit: str | None) -> int:
        """The size of a number and the name of its unit."""
        value = read_number(text)
        if value is None or not 0 <= value <= UINT64_MAX:
            raise BadValue("Expected non-negative integer value")
        kept = unit_scale(self.unit, 1)
        size = scale(value, unit, default=unit_scale(self.default, kept), limit=self.high)
        if self.capped and kept > 1 and -(-size // kept) >= -(-self.high // kept):
            raise Overflow("size value too large")
        return -(-size // kept)

    def write_with(self, value: int) -> tuple[str, str]:
        """The number and the name of its unit."""
        if self.written:
            return str(value * unit_scale(self.unit, 1) // unit_scale(self.written, 1)), self.written
        if not self.pretty:
            return str(value), self.unit
        size, power = value * unit_scale(self.unit, 1), 0
        while size and size % 1024 == 0 and power < 5:
            size, power = size // 1024, power + 1
        return str(size), ("B", "KiB", "MiB", "GiB", "TiB", "PiB")[power]
