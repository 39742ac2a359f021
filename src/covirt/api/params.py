# SPDX-License-Identifier: LGPL-2.1-or-later
"""Typed parameters: names with values, each of one of seven types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple, Self

from covirt.api.enums import Number, name_members, symbol_of
from covirt.errors import ArgumentUnsupported, InvalidArg

Value = int | float | bool | str


class ParamType(Number, prefix="VIR_TYPED_PARAM_"):
    """The type of a parameter's value."""

    INT = 1
    UINT = 2
    LLONG = 3
    ULLONG = 4
    DOUBLE = 5
    BOOLEAN = 6
    STRING = 7


class TypedParam(NamedTuple):
    """One parameter."""

    name: str
    type: ParamType
    value: Value


class ParamName(StrEnum):
    """Base of the lists of parameter names; each name knows the type of its value."""

    type: ParamType

    def __init_subclass__(cls, prefix: str = "", odd: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """Remember how the members are called in C."""
        super().__init_subclass__(**kwargs)
        name_members(cls, prefix, odd)

    @property
    def symbol(self) -> str:
        """The name in the C interface."""
        return symbol_of(type(self), self.name)

    def __new__(cls, name: str, type: ParamType = ParamType.STRING) -> Self:
        """Make a member from name and type."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.type = type
        return member


class TypedParams(Mapping[str, Value]):
    """Parameters in order; used as a mapping, the last of equal names counts."""

    __slots__ = ("entries",)

    def __init__(self, entries: Iterable[TypedParam] = ()) -> None:
        """Take parameters as they are."""
        self.entries = list(entries)

    @classmethod
    def of(cls, values: Mapping[ParamName, Value | None]) -> Self:
        """Parameters from known names, which give the types; None leaves one out."""
        return cls(TypedParam(str(name), name.type, value) for name, value in values.items() if value is not None)

    @classmethod
    def guess(cls, values: Mapping[str, Value | list[str]], known: Iterable[type[ParamName]] = ()) -> Self:
        """Parameters from any names; unknown ones get the type that fits the value, a list repeats the name."""
        types = {str(name): name.type for names in known for name in names}
        return cls(
            TypedParam(name, types.get(name) or _fitting(item), item)
            for name, value in values.items()
            for item in (value if isinstance(value, list) else [value])
        )

    def add(self, name: str, type: ParamType, value: Value) -> None:
        """Append one."""
        self.entries.append(TypedParam(name, type, value))

    def add_int(self, name: str, value: int) -> None:
        """Append a signed 32-bit number."""
        self.add(name, ParamType.INT, value)

    def add_uint(self, name: str, value: int) -> None:
        """Append an unsigned 32-bit number."""
        self.add(name, ParamType.UINT, value)

    def add_llong(self, name: str, value: int) -> None:
        """Append a signed 64-bit number."""
        self.add(name, ParamType.LLONG, value)

    def add_ullong(self, name: str, value: int) -> None:
        """Append an unsigned 64-bit number."""
        self.add(name, ParamType.ULLONG, value)

    def add_double(self, name: str, value: float) -> None:
        """Append a fraction."""
        self.add(name, ParamType.DOUBLE, value)

    def add_bool(self, name: str, value: bool) -> None:
        """Append a truth."""
        self.add(name, ParamType.BOOLEAN, value)

    def add_string(self, name: str, value: str) -> None:
        """Append a text."""
        self.add(name, ParamType.STRING, value)

    def put(self, name: ParamName, value: Value | None) -> None:
        """Append one whose name gives the type; None appends nothing."""
        if value is not None:
            self.add(str(name), name.type, value)

    def all(self, name: str) -> list[Value]:
        """Every value of a name that may be repeated."""
        return [entry.value for entry in self.entries if entry.name == name]

    def check(self, names: Iterable[ParamName], *, repeated: Iterable[ParamName] = ()) -> None:
        """Refuse unknown names, wrong types, and names that come twice but must not."""
        types = {str(name): name.type for name in names}
        may_repeat = {str(name) for name in repeated}
        seen: set[str] = set()
        for entry in self.entries:
            if entry.name not in types:
                raise ArgumentUnsupported(f"parameter '{entry.name}' not supported")
            if entry.name in seen and entry.name not in may_repeat:
                raise InvalidArg(f"parameter '{entry.name}' occurs multiple times")
            if entry.type != types[entry.name]:
                given, wanted = entry.type.name.lower(), types[entry.name].name.lower()
                raise InvalidArg(f"invalid type '{given}' for parameter '{entry.name}', expected '{wanted}'")
            seen.add(entry.name)

    def __getitem__(self, name: str) -> Value:
        for entry in reversed(self.entries):
            if entry.name == name:
                return entry.value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(entry.name for entry in self.entries))

    def __len__(self) -> int:
        return len({entry.name for entry in self.entries})

    def __eq__(self, other: object) -> bool:
        return self.entries == other.entries if isinstance(other, TypedParams) else dict(self) == other

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"TypedParams({dict(self)!r})"


def _fitting(value: Value) -> ParamType:
    """The smallest type that holds a value."""
    match value:
        case bool():
            return ParamType.BOOLEAN
        case float():
            return ParamType.DOUBLE
        case str():
            return ParamType.STRING
        case _ if -(2**31) <= value < 2**31:
            return ParamType.INT
        case _ if value < 0:
            return ParamType.LLONG
        case _:
            return ParamType.ULLONG
