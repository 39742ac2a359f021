# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bases of all numbers and flags: each value also knows its name in the C interface."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, IntEnum, IntFlag
from typing import Any

_naming: dict[type, tuple[str, dict[str, str]]] = {}


class Number(IntEnum):
    """A named number; `prefix` and the member's name make the C name, `odd` has those for which they do not."""

    def __init_subclass__(cls, prefix: str = "", odd: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """Remember how the members are called in C."""
        super().__init_subclass__(**kwargs)
        name_members(cls, prefix, odd)

    @property
    def symbol(self) -> str:
        """The name in the C interface."""
        return symbol_of(type(self), self.name)


class Flags(IntFlag):
    """Flags that may be given together; unknown bits are kept, and refused where the flags are used."""

    def __init_subclass__(cls, prefix: str = "", odd: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """Remember how the members are called in C."""
        super().__init_subclass__(**kwargs)
        name_members(cls, prefix, odd)

    @property
    def symbol(self) -> str:
        """The name in the C interface."""
        return symbol_of(type(self), self.name or hex(self))


def name_members(cls: type[Enum], prefix: str, odd: Mapping[str, str] | None) -> None:
    """Remember how the members of a class are called in C."""
    _naming[cls] = (prefix, dict(odd or {}))


def symbol_of(cls: type[Enum], name: str) -> str:
    """The C name of a member."""
    prefix, odd = _naming[cls]
    return odd.get(name) or prefix + name


def symbols(cls: type[Enum]) -> dict[str, Any]:
    """All values by their C names, other names of equal values included."""
    return {symbol_of(cls, name): member.value for name, member in cls.__members__.items()}


class NoFlags(Flags):
    """Flags of a call that has none so far."""

    NONE = 0
