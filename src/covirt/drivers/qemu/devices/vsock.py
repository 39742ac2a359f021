# SPDX-License-Identifier: LGPL-2.1-or-later
"""The vsock device."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import add_companion, place, virtio_props
from covirt.model.domain.devices.vsock import Vsock


def build(vsock: Vsock, build: Build) -> None:
    """The device, which the host's kernel serves through a descriptor."""
    add_companion(build, vsock.info)
    build.argv.device(frontend(vsock, build, str(build.prepared.descriptors[str(vsock.info.alias)])))


def frontend(vsock: Vsock, build: Build, descriptor: str) -> Props:
    """The device; `descriptor` is a number, or a name under which the monitor got it."""
    return (
        virtio_props(build, "vhost-vsock", vsock.info, vsock.driver, vsock.model)
        | props(id=vsock.info.alias, guest_cid=vsock.cid, vhostfd=descriptor)
        | place(build, vsock.info)
    )
