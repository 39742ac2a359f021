# SPDX-License-Identifier: LGPL-2.1-or-later
"""USB hubs."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import place
from covirt.model.domain.devices.hub import Hub


def build(hub: Hub, build: Build) -> None:
    """The hub."""
    build.argv.device(frontend(hub, build))


def frontend(hub: Hub, build: Build) -> Props:
    """The device."""
    return props(driver="usb-hub", id=hub.info.alias) | place(build, hub.info)
