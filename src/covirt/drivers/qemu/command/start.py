# SPDX-License-Identifier: LGPL-2.1-or-later
"""What happens at the start and the end of a run: power management, boot order, kernel, the monitor."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.machine import X86
from covirt.model.domain.devices.chardev import SocketMode, UnixChardev
from covirt.model.domain.lifecycle import Action
from covirt.model.domain.os import AcpiTableType

_SIGNATURES = {AcpiTableType.SLIC: "SLIC", AcpiTableType.MSDM: "MSDM"}


def add_monitor(build: Build) -> None:
    """The socket by which the guest is governed."""
    source = UnixChardev(mode=SocketMode.BIND, path=f"{build.prepared.directory}/monitor.sock")
    chardev.add(build, source, "charmonitor", "monitor")
    build.argv.add("-mon", "chardev=charmonitor,id=monitor,mode=control")


def add_power(build: Build) -> None:
    """What a reset and sleep states do."""
    guest = build.guest
    restarts = "set-action" in build.caps or reboot_allowed(build)
    build.argv.add("-no-shutdown" if restarts else "-no-reboot")
    machine = build.caps.machine(guest.type, guest.os.machine or "")
    untold = machine is None or machine.acpi is None
    if untold and build.machine.arch in X86 | {"aarch64"} and not guest.features.acpi:
        build.argv.add("-no-acpi")
    chip = "ICH9-LPC" if build.machine.q35 else "PIIX4_PM"
    for name, enabled in (("s3", guest.pm.suspend_to_memory), ("s4", guest.pm.suspend_to_disk)):
        if enabled is not None:
            build.argv.add("-global", f"{chip}.disable_{name}={int(not enabled)}")


def reboot_allowed(build: Build) -> bool:
    """Does any end of a run lead to another one, or leave the guest as it is?"""
    lifecycle = build.guest.lifecycle
    return (
        lifecycle.on_reboot is not Action.DESTROY
        or lifecycle.on_poweroff is not Action.DESTROY
        or lifecycle.on_crash not in (Action.DESTROY, Action.COREDUMP_DESTROY)
    )


def add_boot(build: Build) -> None:
    """The firmware's menu, the kernel, and tables for the firmware."""
    system = build.guest.os
    option = ""
    menu, bios = system.boot_menu, system.bios
    if menu and menu.enable is not None:
        option += f"menu={'on' if menu.enable else 'off'},"
    if bios and bios.reboot_timeout is not None:
        option += f"reboot-timeout={bios.reboot_timeout},"
    if menu and menu.timeout is not None:
        option += f"splash-time={menu.timeout},"
    build.argv.add("-boot", f"{option}strict=on")
    for name, value in (
        ("-kernel", system.kernel),
        ("-initrd", system.initrd),
        ("-append", system.cmdline),
        ("-shim", system.shim),
        ("-dtb", system.dtb),
    ):
        if value is not None:
            build.argv.add(name, value)
    for table in system.acpi_tables:
        signature = f"sig={_SIGNATURES[table.type]}," if table.type in _SIGNATURES else ""
        build.argv.add("-acpitable", f"{signature}file={str(table.path).replace(',', ',,')}")
