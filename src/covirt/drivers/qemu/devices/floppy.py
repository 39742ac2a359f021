# SPDX-License-Identifier: LGPL-2.1-or-later
"""The controller of floppy disks: part of old machines, a device of its own in newer ones."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import props
from covirt.drivers.qemu.devices.boot import boot_index
from covirt.model.domain.address import DriveAddress
from covirt.model.domain.devices.disk_parts import DiskBus


def build(build: Build) -> None:
    """The controller, and from which of both drives the guest boots."""
    disks = [disk for disk in build.guest.devices.disks if disk.bus is DiskBus.FDC]
    if not disks:
        return
    order: dict[str, int | None] = {"A": None, "B": None}
    for disk in disks:
        unit = disk.info.address.unit if isinstance(disk.info.address, DriveAddress) else 0
        order["B" if unit else "A"] = boot_index(build.guest, disk)
    if build.machine.explicit_fdc:
        build.argv.device(props(driver="isa-fdc", bootindexA=order["A"], bootindexB=order["B"]))
        return
    for drive, index in order.items():
        if index:
            build.argv.add("-global", f"isa-fdc.bootindex{drive}={index}")
