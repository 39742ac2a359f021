# SPDX-License-Identifier: LGPL-2.1-or-later
"""The virtio-serial ports of one guest."""

from __future__ import annotations

from covirt.errors import InternalError, XmlError

DEFAULT_PORTS = 31


class VirtioSerialBook:
    """Which ports of which virtio-serial controllers are taken.

    Port 0 of a controller is for a virtio console only.
    """

    def __init__(self) -> None:
        self._free: dict[int, list[bool]] = {}

    def add_controller(self, index: int, ports: int | None) -> None:
        """A controller brings its ports."""
        if index in self._free:
            raise InternalError(f"virtio serial controller with index {index} already exists in the address set")
        self._free[index] = [True] * (DEFAULT_PORTS if ports is None else ports)

    @property
    def empty(self) -> bool:
        """Whether there is no controller at all."""
        return not self._free

    def reserve(self, controller: int, port: int) -> None:
        """Take exactly this port."""
        free = self._free.get(controller)
        if free is None:
            raise XmlError(f"virtio serial controller {controller} is missing")
        if port >= len(free):
            raise XmlError(f"virtio serial controller {controller} does not have port {port}")
        if not free[port]:
            raise XmlError(f"virtio serial port {port} on controller {controller} is already occupied")
        free[port] = False

    def reserve_on(self, controller: int) -> int:
        """Take and return the first free port, other than 0, of this controller."""
        free = self._free.get(controller)
        if free is None:
            raise InternalError(f"virtio-serial controller {controller} not available")
        port = _first_free(free, 1)
        if port is None:
            raise XmlError(f"Unable to find a free port on virtio-serial controller {controller}")
        free[port] = False
        return port

    def reserve_next(self, *, console: bool) -> tuple[int, int] | None:
        """Take and return (controller, port) of the first free port; None when every controller is full."""
        if not self._free:
            raise InternalError("no virtio-serial controllers are available")
        for controller, free in sorted(self._free.items()):
            if (port := _first_free(free, 0 if console else 1)) is not None:
                free[port] = False
                return controller, port
        return None

    def unused_index(self) -> int:
        """The lowest index that no controller has."""
        return next(index for index in range(len(self._free) + 1) if index not in self._free)


def _first_free(free: list[bool], start: int) -> int | None:
    return next((port for port in range(start, len(free)) if free[port]), None)
