# SPDX-License-Identifier: LGPL-2.1-or-later
"""Directories of the host, shared with the guest."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported
from covirt.model.domain.address import PciAddress
from covirt.model.domain.devices.filesystem import AccessMode, Filesystem, FilesystemDriverType


def check(filesystem: Filesystem, situation: Situation) -> None:
    """Check one directory."""
    if filesystem.type != "mount":
        raise ConfigUnsupported("only supports mount filesystem type")
    if filesystem.space_hard_limit or filesystem.space_soft_limit:
        raise ConfigUnsupported("filesystem usage limits are not supported with QEMU")
    if filesystem.multidevs is not None:
        situation.need("fsdev.multidevs", "multidevs is not supported with this QEMU binary")
    if (filesystem.fmode or filesystem.dmode) and filesystem.accessmode is not AccessMode.MAPPED:
        raise ConfigUnsupported("fmode and dmode must be used with accessmode=mapped")
    if filesystem.binary.sandbox is not None and filesystem.driver.type is not FilesystemDriverType.VIRTIOFS:
        raise ConfigUnsupported("sandbox can only be used with driver=virtiofs")
    passthrough = filesystem.accessmode is AccessMode.PASSTHROUGH
    match filesystem.driver.type:
        case FilesystemDriverType.HANDLE if not passthrough:
            raise ConfigUnsupported("only supports passthrough accessmode")
        case FilesystemDriverType.LOOP | FilesystemDriverType.NBD | FilesystemDriverType.PLOOP:
            raise ConfigUnsupported("Filesystem driver type not supported")
        case FilesystemDriverType.VIRTIOFS:
            _check_virtiofs(filesystem, situation)
        case FilesystemDriverType.MTP:
            situation.need("usb-mtp", "mtp is not supported with this QEMU binary")
            if not passthrough:
                raise ConfigUnsupported("mtp only supports passthrough accessmode")


def _check_virtiofs(filesystem: Filesystem, situation: Situation) -> None:
    if not filesystem.socket:
        if filesystem.accessmode is not AccessMode.PASSTHROUGH:
            raise ConfigUnsupported("virtiofs only supports passthrough accessmode")
        if filesystem.driver.wrpolicy is not None:
            raise ConfigUnsupported("virtiofs does not support wrpolicy")
    if filesystem.model is not None:
        raise ConfigUnsupported("virtiofs does not support model")
    if filesystem.driver.format is not None:
        raise ConfigUnsupported("virtiofs does not support format")
    situation.need("vhost-user-fs", "virtiofs is not supported with this QEMU binary")
    if filesystem.multidevs is not None:
        raise ConfigUnsupported("virtiofs does not support multidevs")
    if filesystem.fmode or filesystem.dmode:
        raise ConfigUnsupported("virtiofs does not support fmode and dmode")
    situation.need_shared_memory("virtiofs")
    if filesystem.boot:
        situation.need("vhost-user-fs.bootindex", "setting virtiofs boot order is not supported with this QEMU binary")
        if not isinstance(filesystem.info.address, PciAddress | None):
            raise ConfigUnsupported("setting virtiofs boot order is supported only with PCI bus")
