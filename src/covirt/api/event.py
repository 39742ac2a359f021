# SPDX-License-Identifier: LGPL-2.1-or-later
"""How an event is declared: a frozen dataclass with its numbers.

    @event(318, legacy=107, id=0)
    class Lifecycle(Event):
        \"\"\"A domain changed its state.\"\"\"

        dom: Domain
        event: DomainEventType
        detail: int

A driver publishes a value of the class, a client gets it from `async for`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, TypeVar, dataclass_transform, get_type_hints

from covirt.api.handles import Handle
from covirt.api.themes import DOMAIN, Theme


class Event:
    """What all events have in common."""

    __slots__ = ()
    declared: ClassVar[EventDeclaration]

    @property
    def subject(self) -> Handle | None:
        """The object that it happened to; none for the connection's own events."""
        name = type(self).declared.subject_name
        return getattr(self, name) if name else None


@dataclass(frozen=True)
class EventDeclaration:
    """The numbers of an event and how it is told to clients."""

    cls: type[Event]
    theme: Theme
    number: int
    legacy: int | None
    id: int | None
    symbol: str | None
    callback: bool

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.cls.__name__

    @property
    def doc(self) -> str:
        """What the event tells."""
        return (self.cls.__doc__ or "").strip()

    @cached_property
    def fields(self) -> tuple[tuple[str, Any], ...]:
        """Names and types of the fields, with their layout."""
        hints = get_type_hints(self.cls, include_extras=True)
        return tuple((field.name, hints[field.name]) for field in fields(self.cls))  # type: ignore[arg-type]

    @cached_property
    def subject_name(self) -> str | None:
        """The field that says what it happened to."""
        named = [name for name, kind in self.fields if isinstance(kind, type) and issubclass(kind, Handle)]
        return named[0] if named else None

    @property
    def subject(self) -> type[Handle] | None:
        """The kind of object that it happens to."""
        return dict(self.fields)[self.subject_name] if self.subject_name else None


E = TypeVar("E", bound=Event)


@dataclass_transform(frozen_default=True)
def event(
    number: int,
    *,
    id: int | None,
    symbol: str | None = None,
    legacy: int | None = None,
    theme: Theme = DOMAIN,
    callback: bool = True,
) -> Callable[[type[E]], type[E]]:
    """Declare an event; `legacy` is its number for old clients, `id` and `symbol` its place in the C interface."""

    def declare(cls: type[E]) -> type[E]:
        made = dataclass(frozen=True, slots=True)(cls)
        made.declared = EventDeclaration(made, theme, number, legacy, id, symbol, callback)
        return made

    return declare
