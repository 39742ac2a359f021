# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of pretended guests are plugged in, changed and unplugged."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from covirt.api.binding import CallTable
from covirt.api.domain import devices as api
from covirt.api.domain.devices import DomainDeviceModifyFlags
from covirt.api.domain.events import (
    DeviceAdded,
    DeviceRemoved,
    DomainEventDefinedDetailType,
    DomainEventType,
)
from covirt.api.request import Request
from covirt.drivers.common.finding import find_disk
from covirt.drivers.common.impact import chosen_pair
from covirt.drivers.test.guest import PretendedGuest
from covirt.drivers.test.reading import complete_added, complete_kept
from covirt.drivers.test.taints import note_disk, note_hostdev, note_interface
from covirt.errors import ConfigUnsupported, DeviceMissing, InvalidArg, OperationUnsupported
from covirt.model.domain.address import DriveAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_parts import DiskBus, DiskDevice
from covirt.model.domain.devices.hostdev import Hostdev, HostdevMode
from covirt.model.domain.devices.hostdev_sources import PciHostdev
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.order import in_disk_order
from covirt.model.domain.devices.single import parse_device
from covirt.xml import Context

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()

_Flags = DomainDeviceModifyFlags
WIRED = ("ethernet", "bridge")
"""The connections of cards that can be plugged in."""

# Plug in


@calls.implements(api.attach_device)
async def attach_device(req: Req, xml: str) -> None:
    """Plug a device into a running guest."""
    _attach(req, xml, _Flags.CURRENT)


@calls.implements(api.attach_device_flags, flags=_Flags.LIVE)
async def attach_device_flags(req: Req, xml: str, flags: DomainDeviceModifyFlags) -> None:
    """Plug a device into a running guest."""
    _attach(req, xml, flags)


def _attach(req: Req, text: str, flags: DomainDeviceModifyFlags) -> None:
    guest = req.guest
    _require_running(req, flags)
    device = parse_device(text, Context.INACTIVE | Context.ABI_UPDATE)
    definition = guest.definition
    complete_added(device, definition)
    match device:
        case Disk():
            note_disk(guest, device)
            _attach_disk(definition, device)
        case Interface():
            note_interface(guest, device)
            _attach_interface(definition, device)
        case Hostdev():
            note_hostdev(guest, device)
            _attach_hostdev(definition, device)
        case _:
            raise OperationUnsupported(f"live attach of device '{device.ELEMENT}' is not supported")
    if device.info.alias:
        req.driver.bus.publish(DeviceAdded(guest.handle, device.info.alias))


def _require_running(req: Req, flags: DomainDeviceModifyFlags) -> None:
    """Definitions cannot be changed this way, and so nothing of a guest that does not run."""
    running, _ = chosen_pair(req.guest, flags)
    if running is None:
        function = f"{req.driver.function(req.call).removesuffix('Flags')}LiveAndConfig"
        raise InvalidArg.of_function(function, "flags", f"unsupported flags (0x2) in function {function}")


def _attach_disk(definition: DomainDefinition, disk: Disk) -> None:
    there = next((other for other in definition.devices.disks if other.target == disk.target), None)
    if disk.removable_medium and there is not None:
        there.source = disk.source
        return
    if disk.device is DiskDevice.FLOPPY:
        raise OperationUnsupported("floppy device hotplug isn't supported")
    if there is not None:
        raise OperationUnsupported(f"target '{disk.target}' duplicated for disk sources")
    if disk.bus not in (DiskBus.USB, DiskBus.VIRTIO):
        raise OperationUnsupported(f"disk bus '{disk.bus}' cannot be hotplugged.")
    if disk.bus is DiskBus.USB and disk.device is DiskDevice.LUN:
        raise ConfigUnsupported("disk device='lun' is not supported for usb bus")
    if disk.bus is DiskBus.VIRTIO and disk.device is DiskDevice.CDROM:
        raise OperationUnsupported("cdrom device with virtio bus isn't supported")
    disk.info.alias = disk.info.alias or _disk_alias(disk)
    definition.devices.disks = in_disk_order([*definition.devices.disks, disk])


def _disk_alias(disk: Disk) -> str:
    address = disk.info.address
    if isinstance(address, DriveAddress):
        return f"{disk.bus}{address.controller}-{address.bus}-{address.unit}"
    return f"{disk.bus}-disk{_disk_number(disk.target or '')}"


def _disk_number(target: str) -> int:
    """vda is 0, vdz 25, vdaa 26."""
    number = 0
    for letter in target[2:]:
        number = number * 26 + ord(letter) - ord("a") + 1
    return number - 1


def _attach_interface(definition: DomainDefinition, card: Interface) -> None:
    if card.actual_type not in WIRED:
        raise OperationUnsupported(f"hotplug of interface type of {card.actual_type} is not implemented yet")
    cards = definition.devices.interfaces
    card.info.alias = card.info.alias or f"net{_free_number('net', [other.info.alias for other in cards])}"
    cards.append(card)


def _free_number(prefix: str, aliases: list[str | None]) -> int:
    numbers = [
        int(rest) for alias in aliases if alias and (rest := alias.removeprefix(prefix)) != alias and rest.isdecimal()
    ]
    return max(numbers, default=-1) + 1


def _attach_hostdev(definition: DomainDefinition, hostdev: Hostdev) -> None:
    if hostdev.mode is not HostdevMode.SUBSYSTEM:
        raise ConfigUnsupported(f"hotplug is not supported for hostdev mode '{hostdev.mode}'")
    if not isinstance(hostdev.source, PciHostdev):
        raise ConfigUnsupported(f"hotplug is not supported for hostdev subsys type '{hostdev.type}'")
    definition.devices.hostdevs.append(hostdev)


# Change


@calls.implements(api.update_device_flags, flags=_Flags.LIVE | _Flags.CONFIG)
async def update_device_flags(req: Req, xml: str, flags: DomainDeviceModifyFlags) -> None:
    """Change a disk."""
    guest = req.guest
    running, persistent = chosen_pair(guest, flags)
    context = Context.NONE if running is not None else Context.INACTIVE
    changed = _with_disk(persistent, parse_device(xml, context)) if persistent is not None else None
    if running is not None:
        updated = _with_disk(running, parse_device(xml, context))
        running.devices.disks = updated.devices.disks
    if changed is not None:
        guest.assign(changed)
        req.driver.publish_lifecycle(guest.handle, DomainEventType.DEFINED, DomainEventDefinedDetailType.UPDATED)


def _with_disk(definition: DomainDefinition, device: Any) -> DomainDefinition:
    """A copy in which one disk is another."""
    if not isinstance(device, Disk):
        raise OperationUnsupported(f"persistent update of device '{device.ELEMENT}' is not supported")
    changed = copy.deepcopy(definition)
    complete_added(device, changed)
    there = find_disk(changed, device.target or "")
    if there is None:
        raise InvalidArg(f"target {device.target} doesn't exist.")
    disks = changed.devices.disks
    disks[disks.index(there)] = device
    complete_kept(changed)
    return changed


# Unplug


@calls.implements(api.detach_device_alias, flags=_Flags.LIVE)
async def detach_device_alias(req: Req, alias: str, flags: DomainDeviceModifyFlags) -> None:
    """Take a device out of a running guest."""
    guest = req.guest
    _require_running(req, flags)
    devices = guest.definition.devices
    found = [device for device in devices.with_info() if device.info.alias == alias]
    if not found:
        raise DeviceMissing(f"no device found with alias {alias}")
    device = found[0]
    match device:
        case Disk():
            _check_disk(device)
            devices.disks.remove(device)
        case Interface():
            if device.actual_type not in WIRED:
                raise OperationUnsupported(f"live detach of interface type {device.actual_type} is not implemented yet")
            devices.interfaces.remove(device)
        case Hostdev():
            if device.mode is not HostdevMode.SUBSYSTEM:
                raise ConfigUnsupported(f"hot unplug is not supported for hostdev mode '{device.mode}'")
            devices.hostdevs.remove(device)
        case _:
            raise OperationUnsupported(f"live detach of device '{device.ELEMENT}' is not supported")
    req.driver.bus.publish(DeviceRemoved(guest.handle, alias))


def _check_disk(disk: Disk) -> None:
    if disk.removable_medium and not (disk.device is DiskDevice.CDROM and disk.bus in (DiskBus.USB, DiskBus.SCSI)):
        raise OperationUnsupported(f"disk device type '{disk.device}' cannot be detached")
    if disk.bus not in (DiskBus.VIRTIO, DiskBus.USB, DiskBus.SCSI):
        raise OperationUnsupported("This type of disk cannot be hot unplugged")
