# SPDX-License-Identifier: LGPL-2.1-or-later
"""From annotations to XDR types: one rule for each form of type, and the markers of `api.layout`."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import IntEnum, IntFlag
from functools import cache, partial
from operator import attrgetter
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from covirt.api.layout import Chars, Counted, Listed, Max, NilChars, Sized, StringsToo, UpTo, Width
from covirt.api.params import ParamType, TypedParam, TypedParams
from covirt.values import Uuid
from covirt.wire.xdr import types as t

WIDTHS = {
    Width.INT: t.INT,
    Width.UINT: t.UINT,
    Width.LONG: t.HYPER,
    Width.ULONG: t.UHYPER,
    Width.CHAR: t.CHAR,
    Width.UCHAR: t.UCHAR,
    Width.SHORT: t.SHORT,
    Width.USHORT: t.USHORT,
}

_VALUES: dict[int, t.Type] = {
    ParamType.INT: t.INT,
    ParamType.UINT: t.UINT,
    ParamType.LLONG: t.HYPER,
    ParamType.ULLONG: t.UHYPER,
    ParamType.DOUBLE: t.DOUBLE,
    ParamType.BOOLEAN: t.BOOL,
    ParamType.STRING: t.Text(),
}
PARAM = t.Struct(
    "typed_param",
    (t.Field("name", t.Text()), t.Field("value", t.Union(t.INT, _VALUES))),
    make=TypedParam,
)
Many = Max | Counted | Listed | Sized | UpTo
"""The markers that give the limit of a list."""


def layout_of(annotation: Any) -> t.Type:
    """The layout of a value of this type."""
    return _layout_of(annotation)


@cache
def _layout_of(annotation: Any) -> t.Type:
    plain, markers = unwrap(annotation)
    if plain is None or plain is types.NoneType:
        return t.Void()
    if any(isinstance(marker, NilChars) for marker in markers):
        return _nil_chars(_marker(markers, NilChars))
    origin = get_origin(plain)
    if origin in (Union, types.UnionType):
        (inner,) = (kind for kind in get_args(plain) if kind is not types.NoneType)
        return t.Optional(layout_of(_wrap(inner, markers)))
    if origin is list:
        return t.Array(layout_of(get_args(plain)[0]), limit_of(markers))
    if origin is tuple:
        parts = tuple(t.Field(f"item{at}", layout_of(kind)) for at, kind in enumerate(get_args(plain)))
        return t.Struct("tuple", parts)
    return _class_layout(plain, markers)


def unwrap(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type itself and the markers put beside it."""
    if get_origin(annotation) is Annotated:
        plain, *markers = get_args(annotation)
        return plain, tuple(markers)
    return annotation, ()


def _wrap(plain: Any, markers: tuple[Any, ...]) -> Any:
    inner, more = unwrap(plain)
    return Annotated[(inner, *more, *markers)] if more or markers else inner


def limit_of(markers: tuple[Any, ...]) -> int:
    """The limit of a list."""
    for marker in markers:
        if isinstance(marker, Many):
            return marker.limit
    raise TypeError("a list without a limit")


def _marker(markers: tuple[Any, ...], kind: type[Any]) -> Any:
    found = [marker for marker in markers if isinstance(marker, kind)]
    return found[0] if found else None


def _class_layout(cls: type[Any], markers: tuple[Any, ...]) -> t.Type:
    width = _marker(markers, Width)
    if issubclass(cls, bool):
        return t.BOOL
    if issubclass(cls, IntFlag):
        return _flags(cls, WIDTHS[width or Width.UINT], _marker(markers, StringsToo))
    if issubclass(cls, IntEnum):
        return t.Converted(WIDTHS[width or Width.INT], number_loader(cls))
    if cls is int:
        return WIDTHS[width or Width.INT]
    if cls is float:
        return t.DOUBLE
    if issubclass(cls, Uuid):
        return t.Converted(t.FixedOpaque(16), partial(bytes.__new__, cls))
    if cls is str:
        return _text(markers)
    if cls is bytes:
        return t.Opaque(limit_of(markers))
    if cls is TypedParams:
        return t.Converted(t.Array(PARAM, limit_of(markers)), TypedParams, attrgetter("entries"))
    return _struct(cls)


def _struct(cls: type[Any]) -> t.Struct:
    """The fields of a class in order; classes nest without a frame."""
    hints = get_type_hints(cls, include_extras=True)
    if is_dataclass(cls):
        names = [field.name for field in fields(cls)]
        places = tuple(t.Field(name, layout_of(hints[name])) for name in names)
        return t.Struct(cls.__name__, places, make=cls, access="attributes")
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return t.Struct(cls.__name__, tuple(t.Field(name, layout_of(hints[name])) for name in cls._fields), make=cls)
    raise TypeError(f"{cls!r} has no layout")


# Characters


def _text(markers: tuple[Any, ...]) -> t.Type:
    chars: Chars | None = _marker(markers, Chars)
    if chars is None:
        limit: Max | None = _marker(markers, Max)
        return t.Text(limit.limit) if limit else t.Text()
    if chars.fixed:
        return t.Converted(t.FixedChars(chars.limit), _from_chars, partial(_to_fixed, chars.limit))
    return t.Converted(t.Chars(chars.limit), _from_chars, _to_chars)


def _from_chars(data: bytes) -> str:
    """The text up to the NUL that ends it."""
    return data.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def _to_chars(text: str) -> bytes:
    """The text with the NUL that libvirt's clients rely on."""
    return text.encode("utf-8", "surrogateescape") + b"\0"


def _to_fixed(size: int, text: str) -> bytes:
    """The text in all the places there are, cut so that a NUL remains."""
    return text.encode("utf-8", "surrogateescape")[: size - 1].ljust(size, b"\0")


def _nil_chars(marker: NilChars) -> t.Type:
    layout = t.Struct("nil_chars", (t.Field("nil", t.INT), t.Field("data", t.Chars(marker.limit))))
    return t.Converted(
        layout,
        lambda pair: None if pair[0] else pair[1],
        lambda data: (1, b"") if data is None else (0, data),
    )


# Numbers with names


def number_loader(cls: type[IntEnum]) -> Callable[[int], int]:
    """Numbers become members; an unknown number stays a number."""
    members = {int(member): member for member in cls}
    return lambda number: members.get(number, number)


def _flags(cls: type[IntFlag], number: t.Number, strings: StringsToo | None) -> t.Type:
    load = flags_loader(cls)
    if strings is None:
        return t.Converted(number, load)
    bit = strings.bit
    return t.Converted(number, lambda value: load(value & ~bit), lambda flags: flags | bit)


_FLAG_SETS_KEPT = 1024


def flags_loader(cls: type[IntFlag]) -> Callable[[int], int]:
    """Bits become flags; with bits that nobody knows they stay a number, which whoever checks flags refuses.

    The class itself remembers every set it was ever asked for, so a peer may not choose freely what is asked.
    """
    known = 0
    for member in cls.__members__.values():
        known |= int(member)
    sets: dict[int, int] = {0: cls(0)}

    def load(number: int) -> int:
        found = sets.get(number)
        if found is not None:
            return found
        if number & ~known or len(sets) > _FLAG_SETS_KEPT:
            return number
        sets[number] = made = cls(number)
        return made

    return load
