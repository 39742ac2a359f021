# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keyboards, mice and the like."""

from __future__ import annotations

from covirt.drivers.qemu.check.features import pc_keyboard
from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported
from covirt.model.domain.address import CcwAddress
from covirt.model.domain.devices.input import Input, InputBus, InputType

VIRTIO_DEVICES = {
    InputType.MOUSE: "virtio-mouse",
    InputType.TABLET: "virtio-tablet",
    InputType.KEYBOARD: "virtio-keyboard",
    InputType.PASSTHROUGH: "virtio-input-host",
    InputType.EVDEV: "input-linux",
}
"""QEMU's devices, which also are the names of the capabilities."""

ON_CCW = (InputType.MOUSE, InputType.TABLET, InputType.KEYBOARD)


def check(input: Input, situation: Situation) -> None:
    """Check one input device."""
    if input.bus is InputBus.PS2 and not pc_keyboard(situation):
        raise ConfigUnsupported(f"{input.bus} is not supported by this QEMU binary")
    if input.bus is InputBus.USB and input.type is InputType.KEYBOARD:
        situation.need("usb-kbd", "usb keyboard is not supported by this QEMU binary")
    if input.bus is not InputBus.VIRTIO:
        return
    if input.model not in (None, "virtio"):
        raise ConfigUnsupported(f"virtio (non-)transitional models are not supported for input type={input.type}")
    name = VIRTIO_DEVICES[input.type]
    situation.need(name, f"{name} is not supported by this QEMU binary")
    on_ccw = input.type in ON_CCW and f"{name}-ccw" in situation.caps
    if isinstance(input.info.address, CcwAddress) and not on_ccw:
        raise ConfigUnsupported(f"{name} is not supported by this QEMU binary")
