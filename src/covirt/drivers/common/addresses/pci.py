# SPDX-License-Identifier: LGPL-2.1-or-later
"""The PCI buses of one guest: what each accepts, what is taken, where the next device goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntFlag
from typing import NamedTuple

from covirt.errors import InternalError, XmlError

LAST_SLOT = 31
LAST_FUNCTION = 7


class Connect(IntFlag):
    """What a bus accepts, or what a device needs of the place it is plugged into."""

    AUTOASSIGN = 1 << 0
    """The bus takes devices that nobody placed by hand."""
    HOTPLUGGABLE = 1 << 1
    """Devices can come and go while the guest runs."""
    INTEGRATED = 1 << 2
    """The device works on the root bus only."""
    AGGREGATE_SLOT = 1 << 3
    """Devices of this kind may share a slot, one function each."""
    PCI_DEVICE = 1 << 4
    PCIE_DEVICE = 1 << 5
    PCIE_ROOT_PORT = 1 << 6
    PCIE_SWITCH_UPSTREAM_PORT = 1 << 7
    PCIE_SWITCH_DOWNSTREAM_PORT = 1 << 8
    DMI_TO_PCI_BRIDGE = 1 << 9
    PCI_EXPANDER_BUS = 1 << 10
    PCIE_EXPANDER_BUS = 1 << 11
    PCI_BRIDGE = 1 << 12
    PCIE_TO_PCI_BRIDGE = 1 << 13


ENDPOINTS = Connect.PCI_DEVICE | Connect.PCIE_DEVICE

# In the order in which a refusal names what the device is.
_TYPES: dict[Connect, str] = {
    Connect.PCI_DEVICE: "standard PCI device",
    Connect.PCIE_DEVICE: "PCI Express device",
    Connect.PCIE_ROOT_PORT: "pcie-root-port",
    Connect.PCIE_SWITCH_UPSTREAM_PORT: "pcie-switch-upstream-port",
    Connect.PCIE_SWITCH_DOWNSTREAM_PORT: "pcie-switch-downstream-port",
    Connect.DMI_TO_PCI_BRIDGE: "dmi-to-pci-bridge",
    Connect.PCIE_TO_PCI_BRIDGE: "pcie-to-pci-bridge",
    Connect.PCI_EXPANDER_BUS: "pci-expander-bus",
    Connect.PCIE_EXPANDER_BUS: "pcie-expander-bus",
    Connect.PCI_BRIDGE: "pci-bridge",
}

_PLUG: dict[str, Connect] = {
    "pci-root": Connect(0),
    "pcie-root": Connect(0),
    "pci-bridge": Connect.PCI_BRIDGE,
    "pci-expander-bus": Connect.PCI_EXPANDER_BUS,
    "pcie-expander-bus": Connect.PCIE_EXPANDER_BUS,
    "dmi-to-pci-bridge": Connect.DMI_TO_PCI_BRIDGE,
    "pcie-to-pci-bridge": Connect.PCIE_TO_PCI_BRIDGE,
    "pcie-root-port": Connect.PCIE_ROOT_PORT | Connect.AGGREGATE_SLOT,
    "pcie-switch-upstream-port": Connect.PCIE_SWITCH_UPSTREAM_PORT,
    "pcie-switch-downstream-port": Connect.PCIE_SWITCH_DOWNSTREAM_PORT,
}


def controller_plug(model: str) -> Connect:
    """What a PCI controller of this model itself has to be plugged into (nothing for a root)."""
    return _PLUG.get(model, Connect(0))


class BusKind(NamedTuple):
    """What the bus behind one controller model offers."""

    accepts: Connect
    first_slot: int
    last_slot: int
    may_hotplug: bool


_CONVENTIONAL = Connect.AUTOASSIGN | Connect.PCI_DEVICE | Connect.PCI_BRIDGE
_PORT = Connect.AUTOASSIGN | Connect.PCIE_DEVICE | Connect.PCIE_SWITCH_UPSTREAM_PORT | Connect.PCIE_TO_PCI_BRIDGE

BUS_KINDS: dict[str, BusKind] = {
    "pci-root": BusKind(_CONVENTIONAL | Connect.PCI_EXPANDER_BUS, 1, LAST_SLOT, True),
    "pci-bridge": BusKind(_CONVENTIONAL, 1, LAST_SLOT, True),
    "pci-expander-bus": BusKind(_CONVENTIONAL, 0, LAST_SLOT, True),
    "pcie-root": BusKind(
        Connect.PCIE_DEVICE | Connect.PCIE_ROOT_PORT | Connect.DMI_TO_PCI_BRIDGE | Connect.PCIE_EXPANDER_BUS,
        1,
        LAST_SLOT,
        False,
    ),
    "dmi-to-pci-bridge": BusKind(Connect.PCI_DEVICE | Connect.PCI_BRIDGE, 0, LAST_SLOT, False),
    "pcie-to-pci-bridge": BusKind(_CONVENTIONAL, 1, LAST_SLOT, True),
    "pcie-root-port": BusKind(_PORT, 0, 0, True),
    "pcie-switch-downstream-port": BusKind(_PORT, 0, 0, True),
    "pcie-switch-upstream-port": BusKind(Connect.PCIE_SWITCH_DOWNSTREAM_PORT, 0, LAST_SLOT, False),
    "pcie-expander-bus": BusKind(Connect.PCIE_ROOT_PORT | Connect.DMI_TO_PCI_BRIDGE, 0, LAST_SLOT, False),
}


class Place(NamedTuple):
    """One function of one slot of one bus."""

    bus: int
    slot: int
    function: int = 0
    domain: int = 0

    def __str__(self) -> str:
        return f"{self.domain:04x}:{self.bus:02x}:{self.slot:02x}.{self.function}"


@dataclass(slots=True)
class Bus:
    """The slots behind one PCI controller."""

    model: str
    accepts: Connect
    first_slot: int
    last_slot: int
    isolation_group: int = 0
    isolation_locked: bool = False
    functions: dict[int, int] = field(default_factory=dict)
    """Slot number to a bit mask of its taken functions; a free slot is absent."""
    shared: set[int] = field(default_factory=set)
    """Slots whose devices all may share a slot."""

    @classmethod
    def behind(cls, model: str, *, hotplug: bool = True) -> Bus:
        """The empty bus that a controller of this model provides."""
        kind = BUS_KINDS[model]
        accepts = kind.accepts | (Connect.HOTPLUGGABLE if hotplug and kind.may_hotplug else Connect(0))
        return cls(model, accepts, kind.first_slot, kind.last_slot)

    @property
    def slots(self) -> range:
        return range(self.first_slot, self.last_slot + 1)

    @property
    def empty(self) -> bool:
        return not any(slot in self.functions for slot in self.slots)

    @property
    def full(self) -> bool:
        return all(slot in self.functions for slot in self.slots)

    def free_function(self, slot: int, function: int | None, wants: Connect) -> int | None:
        """The function of this slot that a device may have, or None when the slot has no room for it."""
        taken = self.functions.get(slot, 0)
        if not taken:
            return function or 0
        if not (wants & Connect.AGGREGATE_SLOT and slot in self.shared):
            return None
        candidates = range(LAST_FUNCTION + 1) if function is None else (function,)
        return next((free for free in candidates if not taken & 1 << free), None)


class PciBook:
    """Which places are taken on a guest's PCI buses.

    With `growing`, a device that finds no room makes buses appear, as a rehearsal does that finds out which
    controllers a guest needs; without it, that is an error.
    """

    def __init__(self, buses: list[Bus], *, growing: bool, many_roots: bool, pcie_to_pci: bool) -> None:
        self.buses = buses
        self.growing = growing
        self._many_roots = many_roots
        self._pcie_to_pci = pcie_to_pci

    def in_use(self, place: Place) -> bool:
        """Whether any function of the place's slot is taken."""
        return place.slot in self.buses[place.bus].functions

    def reserve(self, place: Place, wants: Connect, *, group: int = 0, by_hand: bool = True) -> Place:
        """Take exactly this place; an error names what stands against it.

        The error is the document's (`by_hand`) or ours, by who chose the place.
        """
        error = XmlError if by_hand else InternalError
        if self.growing:
            place = self._grow(place, wants)
        self.validate(place, wants, by_hand=by_hand)
        bus = self.buses[place.bus]
        taken = bus.functions.get(place.slot, 0)
        if taken & 1 << place.function:
            raise error(f"Attempted double use of PCI Address {place}")
        if not taken and wants & Connect.AGGREGATE_SLOT:
            bus.shared.add(place.slot)
        if bus.empty and not bus.isolation_locked:
            bus.isolation_group = group
        elif bus.isolation_group != group and by_hand:
            # The user mixes groups on this bus, so that nothing on it is isolated any more.
            bus.isolation_group = 0
        bus.functions[place.slot] = taken | 1 << place.function
        return place

    def reserve_next(self, wants: Connect, *, group: int = 0, function: int | None = None) -> Place:
        """Take and return the first free place that suits the device."""
        return self.reserve(self._next(wants, group, function), wants, group=group, by_hand=False)

    def release(self, place: Place) -> None:
        """Give a place back."""
        bus = self.buses[place.bus]
        left = bus.functions.get(place.slot, 0) & ~(1 << place.function)
        if left:
            bus.functions[place.slot] = left
        else:
            bus.functions.pop(place.slot, None)
            bus.shared.discard(place.slot)

    def validate(self, place: Place, wants: Connect, *, by_hand: bool) -> None:
        """Refuse a place that does not exist or does not suit the device."""
        error = XmlError if by_hand else InternalError
        if not self.buses:
            raise error("No PCI buses available")
        if place.domain != 0:
            raise error(f"Invalid PCI address {place}. Only PCI domain 0 is available")
        if place.bus >= len(self.buses):
            raise error(f"Invalid PCI address {place}. Only PCI buses up to {len(self.buses) - 1} are available")
        bus = self.buses[place.bus]
        if reason := _misfit(place, bus.accepts, wants, by_hand=by_hand):
            raise error(reason)
        if place.slot < bus.first_slot:
            raise error(f"Invalid PCI address {place}. slot must be >= {bus.first_slot}")
        if place.slot > bus.last_slot:
            raise error(f"Invalid PCI address {place}. slot must be <= {bus.last_slot}")
        if place.function > LAST_FUNCTION:
            raise error(f"Invalid PCI address {place}. function must be <= {LAST_FUNCTION}")

    def _next(self, wants: Connect, group: int, function: int | None) -> Place:
        if not self.buses:
            raise XmlError("No PCI buses available")
        for number in self._candidates(group):
            if (place := self._free_on(number, wants, function)) is not None:
                return place
        if not self.growing:
            raise InternalError("No more available PCI slots")
        place = self._grow(Place(len(self.buses), 0, function or 0), wants)
        return place._replace(slot=self.buses[place.bus].first_slot)

    def _candidates(self, group: int) -> Iterator[int]:
        """Buses of the device's own isolation group, then empty ones that can become so."""
        yield from (n for n, bus in enumerate(self.buses) if bus.isolation_group == group)
        yield from (n for n, bus in enumerate(self.buses) if bus.empty and not bus.isolation_locked)

    def _free_on(self, number: int, wants: Connect, function: int | None) -> Place | None:
        bus = self.buses[number]
        if _misfit(Place(number, bus.first_slot), bus.accepts, wants, by_hand=False):
            return None
        for slot in bus.slots:
            if (free := bus.free_function(slot, function, wants)) is not None:
                return Place(number, slot, free)
        return None

    def _grow(self, place: Place, wants: Connect) -> Place:
        """Add buses until the place's bus exists; returns the place, moved when a bridge had to come first."""
        missing = place.bus - len(self.buses) + 1
        if missing <= 0:
            return place
        first: list[Bus] = []
        if wants & Connect.PCI_DEVICE and self._many_roots:
            model = "pci-root"
        elif wants & Connect.PCI_DEVICE:
            model = "pci-bridge"
            if not any(bus.accepts & Connect.PCI_BRIDGE for bus in self.buses):
                first = self._bridge_from_pcie()
                if missing == 1:
                    # One bus was asked for, but it must be a pci-bridge, which is plugged into what comes first.
                    missing, place = 2, place._replace(bus=place.bus + 1)
        elif wants & (Connect.PCIE_DEVICE | Connect.PCIE_SWITCH_UPSTREAM_PORT):
            model = "pcie-root-port"
        else:
            raise InternalError(_cannot_grow(wants))
        rest = missing - len(first)
        self.buses += first + [Bus.behind(model) for _ in range(rest)]
        return place

    def _bridge_from_pcie(self) -> list[Bus]:
        """The buses that lead from PCI Express to the first conventional slots."""
        if not self._pcie_to_pci:
            return [Bus.behind("dmi-to-pci-bridge", hotplug=False)]
        port = Bus.behind("pcie-root-port")
        # Kept for the bridge: what is reserved for later hotplug shall not sit down here.
        port.accepts = Connect.PCIE_TO_PCI_BRIDGE
        return [port, Bus.behind("pcie-to-pci-bridge")]


def _misfit(place: Place, accepts: Connect, wants: Connect, *, by_hand: bool) -> str | None:
    """Why a device does not suit a bus, or None when it does."""
    at = f"The device at PCI address {place}"
    if wants & Connect.INTEGRATED:
        if place.bus != 0:
            return f"{at} needs to be an integrated device (bus=0)"
        accepts |= Connect.PCI_DEVICE | Connect.AUTOASSIGN
    if by_hand:
        # A user may plug conventional devices into Express slots and the other way round.
        if accepts & ENDPOINTS:
            accepts |= ENDPOINTS
        if wants & Connect.PCI_BRIDGE:
            wants |= Connect.PCI_DEVICE
    elif wants & Connect.AUTOASSIGN and not accepts & Connect.AUTOASSIGN:
        return (
            f"{at} was auto-assigned this address, but the PCI controller with index='{place.bus}' "
            "doesn't allow auto-assignment"
        )
    if wants & Connect.HOTPLUGGABLE and not accepts & Connect.HOTPLUGGABLE:
        return (
            f"{at} requires hotplug capability, but the PCI controller with index='{place.bus}' doesn't support hotplug"
        )
    if any(wants & accepts & kind for kind in _TYPES):
        return None
    needed = next((name for kind, name in _TYPES.items() if wants & kind), None)
    if needed is None:
        return f"{at} has unrecognized connection type flags 0x00"
    return (
        f"{at} cannot be plugged into the PCI controller with index='{place.bus}'. "
        f"It requires a controller that accepts a {needed}."
    )


def _cannot_grow(wants: Connect) -> str:
    for kind in (
        Connect.PCIE_ROOT_PORT,
        Connect.PCIE_SWITCH_DOWNSTREAM_PORT,
        Connect.DMI_TO_PCI_BRIDGE,
        Connect.PCI_EXPANDER_BUS,
        Connect.PCIE_EXPANDER_BUS,
        Connect.PCI_BRIDGE,
    ):
        if wants & kind:
            return (
                f"a PCI slot is needed to connect a PCI controller model='{_TYPES[kind]}', "
                "but none is available, and it cannot be automatically added"
            )
    return f"Cannot automatically add a new PCI bus for a device with connect flags {int(wants):02x}"
