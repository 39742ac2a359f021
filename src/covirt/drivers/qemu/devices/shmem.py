# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory that is shared with other guests or programs, by name."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.devices.common import add_companion, on_off_auto, place
from covirt.errors import ConfigUnsupported
from covirt.model.domain.address import PciAddress
from covirt.model.domain.devices.chardev import UnixChardev
from covirt.model.domain.devices.shmem import Shmem, ShmemModel, ShmemRole


def build(shmem: Shmem, build: Build) -> None:
    """The memory or the connection to its server, and the device."""
    if not isinstance(shmem.info.address, PciAddress):
        raise ConfigUnsupported("only 'pci' addresses are supported for the shared memory device")
    if shmem.model is not ShmemModel.IVSHMEM_DOORBELL:
        build.argv.object(backend(shmem))
    add_companion(build, shmem.info)
    build.argv.device(frontend(shmem, build))
    if shmem.server is not None:
        path = shmem.server.path or f"/var/lib/libvirt/shmem-{shmem.name}-sock"
        alias = chardev.chardev_alias(shmem.info.alias)
        chardev.add(build, UnixChardev(path=path), alias, shmem.info.alias)


def backend(shmem: Shmem) -> Props:
    """The memory."""
    return {
        "qom-type": "memory-backend-file",
        "id": f"shmmem-{shmem.info.alias}",
        "mem-path": f"/dev/shm/{shmem.name}",
        "size": shmem.size,
        "share": True,
    }


def frontend(shmem: Shmem, build: Build) -> Props:
    """The device."""
    alias, served = shmem.info.alias, shmem.server is not None
    master = None if served or shmem.role is None else shmem.role is ShmemRole.MASTER
    made = props(
        driver=shmem.model,
        id=alias,
        chardev=chardev.chardev_alias(alias) if served else None,
        memdev=None if served else f"shmmem-{alias}",
        master=on_off_auto(master),
        vectors=(shmem.msi.vectors or None) if shmem.msi else None,
        ioeventfd=shmem.msi.ioeventfd if shmem.msi else None,
    )
    return made | place(build, shmem.info)
