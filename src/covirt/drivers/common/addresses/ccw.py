# SPDX-License-Identifier: LGPL-2.1-or-later
"""The channel subsystem of an s390 guest: which device numbers are taken."""

from __future__ import annotations

from typing import NamedTuple

from covirt.errors import InternalError, XmlError

VIRTIO_CSSID = 0xFE
"""The channel subsystem that QEMU keeps for virtio devices."""
MAX_SSID = 3
MAX_DEVNO = 0xFFFF


class Devno(NamedTuple):
    """A place in the channel subsystem."""

    cssid: int
    ssid: int
    devno: int

    def __str__(self) -> str:
        return f"{self.cssid:x}.{self.ssid:x}.{self.devno:04x}"


class CcwBook:
    """Which device numbers of a guest are taken."""

    def __init__(self) -> None:
        self._taken: set[Devno] = set()
        self._next = Devno(VIRTIO_CSSID, 0, 0)

    def reserve(self, place: Devno) -> None:
        """Take exactly this device number."""
        if place in self._taken:
            raise XmlError(f"The CCW devno '{place}' is in use already")
        self._taken.add(place)

    def reserve_next(self) -> Devno:
        """Take and return the lowest free device number."""
        while self._next in self._taken:
            cssid, ssid, devno = self._next
            if devno < MAX_DEVNO:
                self._next = Devno(cssid, ssid, devno + 1)
            elif ssid < MAX_SSID:
                self._next = Devno(cssid, ssid + 1, 0)
            else:
                raise InternalError("There are no more free CCW devnos.")
        self._taken.add(self._next)
        return self._next

    def release(self, place: Devno) -> None:
        """Give a device number back."""
        self._taken.discard(place)
        self._next = min(self._next, place)
