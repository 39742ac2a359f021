# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of a driver's guests: found by name, uuid or number, and the rules by which they come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

from covirt.api.domain.lookup import ConnectListAllDomainsFlags as List
from covirt.api.domain.states import DomainState
from covirt.api.handles import Domain
from covirt.drivers.common.guest import Guest
from covirt.errors import NoSuchDomain, OperationFailed, OperationInvalid, XmlError
from covirt.model.domain.definition import DomainDefinition
from covirt.values import Uuid

G = TypeVar("G", bound=Guest)


class Guests(Generic[G]):
    """All guests of one driver, by uuid and by name."""

    def __init__(self, make: Callable[[DomainDefinition], G]) -> None:
        """Begin without guests; `make` gives a new one for a definition."""
        self._make = make
        self._by_uuid: dict[Uuid, G] = {}
        self._by_name: dict[str, G] = {}
        self._last_id = 0

    def __iter__(self) -> Iterator[G]:
        return iter(tuple(self._by_uuid.values()))

    def __len__(self) -> int:
        return len(self._by_uuid)

    # Finding

    def find(self, handle: Domain) -> G:
        """The guest behind a handle; its name may be an old one."""
        guest = self._by_uuid.get(handle.uuid)
        if guest is None:
            raise NoSuchDomain(f"no domain with matching uuid '{handle.uuid}' ({handle.name})")
        return guest

    def by_uuid(self, uuid: Uuid) -> G:
        """The guest of that uuid."""
        guest = self._by_uuid.get(uuid)
        if guest is None:
            raise NoSuchDomain(f"no domain with matching uuid '{uuid}'")
        return guest

    def by_name(self, name: str) -> G:
        """The guest of that name."""
        guest = self._by_name.get(name)
        if guest is None:
            raise NoSuchDomain(f"no domain with matching name '{name}'")
        return guest

    def by_id(self, number: int) -> G:
        """The running guest of that number."""
        guest = next((guest for guest in self if guest.active and guest.id == number), None)
        if guest is None:
            raise NoSuchDomain(f"no domain with matching id '{number}'")
        return guest

    def matching(self, flags: List) -> list[G]:
        """Those that the flags of a list ask for."""
        return [guest for guest in self if matches(guest, flags)]

    @property
    def active(self) -> list[G]:
        """Those that run."""
        return [guest for guest in self if guest.active]

    # Coming and going

    def check(self, definition: DomainDefinition, *, to_start: bool = False) -> G | None:
        """The guest that a definition is for, None for a new one; refuses what would take another's place."""
        assert definition.uuid is not None
        guest = self._by_uuid.get(definition.uuid)
        if guest is None:
            other = self._by_name.get(definition.name)
            if other is not None:
                raise OperationFailed(f"domain '{definition.name}' already exists with uuid {other.uuid}")
            return None
        if guest.name != definition.name:
            raise OperationFailed(f"domain '{guest.name}' is already defined with uuid {guest.uuid}")
        if to_start and guest.active:
            raise OperationInvalid(f"domain '{guest.name}' is already active")
        if to_start and not guest.persistent:
            raise OperationInvalid(f"domain '{guest.name}' is already being started")
        return guest

    def add(self, definition: DomainDefinition) -> G:
        """A new guest of that definition."""
        guest = self._make(definition)
        self._by_uuid[guest.uuid] = guest
        self._by_name[guest.name] = guest
        return guest

    def add_to_start(self, definition: DomainDefinition) -> G:
        """The guest that is to be started with that definition, whatever its persistent one says."""
        guest = self.check(definition, to_start=True)
        if guest is None:
            return self.add(definition)
        guest.next, guest.definition = guest.definition, definition
        return guest

    def remove(self, guest: G) -> None:
        """Forget a guest; those who wait for it are told."""
        guest.removed = True
        self._by_uuid.pop(guest.uuid, None)
        self._by_name.pop(guest.name, None)

    def check_new_name(self, guest: G, name: str) -> None:
        """Refuse a name that the guest cannot have."""
        if name == guest.name:
            raise OperationInvalid("Can't rename domain to itself")
        if name in self._by_name:
            raise OperationInvalid(f"domain with name '{name}' already exists")
        if "/" in name:
            raise XmlError(f"name {name} cannot contain '/'")

    def rename(self, guest: G, name: str) -> None:
        """Give a guest another name, which was checked."""
        del self._by_name[guest.name]
        guest.definition.name = name
        guest.jobs.owner = f"domain '{name}'"
        self._by_name[name] = guest

    # Numbers

    def new_id(self) -> int:
        """The number of the next run; none is used twice while we live."""
        self._last_id += 1
        return self._last_id

    def used_id(self, number: int) -> None:
        """A guest that was found running has this number."""
        self._last_id = max(self._last_id, number)


# What the flags of a list ask for: groups narrow, flags of a group widen

_GROUPS: tuple[dict[List, Callable[[Guest], bool]], ...] = (
    {List.ACTIVE: lambda guest: guest.active, List.INACTIVE: lambda guest: not guest.active},
    {List.PERSISTENT: lambda guest: guest.persistent, List.TRANSIENT: lambda guest: not guest.persistent},
    {
        List.RUNNING: lambda guest: guest.state is DomainState.RUNNING,
        List.PAUSED: lambda guest: guest.state is DomainState.PAUSED,
        List.SHUTOFF: lambda guest: guest.state is DomainState.SHUTOFF,
        List.OTHER: lambda guest: guest.state not in (DomainState.RUNNING, DomainState.PAUSED, DomainState.SHUTOFF),
    },
    {List.MANAGEDSAVE: lambda guest: guest.managed_save, List.NO_MANAGEDSAVE: lambda guest: not guest.managed_save},
    {List.AUTOSTART: lambda guest: guest.autostart, List.NO_AUTOSTART: lambda guest: not guest.autostart},
    {
        List.HAS_SNAPSHOT: lambda guest: guest.snapshot_count > 0,
        List.NO_SNAPSHOT: lambda guest: guest.snapshot_count == 0,
    },
    {
        List.HAS_CHECKPOINT: lambda guest: guest.checkpoint_count > 0,
        List.NO_CHECKPOINT: lambda guest: guest.checkpoint_count == 0,
    },
)


def matches(guest: Guest, flags: List) -> bool:
    """Whether a list with these flags holds the guest."""
    return all(any(test(guest) for test in asked) for asked in _asked(int(flags)))


@lru_cache(maxsize=256)
def _asked(flags: int) -> tuple[tuple[Callable[[Guest], bool], ...], ...]:
    """The tests of each group that the flags name; found once, for a list may have many guests."""
    groups = (tuple(test for flag, test in group.items() if int(flag) & flags) for group in _GROUPS)
    return tuple(group for group in groups if group)
