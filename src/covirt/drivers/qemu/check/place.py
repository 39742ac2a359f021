# SPDX-License-Identifier: LGPL-2.1-or-later
"""Addresses that QEMU's buses do not have."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.domain.address import (
    CcwAddress,
    DriveAddress,
    PciAddress,
    SpaprVioAddress,
    UnassignedAddress,
    VirtioS390Address,
)
from covirt.model.domain.devices.common import Device, RomDeviceInfo, info_of
from covirt.model.domain.devices.controller import ControllerType, ScsiModel
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_parts import DiskBus

MAX_ZPCI_UID = 0xFFFF
MAX_SPAPR_REG = 0xFFFFFFFF
MAX_OLD_TARGET = 7


def check(device: Device, situation: Situation) -> None:
    """Check a device's address and what goes with it."""
    info = info_of(device)
    if info is None:
        return
    _check_address(device, situation)
    address = info.address
    if info.acpi_index:
        situation.need("acpi-index", "ACPI index is not supported with this QEMU")
        if not isinstance(address, PciAddress | None):
            raise ConfigUnsupported("ACPI index is only supported for PCI devices")
    tuned = isinstance(info, RomDeviceInfo) and info.rom is not None
    if tuned and not isinstance(address, PciAddress | UnassignedAddress | None):
        raise ConfigUnsupported("ROM tuning is only supported for PCI devices")


def _check_address(device: Device, situation: Situation) -> None:
    match device.info.address:
        case PciAddress() as address:
            _check_zpci(address, situation)
        case SpaprVioAddress(reg=int(reg)) if reg > MAX_SPAPR_REG:
            raise ConfigUnsupported(f"spapr-vio reg='0x{reg:x}' exceeds maximum possible value (0xffffffff)")
        case VirtioS390Address():
            raise ConfigUnsupported("'virtio-s390' addresses are no longer supported")
        case CcwAddress() if not situation.machine.s390_ccw:
            raise ConfigUnsupported(f"CCW addresses are not supported by machine type '{situation.machine.type}'")
        case DriveAddress() as address:
            # What has such an address and is no disk is a SCSI unit of the host.
            bus = device.bus if isinstance(device, Disk) else DiskBus.SCSI
            if bus is DiskBus.SCSI:
                _check_scsi(address, situation)
            elif bus is not None:
                _check_drive(address, bus)


def _check_zpci(address: PciAddress, situation: Situation) -> None:
    zpci = address.zpci
    if zpci is None:
        return
    if (zpci.uid, zpci.fid) != (None, None):
        situation.need("zpci", "This QEMU binary doesn't support zPCI")
    if zpci.uid is not None and not 0 < zpci.uid <= MAX_ZPCI_UID:
        raise XmlError(f"Invalid PCI address uid='0x{zpci.uid:04x}', must be > 0x0000 and <= 0x{MAX_ZPCI_UID:04x}")


def _check_scsi(address: DriveAddress, situation: Situation) -> None:
    if address.bus:
        raise InternalError("SCSI controller only supports 1 bus")
    controller = situation.guest.devices.controller(ControllerType.SCSI, address.controller)
    if controller is None:
        return
    if controller.model == ScsiModel.LSILOGIC:
        if address.target:
            raise ConfigUnsupported("target must be 0 for controller model 'lsilogic'")
    elif "scsi-disk.channel" not in situation.caps and address.target > MAX_OLD_TARGET:
        raise ConfigUnsupported("This QEMU doesn't support target greater than 7")


ONLY_ZERO: dict[DiskBus, tuple[tuple[str, type[Exception], str], ...]] = {
    DiskBus.IDE: (
        ("controller", InternalError, "Only 1 IDE controller is supported"),
        ("target", ConfigUnsupported, "target must be 0 for ide controller"),
    ),
    DiskBus.FDC: (
        ("controller", InternalError, "Only 1 fdc controller is supported"),
        ("bus", InternalError, "Only 1 fdc bus is supported"),
        ("target", ConfigUnsupported, "target must be 0 for controller fdc"),
    ),
    DiskBus.SATA: (
        ("bus", ConfigUnsupported, "bus must be 0 for sata controller"),
        ("target", ConfigUnsupported, "target must be 0 for sata controller"),
    ),
}
"""The parts of an address that are always 0 on a bus."""


def _check_drive(address: DriveAddress, bus: DiskBus) -> None:
    for part, error, message in ONLY_ZERO.get(bus, ()):
        if getattr(address, part):
            raise error(message)
