# SPDX-License-Identifier: LGPL-2.1-or-later
"""File systems of the host, shown to the guest by 9p, virtiofs or MTP."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.devices.common import add_companion, place, virtio_props
from covirt.drivers.qemu.devices.disk import vhost_user_chardev
from covirt.model.domain.devices.chardev import UnixChardev
from covirt.model.domain.devices.filesystem import AccessMode, Filesystem, FilesystemDriverType

_SECURITY = {AccessMode.MAPPED: "mapped", AccessMode.PASSTHROUGH: "passthrough", AccessMode.SQUASH: "none"}


def build(filesystem: Filesystem, build: Build) -> None:
    """The back end, and the device."""
    match filesystem.driver.type:
        case FilesystemDriverType.VIRTIOFS:
            alias = str(filesystem.info.alias)
            path = filesystem.socket or build.prepared.sockets.get(alias, f"{build.prepared.directory}/{alias}-fs.sock")
            chardev.add(build, UnixChardev(path=path), vhost_user_chardev(alias), None)
            add_companion(build, filesystem.info)
            build.argv.device(virtiofs_frontend(filesystem, build))
        case FilesystemDriverType.MTP:
            build.argv.device(mtp_frontend(filesystem, build))
        case None | FilesystemDriverType.PATH | FilesystemDriverType.HANDLE:
            build.argv.add("-fsdev", _fsdev(filesystem))
            add_companion(build, filesystem.info)
            build.argv.device(p9_frontend(filesystem, build))


def virtiofs_frontend(filesystem: Filesystem, build: Build) -> Props:
    """A device that virtiofsd serves."""
    info, driver = filesystem.info, filesystem.driver
    return (
        virtio_props(build, "vhost-user-fs", info, driver.virtio, filesystem.model)
        | props(
            id=info.alias,
            chardev=vhost_user_chardev(info.alias),
            queue_size=driver.queue or None,
            tag=filesystem.target,
            bootindex=filesystem.boot.order if filesystem.boot else None,
        )
        | place(build, info)
    )


def mtp_frontend(filesystem: Filesystem, build: Build) -> Props:
    """A USB device as cameras and telephones have it."""
    made = props(
        driver="usb-mtp",
        id=filesystem.info.alias,
        rootdir=filesystem.source.path,
        desc=filesystem.target,
        readonly=filesystem.readonly,
    )
    return made | place(build, filesystem.info)


def p9_frontend(filesystem: Filesystem, build: Build) -> Props:
    """A 9p device."""
    info = filesystem.info
    return (
        virtio_props(build, "virtio-9p", info, filesystem.driver.virtio, filesystem.model)
        | props({"id": info.alias, "fsdev": f"fsdev-{info.alias}", "mount_tag": filesystem.target})
        | place(build, info)
    )


def _fsdev(filesystem: Filesystem) -> str:
    driver = filesystem.driver
    if driver.type is FilesystemDriverType.HANDLE:
        option = "handle"
    else:
        option = "local"
        if filesystem.accessmode in _SECURITY:
            option += f",security_model={_SECURITY[filesystem.accessmode]}"
        if filesystem.multidevs:
            option += f",multidevs={filesystem.multidevs}"
        for name in ("fmode", "dmode"):
            if mode := getattr(filesystem, name):
                option += f",{name}={mode:04o}"
    if driver.wrpolicy:
        option += f",writeout={driver.wrpolicy}"
    path = (filesystem.source.path or "").replace(",", ",,")
    return f"{option},id=fsdev-{filesystem.info.alias},path={path}{',readonly' if filesystem.readonly else ''}"
