# SPDX-License-Identifier: LGPL-2.1-or-later
"""Objects with a name, a uuid and a definition, such as networks and storage pools, and the tables they are kept in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntFlag
from typing import Any, Generic, Protocol, TypeVar

from covirt.errors import Error, OperationFailed, OperationInvalid
from covirt.values import Uuid


class Named(Protocol):
    """A definition of such an object."""

    uuid: Uuid

    @property
    def known_name(self) -> str:
        """Its name, which a document that was read always has."""


D = TypeVar("D", bound=Named)


class Kept(Generic[D]):
    """One object: what it is now, what it will be next time, and whether it is up."""

    def __init__(self, definition: D, *, persistent: bool) -> None:
        """An object that is not up."""
        self.definition = definition
        self.next: D | None = None
        self.persistent = persistent
        self.active = False
        self.autostart = False

    @property
    def name(self) -> str:
        """Its name."""
        return self.definition.known_name

    @property
    def uuid(self) -> Uuid:
        """What stays the same."""
        return self.definition.uuid

    @property
    def persistent_definition(self) -> D:
        """What it will be next time."""
        return self.next or self.definition

    def stop(self) -> None:
        """It is not up any more, and is what it was defined to be next."""
        self.active = False
        if self.next is not None:
            self.definition, self.next = self.next, None


K = TypeVar("K", bound=Kept[Any])


class KeptTable(Generic[K]):
    """All objects of one kind, in the order in which they came."""

    def __init__(self, noun: str, missing: type[Error], *, long_noun: str | None = None) -> None:
        """Begin empty; the nouns are for messages, and `missing` is the error of objects that are not there."""
        self._noun, self._long_noun, self._missing = noun, long_noun or noun, missing
        self._objects: dict[Uuid, K] = {}

    def __iter__(self) -> Iterator[K]:
        return iter(tuple(self._objects.values()))

    def __len__(self) -> int:
        return len(self._objects)

    def by_name(self, name: str) -> K:
        """The object of that name."""
        found = self.find_name(name)
        if found is None:
            raise self._missing(f"no {self._long_noun} with matching name '{name}'")
        return found

    def find_name(self, name: str) -> K | None:
        """The object of that name, if there is one."""
        return next((kept for kept in self if kept.name == name), None)

    def by_uuid(self, uuid: Uuid, name: str | None = None) -> K:
        """The object of that uuid; the name is for the message."""
        found = self._objects.get(uuid)
        if found is None:
            known = f" ({name})" if name is not None else ""
            raise self._missing(f"no {self._long_noun} with matching uuid '{uuid}'{known}")
        return found

    def check(self, definition: Named, *, to_start: bool = False) -> K | None:
        """The object that a definition is for, None for a new one; refuses what would take another's place."""
        name = definition.known_name
        there = self._objects.get(definition.uuid)
        if there is None:
            other = self.find_name(name)
            if other is not None:
                raise OperationFailed(f"{self._noun} '{name}' already exists with uuid {other.uuid}")
            return None
        if there.name != name:
            raise OperationFailed(f"{self._noun} '{there.name}' is already defined with uuid {there.uuid}")
        if to_start and there.active:
            raise OperationInvalid(f"{self._noun} is already active as '{there.name}'")
        return there

    def add(self, kept: K) -> K:
        """A new object."""
        self._objects[kept.uuid] = kept
        return kept

    def remove(self, kept: K) -> None:
        """Forget an object."""
        self._objects.pop(kept.uuid, None)

    def remove_if_transient(self, kept: K) -> None:
        """Forget an object that is not up and has no definition of its own."""
        if not kept.active and not kept.persistent:
            self.remove(kept)


def matching(table: KeptTable[K], flags: IntFlag, groups: tuple[dict[IntFlag, Callable[[K], bool]], ...]) -> list[K]:
    """Those that a list with these flags asks for: groups narrow, flags of a group widen."""
    return [kept for kept in table if all(_matches(kept, flags, group) for group in groups)]


def _matches(kept: K, flags: IntFlag, group: dict[IntFlag, Callable[[K], bool]]) -> bool:
    asked = [test for flag, test in group.items() if flag & flags]
    return not asked or any(test(kept) for test in asked)
