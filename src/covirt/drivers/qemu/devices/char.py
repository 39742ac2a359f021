# SPDX-License-Identifier: LGPL-2.1-or-later
"""Serial and parallel ports, channels and consoles."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.devices.common import place
from covirt.drivers.qemu.machine import RISCV
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.domain.address import CcwAddress, VirtioSerialAddress
from covirt.model.domain.devices.char import (
    Channel,
    Console,
    ConsoleTarget,
    GuestfwdTarget,
    Parallel,
    Serial,
    SerialModel,
    SerialTarget,
    VirtioTarget,
)
from covirt.model.domain.devices.chardev import SpicePortChardev, SpiceVmcChardev
from covirt.model.domain.devices.spice import SpiceDisplay

SPICE_CHANNEL = "com.redhat.spice.0"
"""By which name the guest's SPICE agent finds its port."""

_SERIAL_FLAGS = {
    SerialModel.ISA_SERIAL: "isa-serial",
    SerialModel.USB_SERIAL: "usb-serial",
    SerialModel.PCI_SERIAL: "pci-serial",
    SerialModel.SPAPR_VTY: "spapr-vty",
    SerialModel.SCLPCONSOLE: "s390-sclp",
    SerialModel.SCLPLMCONSOLE: "sclplmconsole",
    SerialModel.PL011: "pl011",
}
"""The capability that a model needs."""
_SCLP = {ConsoleTarget.SCLP: "sclpconsole", ConsoleTarget.SCLPLM: "sclplmconsole"}


def _add_chardev(build: Build, device: Serial | Parallel | Channel | Console) -> None:
    alias = device.info.alias
    chardev.add(build, device.source, chardev.chardev_alias(alias), alias)


# Serial ports


def build_serials(build: Build) -> None:
    """All serial ports; those of a SPICE connection only when there is one."""
    spice = any(isinstance(graphics.display, SpiceDisplay) for graphics in build.guest.devices.graphics)
    for serial in build.guest.devices.serials:
        if isinstance(serial.source, SpicePortChardev) and not spice:
            continue
        _add_chardev(build, serial)
        if part_of_board(serial, build):
            _require_model(serial, build)
            build.argv.add("-serial", f"chardev:{chardev.chardev_alias(serial.info.alias)}")
        else:
            build.argv.device(serial_frontend(serial, build))


def part_of_board(serial: Serial, build: Build) -> bool:
    """Is the port one of the machine's own, which are known by their number only?"""
    arch = build.machine.arch
    if serial.target is SerialTarget.SYSTEM:
        arm = arch in ("armv6l", "armv7l", "aarch64") and serial.model is SerialModel.PL011
        plain = (arch in RISCV or arch == "loongarch64") and serial.model is SerialModel.SERIAL_16550A
        return arm or plain
    return serial.target is None


def _require_model(serial: Serial, build: Build) -> None:
    flag = _SERIAL_FLAGS.get(serial.model) if serial.model else None
    if flag and flag not in build.caps:
        raise ConfigUnsupported(f"'{serial.model}' is not supported in this QEMU binary")


def serial_frontend(serial: Serial, build: Build) -> Props:
    """A serial port that is a device."""
    if serial.model in (None, SerialModel.PL011, SerialModel.SERIAL_16550A):
        raise InternalError("Invalid target model for serial device")
    _require_model(serial, build)
    alias = serial.info.alias
    made = props(driver=serial.model, chardev=chardev.chardev_alias(alias), id=alias)
    if serial.model is SerialModel.ISA_SERIAL:
        made |= props(index=serial.port)
    return made | place(build, serial.info)


def build_parallels(build: Build) -> None:
    """All parallel ports."""
    for parallel in build.guest.devices.parallels:
        _add_chardev(build, parallel)
        alias = parallel.info.alias
        build.argv.device(props(driver="isa-parallel", chardev=chardev.chardev_alias(alias), id=alias))


# Channels and consoles


def build_channels(build: Build) -> None:
    """All channels."""
    for channel in build.guest.devices.channels:
        _add_chardev(build, channel)
        if isinstance(channel.target, GuestfwdTarget):
            build.argv.netdev(guestfwd_props(channel, channel.target))
        elif isinstance(channel.target, VirtioTarget):
            build.argv.device(port_frontend(channel, build))


def guestfwd_props(channel: Channel, target: GuestfwdTarget) -> Props:
    """A private network in which connections to one address come out of a character device."""
    alias = channel.info.alias
    rule = f"tcp:{target.address}:{target.port}-chardev:{chardev.chardev_alias(alias)}"
    return {"type": "user", "guestfwd": [{"str": rule}], "id": alias}


def build_consoles(build: Build) -> None:
    """All consoles but those that are other names for serial ports."""
    for console in build.guest.devices.consoles:
        if console.target in _SCLP:
            _add_chardev(build, console)
            alias = console.info.alias
            driver = _SCLP[console.target]
            build.argv.device(props(driver=driver, chardev=chardev.chardev_alias(alias), id=alias))
        elif console.target is ConsoleTarget.VIRTIO:
            _add_chardev(build, console)
            build.argv.device(port_frontend(console, build))


def port_frontend(device: Channel | Console, build: Build) -> Props:
    """A port of a virtio-serial controller."""
    address, alias = device.info.address, device.info.alias
    if address is not None and not isinstance(address, CcwAddress | VirtioSerialAddress):
        raise InternalError("virtio serial device has invalid address type")
    made = props(driver="virtconsole" if isinstance(device, Console) else "virtserialport")
    return (
        made
        | place(build, device.info)
        | props(chardev=chardev.chardev_alias(alias), id=alias, name=_port_name(device))
    )


def _port_name(device: Channel | Console) -> str | None:
    if isinstance(device, Console) or not isinstance(device.target, VirtioTarget):
        return None
    name = device.target.name
    if isinstance(device.source, SpiceVmcChardev):
        if name not in (None, SPICE_CHANNEL):
            raise ConfigUnsupported(f"Unsupported spicevmc target name '{name}'")
        return SPICE_CHANNEL
    return name
