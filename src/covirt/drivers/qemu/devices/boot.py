# SPDX-License-Identifier: LGPL-2.1-or-later
"""In which order the firmware tries devices: told device by device, or by kinds of devices."""

from __future__ import annotations

from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_parts import DiskDevice
from covirt.model.domain.devices.hostdev import Hostdev
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.os import BootDevice

_KINDS = {
    DiskDevice.CDROM: BootDevice.CDROM,
    DiskDevice.DISK: BootDevice.DISK,
    DiskDevice.LUN: BootDevice.DISK,
    DiskDevice.FLOPPY: BootDevice.FLOPPY,
}


def boot_index(guest: DomainDefinition, device: Disk | Interface | Hostdev) -> int | None:
    """The device's place in the order of booting.

    When kinds of devices are told, the first device of each kind has a place.
    """
    if not guest.os.boot:
        return device.boot.order if device.boot else None
    for order, kind in reversed(list(enumerate(guest.os.boot_devices, 1))):
        if _first(guest, kind) is device:
            return order
    return None


def _first(guest: DomainDefinition, kind: BootDevice) -> Device | None:
    if kind is BootDevice.NETWORK:
        cards = guest.devices.interfaces
        return cards[0] if cards else None
    return next((disk for disk in guest.devices.disks if _KINDS[disk.device] is kind), None)
