# SPDX-License-Identifier: LGPL-2.1-or-later
"""The names by which QEMU knows the devices of a guest: libvirt's, so that either can manage the other's guests.

A device that is plugged in later gets the next free number of its kind: the same function names one and all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from covirt.drivers.qemu.machine import Machine, machine_of
from covirt.errors import InternalError
from covirt.model.domain.address import DriveAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.char import Console, ConsoleTarget
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.controller import Controller, ControllerType, PciModel, ScsiModel
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_complete import target_number
from covirt.model.domain.devices.disk_parts import DiskBus

_MEMORY = {"dimm": "dimm", "nvdimm": "nvdimm", "virtio-pmem": "virtiopmem", "virtio-mem": "virtiomem", "sgx-epc": "epc"}


def assign(guest: DomainDefinition) -> None:
    """Name every device that has no name."""
    for device, name in _names(guest):
        if device.info.alias is None:
            device.info.alias = name


def _names(guest: DomainDefinition) -> Iterator[tuple[Device, str]]:
    """Devices and the name that each gets unless it has one, in libvirt's order."""
    devices = guest.devices
    machine = machine_of(guest)
    for disk in devices.disks:
        yield disk, disk_alias(guest, disk)
    for card in devices.interfaces:
        prefix = "hostdev" if card.actual_type == "hostdev" else "net"
        yield card, _next(prefix, [*devices.hostdevs, *devices.interfaces])
    for fs in devices.filesystems:
        yield fs, _next("fs", devices.filesystems)
    yield from _numbered("sound", devices.sounds)
    for hostdev in devices.hostdevs:
        yield hostdev, _next("hostdev", [*devices.hostdevs, *devices.interfaces])
    yield from _numbered("redir", devices.redirdevs)
    yield from _numbered("video", devices.videos)
    for controller in devices.controllers:
        yield controller, controller_alias(controller, machine)
    yield from _numbered("input", devices.inputs)
    yield from _numbered("parallel", devices.parallels)
    yield from _numbered("serial", devices.serials)
    yield from _numbered("channel", devices.channels)
    for number, console in enumerate(devices.consoles):
        yield console, _console_alias(guest, console, number)
    yield from _numbered("hub", devices.hubs)
    yield from _numbered("shmem", devices.shmems)
    yield from _numbered("smartcard", devices.smartcards)
    yield from _numbered("watchdog", devices.watchdogs)
    if devices.memballoon and devices.memballoon.model != "none":
        yield devices.memballoon, "balloon0"
    for rng in devices.rngs:
        yield rng, _next("rng", devices.rngs)
    yield from _numbered("tpm", devices.tpms)
    for memory in devices.memories:
        prefix = _MEMORY[memory.model]
        yield memory, _memory_alias(guest, memory, prefix)
    if devices.vsock:
        yield devices.vsock, "vsock0"
    if devices.iommu:
        yield devices.iommu, "iommu0"
    for crypto in devices.cryptos:
        yield crypto, _next("crypto", devices.cryptos)
    if devices.pstore:
        yield devices.pstore, "pstore0"


def disk_alias(guest: DomainDefinition, disk: Disk) -> str:
    """The place of the disk on its bus, or its letter."""
    address = disk.info.address
    if not isinstance(address, DriveAddress):
        return f"{disk.bus}-disk{target_number(disk.target or '')}"
    name = f"{disk.bus}{address.controller}-{address.bus}"
    if disk.bus is DiskBus.SCSI:
        controller = guest.devices.controller(ControllerType.SCSI, address.controller)
        if controller is None:
            raise InternalError(f"unable to find a SCSI controller for idx={address.controller}")
        if controller.model != ScsiModel.LSILOGIC:
            name += f"-{address.target}"
    return f"{name}-{address.unit}"


def controller_alias(controller: Controller, machine: Machine) -> str:
    """The type and number, except for the controllers whose names are fixed in QEMU."""
    index = controller.index or 0
    match controller.type:
        case ControllerType.PCI if not machine.pci_multibus:
            return "pci"
        case ControllerType.PCI:
            return f"{'pcie' if controller.model == PciModel.PCIE_ROOT else 'pci'}.{index}"
        case ControllerType.IDE if machine.builtin_ide and index == 0:
            return "ide"
        case ControllerType.SATA if machine.q35 and index == 0:
            return "ide"
        case ControllerType.USB if index == 0:
            return "usb"
        case ControllerType.SCSI if controller.model == ScsiModel.NCR53C90 and index == 0:
            return "scsi"
    return f"{controller.type}{index}"


def _console_alias(guest: DomainDefinition, console: Console, number: int) -> str:
    serials = guest.devices.serials
    shown_twice = number == 0 and console.target is ConsoleTarget.SERIAL and guest.os.type == "hvm"
    if shown_twice and serials and serials[0].info.alias:
        # The first console of a machine is its first serial port seen from another side.
        return serials[0].info.alias
    return f"console{number}"


def _memory_alias(guest: DomainDefinition, memory: Device, prefix: str) -> str:
    address = memory.info.address
    if prefix in ("dimm", "nvdimm") and address is not None and address.type == "dimm":
        return f"{prefix}{address.slot}"
    return _next(prefix, guest.devices.memories)


def _numbered(prefix: str, devices: Iterable[Device]) -> Iterator[tuple[Device, str]]:
    return ((device, f"{prefix}{number}") for number, device in enumerate(devices))


def _next(prefix: str, devices: Iterable[Device]) -> str:
    """The number after the highest that a device of the kind has."""
    used = [-1]
    for device in devices:
        rest = (device.info.alias or "").removeprefix(prefix)
        if rest != device.info.alias and rest.isdigit():
            used.append(int(rest))
    return f"{prefix}{max(used) + 1}"
