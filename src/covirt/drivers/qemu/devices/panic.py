# SPDX-License-Identifier: LGPL-2.1-or-later
"""Panic notifiers; those of Hyper-V are a processor flag, those of POWER and s390 are always there."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import place
from covirt.model.domain.address import IsaAddress
from covirt.model.domain.devices.panic import Panic, PanicModel


def build(panic: Panic, build: Build) -> None:
    """The device, where it is one."""
    made = frontend(panic, build)
    if made is not None:
        build.argv.device(made)


def frontend(panic: Panic, build: Build) -> Props | None:
    """The device; None where it is none."""
    address = panic.info.address
    if panic.model is PanicModel.ISA:
        return props(driver="pvpanic", ioport=address.iobase if isinstance(address, IsaAddress) else None)
    if panic.model is PanicModel.PVPANIC:
        return props(driver="pvpanic-pci") | place(build, panic.info)
    return None
