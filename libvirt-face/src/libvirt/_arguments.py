# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a caller may give for each type that declarations have, and how it is refused."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from operator import index
from types import ModuleType
from typing import Annotated, Any, Union, get_args, get_origin

from covirt.api.call import Parameter
from covirt.api.enums import Flags, Number
from covirt.api.handles import Handle
from covirt.api.layout import Width
from covirt.api.params import ParamName, ParamType, TypedParam, TypedParams
from covirt.values import Uuid

Take = Callable[[Any], Any]

_SIGNED = {Width.INT: 32, Width.LONG: 64, Width.CHAR: 8, Width.SHORT: 16}
_UNSIGNED = {Width.UINT: 32, Width.ULONG: 64, Width.UCHAR: 8, Width.USHORT: 16}


class Unusable(Exception):
    """The C interface would not even make the call."""


class Missing(Exception):
    """None was given where there must be something."""


def taker(parameter: Parameter, theme: ModuleType) -> Take:
    """What makes a parameter's value of what a caller gives."""
    return _taker(parameter.annotation, parameter.name, theme)


def _taker(annotation: Any, name: str, theme: ModuleType) -> Take:
    marks: tuple[Any, ...] = ()
    if get_origin(annotation) is Annotated:
        annotation, *rest = get_args(annotation)
        marks = tuple(rest)
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        inner = next(part for part in get_args(annotation) if part is not type(None))
        take = _taker(inner, name, theme)
        return lambda value: None if value is None else take(value)
    if origin is list:
        item = _taker(get_args(annotation)[0], name, theme)
        return lambda value: [] if value is None else [item(one) for one in _sequence(value)]
    if annotation is str:
        first, *rest = name.split("_")
        spelled = first + "".join(word.capitalize() for word in rest)
        return lambda value: _text(value, spelled)
    return _scalar(annotation, marks, theme)


def _scalar(kind: type[Any], marks: tuple[Any, ...], theme: ModuleType) -> Take:
    width = next((mark for mark in marks if isinstance(mark, Width)), None)
    if kind is bool:
        return lambda value: bool(_signed(value, 32))
    if issubclass(kind, Flags):
        bits = _UNSIGNED.get(width or Width.UINT, 32)
        return lambda value: kind(index(value) & ((1 << bits) - 1))
    if issubclass(kind, Number):
        return lambda value: _member(kind, _signed(value, 32))
    if issubclass(kind, int):
        return _integer(width or Width.INT)
    if issubclass(kind, Handle):
        return lambda value: value._o.handle
    simple: dict[type[Any], Take] = {bytes: bytes, Uuid: _uuid, float: float}
    if kind is TypedParams:
        return lambda value: typed_params(value, theme)
    return simple[kind]


def _integer(width: Width) -> Take:
    signed = _SIGNED.get(width)
    if signed is not None:
        return lambda value: _signed(value, signed)
    mask = (1 << _UNSIGNED[width]) - 1
    return lambda value: index(value) & mask


def _signed(value: Any, bits: int) -> int:
    number = index(value)
    if not -(1 << bits - 1) <= number < 1 << bits - 1:
        raise OverflowError("signed integer is out of range")
    return number


def _member(kind: type[Number], number: int) -> int:
    return kind(number) if number in kind._value2member_map_ else number


def _text(value: Any, name: str) -> str:
    if value is None:
        raise Missing(name)
    if not isinstance(value, str):
        raise TypeError(f"argument must be str, not {type(value).__name__}")
    if "\0" in value:
        raise ValueError("embedded null character")
    return value


def _uuid(value: Any) -> Uuid:
    octets = value.encode() if isinstance(value, str) else b"" if value is None else bytes(memoryview(value))
    if len(octets) != 16:
        raise Unusable
    return Uuid(octets)


def _sequence(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"a list is required, not {type(value).__name__}")
    return list(value)


# Parameters


def typed_params(value: Mapping[str, Any] | None, theme: ModuleType) -> TypedParams:
    """Parameters whose types the theme declares; other names get the type that fits the value."""
    known = {
        str(name): name.type
        for names in vars(theme).values()
        if isinstance(names, type) and issubclass(names, ParamName)
        for name in names
    }
    return TypedParams(
        TypedParam(name, known.get(name) or _fitting(name, item), item)
        for name, given in (value or {}).items()
        for item in (given if isinstance(given, list | tuple) else [given])
    )


def typed_like(value: Mapping[str, Any], present: TypedParams) -> TypedParams:
    """Parameters whose types are those that the other side has now."""
    if not value:
        raise LookupError("Dictionary must not be empty")
    if not present.entries:
        raise LookupError("Domain has no settable attributes")
    types_ = {entry.name: entry.type for entry in present.entries}
    for name in value:
        if name not in types_:
            raise LookupError(f'Attribute name "{name}" could not be recognized')
    return TypedParams(TypedParam(name, types_[name], _as(types_[name], item)) for name, item in value.items())


def _as(kind: ParamType, value: Any) -> int | float | bool | str:
    if kind == ParamType.STRING:
        return _text(value, "value")
    if kind == ParamType.DOUBLE:
        return float(value)
    return bool(value) if kind == ParamType.BOOLEAN else index(value)


def _fitting(name: str, value: Any) -> ParamType:
    match value:
        case str():
            return ParamType.STRING
        case bool():
            return ParamType.BOOLEAN
        case int():
            return ParamType.LLONG if value < 0 else ParamType.ULLONG
        case float():
            return ParamType.DOUBLE
        case _:
            raise TypeError(f'Unknown type of "{name}" field')
