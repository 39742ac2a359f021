# SPDX-License-Identifier: LGPL-2.1-or-later
"""Panic devices: each kind of machine has its own."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.drivers.qemu.machine import S390
from covirt.errors import ConfigUnsupported
from covirt.model.domain.address import IsaAddress, PciAddress
from covirt.model.domain.devices.panic import Panic, PanicModel


def check_all(situation: Situation) -> None:
    """Check the guest's panic devices."""
    for panic in situation.guest.devices.panics:
        _check(panic, situation)


def _check(panic: Panic, situation: Situation) -> None:
    address, machine = panic.info.address, situation.machine
    match panic.model:
        case PanicModel.S390 if machine.arch not in S390:
            raise ConfigUnsupported("only S390 guests support panic device of model 's390'")
        case PanicModel.HYPERV if not machine.x86:
            raise ConfigUnsupported("only i686 and x86_64 guests support panic device of model 'hyperv'")
        case PanicModel.PSERIES if not machine.pseries:
            raise ConfigUnsupported("only pSeries guests support panic device of model 'pseries'")
        case PanicModel.S390 | PanicModel.HYPERV | PanicModel.PSERIES:
            # No devices, but abilities of processor or firmware.
            if address is not None:
                raise ConfigUnsupported(f"setting the panic device address is not supported for model '{panic.model}'")
        case PanicModel.ISA:
            situation.need("pvpanic", "the QEMU binary does not support the ISA panic device")
            if not isinstance(address, IsaAddress | None):
                raise ConfigUnsupported("panic is supported only with ISA address type")
        case PanicModel.PVPANIC:
            situation.need("pvpanic-pci", "the QEMU binary does not support the PCI pvpanic device")
            if not isinstance(address, PciAddress):
                raise ConfigUnsupported("pvpanic is supported only with PCI address type")
        case None:
            raise ConfigUnsupported("no panic model provided, and no default for the architecture and machine type")
