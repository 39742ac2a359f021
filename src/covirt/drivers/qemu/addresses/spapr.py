# SPDX-License-Identifier: LGPL-2.1-or-later
"""Registers on the virtual I/O bus of pSeries guests."""

from __future__ import annotations

from collections.abc import Iterator

from covirt.drivers.qemu.machine import Machine
from covirt.errors import XmlError
from covirt.model.domain.address import SpaprVioAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.controller import ControllerType, ScsiModel

# QEMU's own first registers: spapr_llan, spapr_vscsi, spapr_vty, spapr_nvram, spapr_tpm.
NETWORK, SCSI, SERIAL, NVRAM, TPM = 0x1000, 0x2000, 0x30000000, 0x3000, 0x4000
STEP = 0x1000


def assign(guest: DomainDefinition, machine: Machine) -> None:
    """Give a register to each device of the bus that has none."""
    for device, first, belongs in _candidates(guest, machine):
        if belongs and not isinstance(device.info.address, SpaprVioAddress):
            device.info.address = SpaprVioAddress()
        if isinstance(device.info.address, SpaprVioAddress):
            _place(guest, device, device.info.address, first)


def _candidates(guest: DomainDefinition, machine: Machine) -> Iterator[tuple[Device, int, bool]]:
    """Devices that can be on the bus, the first register of their kind, and whether they have to be there."""
    devices = guest.devices
    for card in devices.interfaces:
        yield card, NETWORK, card.model == "spapr-vlan"
    for controller in devices.controllers:
        vscsi = controller.type is ControllerType.SCSI and controller.model == ScsiModel.IBMVSCSI
        yield controller, SCSI, vscsi
    for serial in devices.serials:
        yield serial, SERIAL, serial.target == "spapr-vio-serial"
    if devices.nvram:
        yield devices.nvram, NVRAM, machine.pseries
    for tpm in devices.tpms:
        yield tpm, TPM, machine.pseries and tpm.model != "spapr-tpm-proxy"


def _place(guest: DomainDefinition, device: Device, address: SpaprVioAddress, first: int) -> None:
    taken = {
        other.info.address.reg
        for other in guest.devices.with_info()
        if other is not device and isinstance(other.info.address, SpaprVioAddress)
    }
    if address.reg is not None:
        if address.reg in taken:
            raise XmlError(f"spapr-vio address {address.reg:#x} already in use")
        return
    register = first
    while register in taken:
        register += STEP
    address.reg = register
