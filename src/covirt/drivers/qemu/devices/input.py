# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keyboards, mice, tablets, and devices of the host whose events the guest gets."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import add_companion, place, virtio_props
from covirt.errors import InternalError
from covirt.model.domain.devices.input import Input, InputBus, InputGrab, InputType

_USB = {InputType.MOUSE: "usb-mouse", InputType.TABLET: "usb-tablet", InputType.KEYBOARD: "usb-kbd"}
_VIRTIO = {
    InputType.MOUSE: "virtio-mouse",
    InputType.TABLET: "virtio-tablet",
    InputType.KEYBOARD: "virtio-keyboard",
    InputType.PASSTHROUGH: "virtio-input-host",
}


def build(device: Input, build: Build) -> None:
    """The device; those on the PS/2 bus come with the machine."""
    add_companion(build, device.info)
    if device.type is InputType.EVDEV:
        build.argv.object(evdev_props(device))
    elif device.bus in (InputBus.USB, InputBus.VIRTIO):
        build.argv.device(frontend(device, build))


def evdev_props(device: Input) -> Props:
    """The host's device as an object that feeds the guest's keyboards and mice."""
    source = device.source
    return props(
        {
            "qom-type": "input-linux",
            "id": device.info.alias,
            "evdev": source.dev,
            "repeat": source.repeat,
            "grab_all": True if source.grab is InputGrab.ALL else None,
            "grab-toggle": source.grab_toggle,
        }
    )


def frontend(device: Input, build: Build) -> Props:
    """The device on a USB or virtio bus."""
    if device.bus is InputBus.USB:
        made = props(driver=_USB.get(device.type), id=device.info.alias)
    elif device.type not in _VIRTIO:
        raise InternalError(f"Unexpected enum value {device.type} for virDomainInputType")
    else:
        evdev = device.source.evdev if device.type is InputType.PASSTHROUGH else None
        made = virtio_props(build, _VIRTIO[device.type], device.info, device.driver) | props(
            id=device.info.alias, evdev=evdev
        )
    return made | place(build, device.info)
