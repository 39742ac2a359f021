# SPDX-License-Identifier: LGPL-2.1-or-later
"""The driver of test: URIs."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any, Self

from covirt.api.handles import (
    DomainCheckpoint,
    DomainSnapshot,
    Handle,
    Interface,
    Network,
    NodeDevice,
    StoragePool,
    StorageVol,
)
from covirt.api.themes import Family
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.drivers.common.guests import Guests
from covirt.drivers.common.keeper import Keeper
from covirt.drivers.common.kept import KeptTable
from covirt.drivers.driver import Surroundings
from covirt.drivers.test.adapters import find_device
from covirt.drivers.test.calls import CALLS
from covirt.drivers.test.default import DEFAULT_NODE
from covirt.drivers.test.guest import PretendedGuest
from covirt.drivers.test.host import DEFAULT_CELLS, PretendedHost
from covirt.drivers.test.node import NodeFile
from covirt.drivers.test.objects import (
    MomentPlace,
    PretendedDevice,
    PretendedInterface,
    PretendedNetwork,
    PretendedPool,
    VolumePlace,
)
from covirt.drivers.test.reading import name_interfaces, read_definition
from covirt.errors import ErrorDomain, InvalidArg, NoSuchDomain, NoSuchInterface, NoSuchNetwork, NoSuchStoragePool
from covirt.model.domain.definition import DomainDefinition
from covirt.uri import Uri
from covirt.values import Uuid

DEFAULT_PATH = "/default"


class PretendedGuests(Guests[PretendedGuest]):
    """The table of guests; of one that is not there libvirt's test driver only says so."""

    def by_uuid(self, uuid: Uuid) -> PretendedGuest:
        """The guest of that uuid."""
        try:
            return super().by_uuid(uuid)
        except NoSuchDomain:
            raise NoSuchDomain() from None

    def by_name(self, name: str) -> PretendedGuest:
        """The guest of that name."""
        try:
            return super().by_name(name)
        except NoSuchDomain:
            raise NoSuchDomain() from None

    def by_id(self, number: int) -> PretendedGuest:
        """The running guest of that number."""
        try:
            return super().by_id(number)
        except NoSuchDomain:
            raise NoSuchDomain() from None


class TestDriver(GuestDriver[PretendedGuest]):
    """A host in memory."""

    __test__ = False

    name = "TEST"
    prefix = "test"
    error_domain = ErrorDomain.TEST
    families = frozenset({Family.HYPERVISOR, Family.NETWORK, Family.INTERFACE, Family.STORAGE, Family.NODEDEV})
    calls = CALLS

    def __init__(self, host: PretendedHost) -> None:
        """A host with nothing on it."""
        super().__init__(Keeper())
        self.guests = PretendedGuests(self.make_guest)
        self.host = host
        self.networks: KeptTable[PretendedNetwork] = KeptTable("network", NoSuchNetwork)
        self.pools: KeptTable[PretendedPool] = KeptTable("pool", NoSuchStoragePool, long_noun="storage pool")
        self.interfaces: dict[str, PretendedInterface] = {}
        self.interfaces_before: dict[str, PretendedInterface] | None = None
        """The interfaces as they were when somebody began to change them."""
        self.devices: dict[str, PretendedDevice] = {}

    @classmethod
    def shared(cls, uri: Uri, surroundings: Surroundings) -> Hashable:
        """All connections to the default host share it."""
        return DEFAULT_PATH if uri.path == DEFAULT_PATH else None

    @classmethod
    async def open(cls, uri: Uri, surroundings: Surroundings) -> Self:
        """The default host, or one that a file describes."""
        if not (uri.path or "").strip("/"):
            raise InvalidArg("testOpen: supply a path or use test:///default")
        if uri.path == DEFAULT_PATH:
            driver = cls(PretendedHost(cells=DEFAULT_CELLS))
            NodeFile.from_text(DEFAULT_NODE).fill(driver)
        else:
            driver = cls(PretendedHost())
            NodeFile.from_file(Path(uri.path)).fill(driver)
        return driver

    # Guests

    def make_guest(self, definition: DomainDefinition) -> PretendedGuest:
        """A new guest."""
        return PretendedGuest(definition)

    async def read_definition(self, text: str, *, validate: bool = False, to_start: bool = False) -> DomainDefinition:
        """A definition whose network cards have names."""
        definition = read_definition(text, validate=validate)
        name_interfaces(definition)
        return definition

    async def find(self, handle: Handle) -> Any:
        """The object behind a handle."""
        match handle:
            case DomainSnapshot() | DomainCheckpoint():
                return MomentPlace(self.guests.find(handle.dom), handle.name)
            case Network():
                return self.networks.by_uuid(handle.uuid, handle.name)
            case Interface():
                return self.find_interface(handle.name)
            case NodeDevice():
                return find_device(self, handle.name)
            case StoragePool():
                return self.pools.by_name(handle.name)
            case StorageVol():
                return VolumePlace(self.pools.by_name(handle.pool), handle.name)
        return await super().find(handle)

    def find_interface(self, name: str) -> PretendedInterface:
        """The interface of that name."""
        found = self.interfaces.get(name)
        if found is None:
            raise NoSuchInterface(f"no interface with matching name '{name}'")
        return found
