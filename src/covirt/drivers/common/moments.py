# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tree of a guest's snapshots, or of its checkpoints: each was made after another, and one is current."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from covirt.errors import Error, InvalidArg, OperationFailed


class Moment(Protocol):
    """A snapshot or checkpoint."""

    parent: str | None

    @property
    def known_name(self) -> str:
        """Its name."""


M = TypeVar("M", bound=Moment)


class Moments(Generic[M]):
    """All of a guest; a parent that is not there any more counts as none."""

    def __init__(self, noun: str, missing: type[Error]) -> None:
        """Begin without any; `missing` is the error of one that is not there."""
        self.noun, self.missing = noun, missing
        self.current: M | None = None
        self._moments: dict[str, M] = {}

    def __iter__(self) -> Iterator[M]:
        return iter(tuple(self._moments.values()))

    def __len__(self) -> int:
        return len(self._moments)

    # Finding

    def find(self, name: str) -> M | None:
        """The one of that name, if there is one."""
        return self._moments.get(name)

    def get(self, name: str) -> M:
        """The one of that name."""
        found = self.find(name)
        if found is None:
            raise self.missing(f"no domain {self.noun} with matching name '{name}'")
        return found

    def require_current(self) -> M:
        """The one that the guest stands on."""
        if self.current is None:
            raise self.missing(f"the domain does not have a current {self.noun}")
        return self.current

    def parent_name(self, moment: M) -> str:
        """The name of the one before it."""
        if moment.parent is None:
            raise self.missing(f"{self.noun} '{moment.known_name}' does not have a parent")
        return moment.parent

    def children(self, moment: M | None) -> list[M]:
        """Those made directly after it, or those without one before them."""
        if moment is not None:
            return [one for one in self if one.parent == moment.known_name]
        return [one for one in self if one.parent is None or one.parent not in self._moments]

    def descendants(self, moment: M | None) -> list[M]:
        """All made after it, each behind the one it was made after."""
        found: list[M] = []
        for child in self.children(moment):
            found += [child, *self.descendants(child)]
        return found

    # Coming and going

    def add(self, moment: M) -> M:
        """A new one."""
        if moment.known_name in self._moments:
            raise OperationFailed(f"domain moment {moment.known_name} already exists")
        self._moments[moment.known_name] = moment
        return moment

    def replace(self, moment: M) -> M:
        """One of that name in place of the old one, which stays current if it was."""
        before = self.find(moment.known_name)
        if before is not None and self.current is before:
            self.current = moment
        self._moments[moment.known_name] = moment
        return moment

    def remove(self, moment: M) -> None:
        """Forget one."""
        del self._moments[moment.known_name]

    def check_parent(self, moment: M) -> None:
        """Refuse a parent that is not there, or comes after it."""
        name = moment.known_name
        if moment.parent is None:
            return
        if moment.parent == name:
            raise InvalidArg(f"cannot set moment {name} as its own parent")
        other = self.find(moment.parent)
        if other is None:
            raise InvalidArg(f"parent {moment.parent} for moment {name} not found")
        while other is not None and other.parent is not None:
            if other.parent == name:
                raise InvalidArg(f"parent {other.known_name} would create cycle to {name}")
            other = self.find(other.parent)

    def delete(self, moment: M, *, children: bool, itself: bool) -> None:
        """Forget one and those after it, only those after it, or it alone: these then come after the one before it."""
        if children or not itself:
            for other in self.descendants(moment):
                if self.current is other:
                    self.current = moment
                self.remove(other)
        else:
            for child in self.children(moment):
                child.parent = moment.parent
        if itself:
            if self.current is moment:
                self.current = self.find(moment.parent) if moment.parent is not None else None
            self.remove(moment)
