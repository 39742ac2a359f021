# SPDX-License-Identifier: LGPL-2.1-or-later
"""The USB ports of one guest: buses, hubs on their ports, and where the next device goes."""

from __future__ import annotations

from dataclasses import dataclass, field

from covirt.errors import InternalError, XmlError

MAX_DEPTH = 4
HUB_PORTS = 8

MODEL_PORTS: dict[str | None, int] = {
    None: 2,
    "piix3-uhci": 2,
    "piix4-uhci": 2,
    "vt82c686b-uhci": 2,
    "ehci": 6,
    "ich9-ehci1": 6,
    "pci-ohci": 3,
    "nec-xhci": 4,
    "qemu-xhci": 4,
    "qusb1": 8,
    "qusb2": 8,
}
"""Ports of each controller model; companion controllers (ich9-uhci) share those of their ehci and count none."""

_PORTS_CONFIGURABLE = frozenset({"nec-xhci", "qemu-xhci", "qusb1", "qusb2"})


def controller_ports(model: str | None, configured: int | None) -> int:
    """How many ports a controller has, 0 for a companion controller or model 'none'."""
    if configured is not None and model in _PORTS_CONFIGURABLE:
        return configured
    return MODEL_PORTS.get(model, 0)


@dataclass(slots=True)
class Hub:
    """A controller's root hub, or a hub plugged into a port."""

    ports: int
    taken: set[int] = field(default_factory=set)
    hubs: dict[int, Hub] = field(default_factory=dict)

    def free_path(self, depth: int = 1) -> list[int] | None:
        """The path to the first free port here or on a hub below."""
        for port in range(1, self.ports + 1):
            if port not in self.taken:
                return [port]
        if depth < MAX_DEPTH:
            for port, hub in sorted(self.hubs.items()):
                if (below := hub.free_path(depth + 1)) is not None:
                    return [port, *below]
        return None


class UsbBook:
    """Which USB ports of a guest are taken."""

    def __init__(self) -> None:
        self._buses: dict[int, Hub] = {}

    def add_controller(self, index: int, ports: int) -> None:
        """A bus appears; companion controllers, which have no ports of their own, add none."""
        if not ports:
            return
        if index in self._buses:
            raise XmlError(f"Duplicate USB controllers with index {index}")
        self._buses[index] = Hub(ports)

    def add_hub(self, bus: int, path: list[int]) -> None:
        """A hub is plugged into a port and brings ports of its own."""
        parent = self._parent(bus, path)
        if path[-1] in parent.hubs:
            raise XmlError(f"Duplicate USB hub on bus {bus} port {_dotted(path)}")
        parent.taken.add(path[-1])
        parent.hubs[path[-1]] = Hub(HUB_PORTS)

    def reserve(self, bus: int, path: list[int]) -> None:
        """Take exactly this port."""
        parent = self._parent(bus, path)
        if path[-1] in parent.taken:
            raise XmlError(f"Duplicate USB address bus {bus} port {_dotted(path)}")
        parent.taken.add(path[-1])

    def reserve_next(self, bus: int | None = None) -> tuple[int, list[int]]:
        """Take and return the first free port, of this bus when one is named."""
        if bus is not None and bus not in self._buses:
            raise XmlError(f"USB bus {bus} requested but no controller with that index is present")
        for number in sorted(self._buses) if bus is None else [bus]:
            if (path := self._buses[number].free_path()) is not None:
                self.reserve(number, path)
                return number, path
        raise InternalError("No free USB ports")

    def release(self, bus: int, path: list[int]) -> None:
        """Give a port back."""
        self._parent(bus, path).taken.discard(path[-1])

    def _parent(self, bus: int, path: list[int]) -> Hub:
        """The hub that has the last port of the path."""
        hub = self._buses.get(bus)
        if hub is None:
            raise XmlError(f"Missing USB bus {bus}")
        for port in path[:-1]:
            where = f"in USB address bus: {bus} port: {_dotted(path)}"
            if port > hub.ports:
                raise XmlError(f"port {port} out of range {where}")
            if port not in hub.hubs:
                raise XmlError(f"there is no hub at port {port} {where}")
            hub = hub.hubs[port]
        if path[-1] > hub.ports:
            raise XmlError(f"requested USB port {_dotted(path)} not present on USB bus {bus}")
        return hub


def _dotted(path: list[int]) -> str:
    return ".".join(map(str, path))
