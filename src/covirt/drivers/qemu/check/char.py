# SPDX-License-Identifier: LGPL-2.1-or-later
"""Character devices, and what else has a character device of the host behind it."""

from __future__ import annotations

from typing import Any

from covirt.drivers.qemu.check.situation import Situation
from covirt.drivers.qemu.machine import S390
from covirt.errors import ConfigUnsupported, InvalidArg
from covirt.model.domain.address import CcidAddress
from covirt.model.domain.devices.char import Channel, Console, Parallel, Serial, SerialModel, SerialTarget
from covirt.model.domain.devices.chardev import (
    QemuVdagentChardev,
    SpicePortChardev,
    SpiceVmcChardev,
    TcpChardev,
    TcpProtocol,
    UnixChardev,
)
from covirt.model.domain.devices.redirdev import Redirdev
from covirt.model.domain.devices.rng import EgdBackend, Rng
from covirt.model.domain.devices.smartcard import PassthroughSmartcard, Smartcard

# The host's side


def check_source(source: Any, situation: Situation) -> None:
    """Check a character device of the host."""
    match source:
        case TcpChardev(protocol=TcpProtocol.TELNETS | TcpProtocol.TLS):
            raise ConfigUnsupported(f"tcp chardev protocol '{source.protocol}' not supported")
        case TcpChardev() | UnixChardev():
            if source.reconnect and source.reconnect.enabled and source.reconnect.timeout == 0:
                raise InvalidArg("chardev reconnect source timeout cannot be '0'")
        case QemuVdagentChardev():
            situation.need("chardev.qemu-vdagent", f"chardev '{source.type}' not supported in this QEMU binary")
        case SpiceVmcChardev() | SpicePortChardev():
            if not any(graphics.type == "spice" for graphics in situation.guest.devices.graphics):
                raise ConfigUnsupported(f"chardev '{source.type}' not supported without spice graphics")


# Ports


def check(device: Channel | Console, situation: Situation) -> None:
    """Channels and consoles."""
    check_source(device.source, situation)


def check_parallel(parallel: Parallel, situation: Situation) -> None:
    """Parallel ports."""
    check_source(parallel.source, situation)
    if situation.machine.arch in S390 or situation.machine.pseries:
        raise ConfigUnsupported("parallel ports are not supported")


ADDRESSES = {
    SerialTarget.ISA: "isa",
    SerialTarget.ISA_DEBUG: "isa",
    SerialTarget.USB: "usb",
    SerialTarget.PCI: "pci",
    SerialTarget.SPAPR_VIO: "spapr-vio",
    SerialTarget.SYSTEM: None,
    SerialTarget.SCLP: None,
}
"""The kind of address that a target has; None for those that have none."""

TARGETS = {
    SerialModel.ISA_SERIAL: SerialTarget.ISA,
    SerialModel.USB_SERIAL: SerialTarget.USB,
    SerialModel.PCI_SERIAL: SerialTarget.PCI,
    SerialModel.SPAPR_VTY: SerialTarget.SPAPR_VIO,
    SerialModel.PL011: SerialTarget.SYSTEM,
    SerialModel.SERIAL_16550A: SerialTarget.SYSTEM,
    SerialModel.SCLPCONSOLE: SerialTarget.SCLP,
    SerialModel.SCLPLMCONSOLE: SerialTarget.SCLP,
    SerialModel.ISA_DEBUGCON: SerialTarget.ISA_DEBUG,
}


def check_serial(serial: Serial, situation: Situation) -> None:
    """Serial ports: address, target, model and machine belong together."""
    check_source(serial.source, situation)
    target, model, address = serial.target, serial.model, serial.info.address
    if target is not None and address is not None:
        kind = ADDRESSES[target]
        if kind is None:
            raise ConfigUnsupported(f"Target type '{target}' cannot have an associated address")
        if address.type != kind:
            raise ConfigUnsupported(f"Target type '{target}' requires address type '{kind}'")
    if model is not None and target is not TARGETS[model]:
        raise ConfigUnsupported(f"Target model '{model}' requires target type '{TARGETS[model]}'")
    if not _fits(serial, situation):
        raise ConfigUnsupported(
            f"Serial device with target type '{target or 'none'}' and target model '{model or 'none'}' "
            "not compatible with guest architecture or machine type"
        )


def _fits(serial: Serial, situation: Situation) -> bool:
    machine = situation.machine
    match serial.target, serial.model:
        case SerialTarget.SYSTEM, SerialModel.PL011:
            return machine.arm_virt
        case SerialTarget.SYSTEM, SerialModel.SERIAL_16550A:
            return machine.loongarch_virt or machine.riscv_virt
        case SerialTarget.SPAPR_VIO, _:
            return machine.pseries
        case SerialTarget.SCLP, _:
            return machine.arch in S390
    return True


# Others


def check_smartcard(smartcard: Smartcard, situation: Situation) -> None:
    """QEMU's only card reader has one slot."""
    address = smartcard.info.address
    first = isinstance(address, CcidAddress) and (address.controller, address.slot) == (0, 0)
    if len(situation.guest.devices.smartcards) > 1 or not first:
        raise ConfigUnsupported("this QEMU binary lacks multiple smartcard support")
    if isinstance(smartcard.card, PassthroughSmartcard):
        situation.need("ccid-passthru", "this QEMU binary lacks smartcard passthrough mode support")
        check_source(smartcard.card.source, situation)
    else:
        situation.need("ccid-emulated", "this QEMU binary lacks smartcard host mode support")


def check_rng(rng: Rng, situation: Situation) -> None:
    """Sources of randomness."""
    kind = rng.backend.model
    situation.need(f"rng-{kind}", f"this qemu doesn't support the rng-{kind} backend")
    if isinstance(rng.backend, EgdBackend):
        check_source(rng.backend.source, situation)
    if not situation.offers("rng", "model", rng.model):
        raise ConfigUnsupported(f"domain configuration does not support rng model '{rng.model}'")


def check_redirdev(redirdev: Redirdev, situation: Situation) -> None:
    """USB devices from elsewhere."""
    check_source(redirdev.source, situation)
    situation.need("usb-redir", "USB redirection is not supported by this version of QEMU")
    redirfilter = situation.guest.devices.redirfilter
    if redirfilter and redirfilter.rules:
        situation.need("usb-redir.filter", "USB redirection filter is not supported by this version of QEMU")
