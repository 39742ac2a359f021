# SPDX-License-Identifier: LGPL-2.1-or-later
"""Descriptions of XDR layouts. They are data; `decode` and `encode` make functions from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

STRING_MAX = 4 * 1024 * 1024


class Type:
    """A layout of bytes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Number(Type):
    """One number; `code` is its letter for the struct module.

    Types narrower than 32 bits still take four bytes. Their range is checked when written; when read, the
    upper bits are dropped, as the C implementations do.
    """

    name: str
    code: str
    narrow: tuple[int, int] | None = None

    @property
    def size(self) -> int:
        """How many bytes the number takes."""
        return 8 if self.code in "qQd" else 4


INT = Number("int", "i")
UINT = Number("unsigned int", "I")
HYPER = Number("hyper", "q")
UHYPER = Number("unsigned hyper", "Q")
SHORT = Number("short", "i", (-(2**15), 2**15 - 1))
USHORT = Number("unsigned short", "I", (0, 2**16 - 1))
CHAR = Number("char", "i", (-128, 127))
UCHAR = Number("unsigned char", "I", (0, 255))
FLOAT = Number("float", "f")
DOUBLE = Number("double", "d")
BOOL = Number("bool", "i", (0, 1))


@dataclass(frozen=True, slots=True)
class Void(Type):
    """Nothing; the value is None."""


@dataclass(frozen=True, slots=True)
class Text(Type):
    """A string. Bytes that are not UTF-8 are kept as surrogates; what follows a NUL is dropped, as in C."""

    limit: int = STRING_MAX


@dataclass(frozen=True, slots=True)
class Opaque(Type):
    """Up to `limit` bytes."""

    limit: int


@dataclass(frozen=True, slots=True)
class FixedOpaque(Type):
    """Exactly `count` bytes."""

    count: int


@dataclass(frozen=True, slots=True)
class Chars(Type):
    """Up to `limit` bytes as an array of `char`, so that each one takes four bytes."""

    limit: int


@dataclass(frozen=True, slots=True)
class FixedChars(Type):
    """Exactly `count` bytes as an array of `char`, so that each one takes four bytes."""

    count: int


@dataclass(frozen=True, slots=True)
class Optional(Type):
    """A flag, and a value if it is set; the absent value is None."""

    inner: Type


@dataclass(frozen=True, slots=True)
class Array(Type):
    """Up to `limit` values of one type, as a list."""

    inner: Type
    limit: int


@dataclass(frozen=True, slots=True)
class FixedArray(Type):
    """Exactly `count` values of one type, as a list."""

    inner: Type
    count: int


@dataclass(frozen=True, slots=True)
class Field:
    """A named place in a struct."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Struct(Type):
    """Fields one after the other.

    `make` is called with the values in order; without it the value is a tuple. `access` says how a value is taken
    apart again: by its items or by its attributes.
    """

    name: str
    fields: tuple[Field, ...]
    make: Callable[..., Any] | None = None
    access: Literal["items", "attributes"] = "items"


@dataclass(frozen=True, slots=True)
class Union(Type):
    """A tag and the arm that it selects. In a struct it gives two values: the tag and the arm's value.

    Where the arms are named by members of an enum, the tag is given as such a member.
    """

    tag: Number
    arms: Mapping[int, Type]
    names: tuple[str, str] = ("type", "value")

    def __hash__(self) -> int:
        """Arms are a mapping, so identity has to do."""
        return id(self)


@dataclass(frozen=True, slots=True)
class Converted(Type):
    """A layout whose values pass through functions; `dump` None means that a value is written as it is."""

    inner: Type
    load: Callable[[Any], Any]
    dump: Callable[[Any], Any] | None = None
