# SPDX-License-Identifier: LGPL-2.1-or-later
"""A device's place, as properties of the device."""

from __future__ import annotations

from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.aliases import controller_alias as fixed_alias
from covirt.drivers.qemu.machine import machine_of
from covirt.errors import InternalError
from covirt.model.domain.address import (
    CcwAddress,
    DimmAddress,
    DriveAddress,
    IsaAddress,
    PciAddress,
    SpaprVioAddress,
    UsbAddress,
    VirtioSerialAddress,
)
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import DeviceInfo
from covirt.model.domain.devices.controller import PCI_ROOTS, ControllerType, PciModel, ScsiModel


def address_props(guest: DomainDefinition, info: DeviceInfo) -> Props:
    """What QEMU is told of the place; nothing for a device that has none, or that QEMU places."""
    match info.address:
        case PciAddress() as address:
            function = f".{address.function:#x}" if address.function else ""
            return props(
                bus=pci_bus(guest, address),
                multifunction=address.multifunction,
                addr=f"{address.slot:#x}{function}",
                acpi_index=info.acpi_index or None,
            )
        case UsbAddress() as address:
            return props(
                bus=f"{controller_alias(guest, ControllerType.USB, address.bus)}.0",
                port=str(address.port) if address.port else None,
            )
        case SpaprVioAddress() as address:
            return props(reg=address.reg)
        case CcwAddress() as address:
            return props(devno=f"{address.cssid or 0:x}.{address.ssid or 0:x}.{address.devno or 0:04x}")
        case IsaAddress() as address:
            return props(iobase=address.iobase, irq=address.irq or None)
        case DimmAddress() as address:
            return props(slot=address.slot, addr=address.base or None)
        case VirtioSerialAddress() as address:
            alias = controller_alias(guest, ControllerType.VIRTIO_SERIAL, address.controller)
            return props(bus=f"{alias}.{address.bus}", nr=address.port)
    return {}


def controller_alias(guest: DomainDefinition, type: ControllerType, index: int) -> str:
    """The name of the controller that an address speaks of."""
    controller = guest.devices.controller(type, index)
    if controller is None or controller.info.alias is None:
        raise InternalError(f"Could not find {type} controller with index {index} required for device")
    return controller.info.alias


def pci_bus(guest: DomainDefinition, address: PciAddress) -> str:
    """The name of the PCI bus: the controller's, and inside it the bus that QEMU made of it."""
    controller = guest.devices.controller(ControllerType.PCI, address.bus)
    if controller is None or controller.info.alias is None:
        raise InternalError(f"Could not find PCI controller with index '{address.bus}' required for device")
    bridge_number = controller.pci_target.index or 0
    if controller.model in PCI_ROOTS and not bridge_number:
        # The root bus comes with the machine: no name that a user gave it can reach QEMU.
        return fixed_alias(controller, machine_of(guest))
    # Each further host bridge of a pSeries guest has its bus inside.
    host_bridge = controller.model == PciModel.PCI_ROOT and bridge_number
    return f"{controller.info.alias}.0" if host_bridge else controller.info.alias


_NARROW_SCSI = frozenset({ScsiModel.LSILOGIC, ScsiModel.NCR53C90, ScsiModel.DC390, ScsiModel.AM53C974})
"""Adapters whose bus has only one number for a device."""


def drive_props(guest: DomainDefinition, address: DriveAddress, bus: str) -> Props:
    """The place of a disk on the bus of its controller."""
    match bus:
        case "ide":
            builtin = machine_of(guest).builtin_ide
            alias = "ide" if builtin else controller_alias(guest, ControllerType.IDE, address.controller)
            return props(bus=f"{alias}.{address.bus}", unit=address.unit)
        case "sata":
            builtin = machine_of(guest).q35 and address.controller == 0
            alias = "ide" if builtin else controller_alias(guest, ControllerType.SATA, address.controller)
            return props(bus=f"{alias}.{address.unit}")
        case "fdc":
            return props(unit=address.unit)
    controller = guest.devices.controller(ControllerType.SCSI, address.controller)
    alias = controller_alias(guest, ControllerType.SCSI, address.controller)
    if controller is not None and controller.model in _NARROW_SCSI:
        return props(bus=f"{alias}.{address.bus}", scsi_id=address.unit)
    return props(bus=f"{alias}.0", channel=address.bus, scsi_id=address.target, lun=address.unit)
