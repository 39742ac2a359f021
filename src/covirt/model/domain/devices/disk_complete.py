# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every hypervisor fills in for a disk: bus, unit of its controller, read-only media."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.storage_network import NetworkLocation, StorageProtocol
from covirt.model.common.storage_source import NvmeLocation, VhostUserLocation
from covirt.model.domain.address import DriveAddress
from covirt.model.domain.devices.disk_parts import DiskBus, DiskDevice, SnapshotLocation

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition
    from covirt.model.domain.devices.disk import Disk

BUS_BY_PREFIX = {
    "hd": DiskBus.IDE,
    "sd": DiskBus.SCSI,
    "vd": DiskBus.VIRTIO,
    "xvd": DiskBus.XEN,
    "ubd": DiskBus.UML,
}
"""What the name of the target tells about the bus."""

SCSI_CONTROLLER_UNIT = 7
NARROW_SCSI_UNITS = 7
IDE_UNITS = 4
SATA_UNITS = 6
FDC_UNITS = 2
HIGHEST_NUMBER = 2**31 - 1


def complete(disk: Disk, guest: DomainDefinition, completing: Completing) -> None:
    """Fill in what the document left out."""
    if disk.target:
        disk.target = disk.target.removeprefix("ioemu:")
    if disk.device is DiskDevice.CDROM:
        disk.readonly = True
    if disk.bus is None:
        disk.bus = default_bus(disk)
    if disk.snapshot is None and disk.readonly:
        disk.snapshot = SnapshotLocation.NO
    location = disk.source.location
    if isinstance(location, NetworkLocation) and location.protocol is StorageProtocol.ISCSI and location.name:
        location.name = with_lun(location.name)
    if isinstance(location, NvmeLocation) and location.managed is None:
        location.managed = True
    if isinstance(location, VhostUserLocation) and disk.snapshot is None:
        disk.snapshot = SnapshotLocation.NO
    if disk.info.address is None and disk.target is not None:
        disk.info.address = default_address(disk, guest)
    share_limits_of_group(disk, guest)


def default_bus(disk: Disk) -> DiskBus:
    """The bus that the kind of disk or the name of its target implies."""
    if disk.device is DiskDevice.FLOPPY:
        return DiskBus.FDC
    for prefix, bus in BUS_BY_PREFIX.items():
        if disk.target and disk.target.startswith(prefix):
            return bus
    return DiskBus.IDE


def with_lun(name: str) -> str:
    """The name of an iSCSI unit: unit 0 when only the target is named."""
    return name if "/" in name else f"{name}/0"


@lru_cache(maxsize=4096)
def target_number(target: str) -> int | None:
    """The number of a target's name: vda is 0, vdz 25, vdaa 26; a partition number is ignored."""
    found = re.fullmatch(r"(?:fd|hd|vd|sd|xvd|ubd)([a-z]+)[0-9]*", target)
    if not found:
        return None
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("a") + 1
    return number - 1 if number - 1 <= HIGHEST_NUMBER else None


def default_address(disk: Disk, guest: DomainDefinition) -> DriveAddress | None:
    """The controller and unit that a target's number means on this bus."""
    number = target_number(disk.target or "")
    if number is None:
        raise XmlError(f"Unknown disk name '{disk.target}' and no address specified")
    if disk.bus is DiskBus.SCSI:
        return scsi_address(disk, guest, number)
    if disk.bus is DiskBus.IDE:
        controller, place = divmod(number, IDE_UNITS)
        return DriveAddress(controller=controller, bus=place // 2, unit=place % 2)
    if disk.bus is DiskBus.SATA:
        return DriveAddress(controller=number // SATA_UNITS, unit=number % SATA_UNITS)
    if disk.bus is DiskBus.FDC:
        return DriveAddress(controller=number // FDC_UNITS, unit=number % FDC_UNITS)
    return None


def scsi_address(disk: Disk, guest: DomainDefinition, number: int) -> DriveAddress:
    """A unit of a narrow or wide SCSI bus; on a wide one the controller itself takes a unit."""
    if guest.scsi_bus_units > NARROW_SCSI_UNITS:
        controller, unit = divmod(number, guest.scsi_bus_units - 1)
        unit += unit >= SCSI_CONTROLLER_UNIT
    else:
        controller, unit = divmod(number, NARROW_SCSI_UNITS)
    address = DriveAddress(controller=controller, unit=unit)
    if any(hostdev.scsi and hostdev.info.address == address for hostdev in guest.devices.hostdevs):
        raise ConfigUnsupported(
            f"using disk target name '{disk.target}' conflicts with SCSI host device address "
            f"controller='{controller}' bus='0' target='0' unit='{unit}"
        )
    return address


def share_limits_of_group(disk: Disk, guest: DomainDefinition) -> None:
    """A disk that only names a throttling group gets the limits that another disk told for it."""
    name = disk.iotune.group_name
    if name is None or disk.iotune.any:
        return
    for other in guest.devices.disks:
        if other.iotune.group_name == name and other.iotune.any:
            disk.iotune = replace(other.iotune)
            return
