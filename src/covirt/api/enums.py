# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bases of all numbers and flags: each value also knows its name in the C interface."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, IntFlag
from typing import Any

_naming: dict[type, tuple[str, dict[str, str]]] = {}


class Number(IntEnum):
    """A named number; `prefix` and the member's name make the C name, `odd` has those for which they do not."""

    def __init_subclass__(cls, prefix: str = "", odd: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """Remember how the members are called in C."""
        super().__init_subclass__(**kwargs)
        _naming[cls] = (prefix, dict(odd or {}))

    @property
    def symbol(self) -> str:
        """The name in the C interface."""
        return _symbol(type(self), self.name)


class Flags(IntFlag):
    """Flags that may be given together; unknown bits are kept, and refused where the flags are used."""

    def __init_subclass__(cls, prefix: str = "", odd: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """Remember how the members are called in C."""
        super().__init_subclass__(**kwargs)
        _naming[cls] = (prefix, dict(odd or {}))

    @property
    def symbol(self) -> str:
        """The name in the C interface."""
        return _symbol(type(self), self.name or hex(self))


class NoFlags(Flags):
    """Flags of a call that has none so far."""


def _symbol(cls: Any, name: str) -> str:
    prefix, odd = _naming[cls]
    return odd.get(name) or prefix + name


def symbols(cls: type[Number] | type[Flags]) -> dict[str, int]:
    """All members by their C names, other names of equal values included."""
    return {_symbol(cls, name): int(member) for name, member in cls.__members__.items()}
