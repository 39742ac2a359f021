# SPDX-License-Identifier: LGPL-2.1-or-later
"""The memory balloon."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import add_companion, place, virtio_props
from covirt.model.domain.devices.memballoon import Memballoon, MemballoonModel


def build(build: Build) -> None:
    """The balloon, if the guest has one."""
    balloon = build.guest.devices.memballoon
    if balloon is None or balloon.model is MemballoonModel.NONE:
        return
    add_companion(build, balloon.info)
    build.argv.device(frontend(balloon, build))


def frontend(balloon: Memballoon, build: Build) -> Props:
    """The device."""
    return (
        virtio_props(build, "virtio-balloon", balloon.info, balloon.driver, balloon.model)
        | props(
            id=balloon.info.alias,
            deflate_on_oom=balloon.autodeflate,
            free_page_reporting=balloon.free_page_reporting,
        )
        | place(build, balloon.info)
    )
