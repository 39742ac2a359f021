# SPDX-License-Identifier: LGPL-2.1-or-later
"""What volumes of storage pools really are, and disks whose source may be missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covirt.errors import ConfigUnsupported, Error, InternalError, XmlError
from covirt.model.common.copying import changed
from covirt.model.common.secret import Auth
from covirt.model.common.storage_network import NetworkLocation, StorageHost, StorageProtocol
from covirt.model.common.storage_source import (
    BlockLocation,
    DirLocation,
    FileLocation,
    PoolMode,
    StorageSource,
    VolumeLocation,
)
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import StartupPolicy
from covirt.model.domain.devices.disk import Disk
from covirt.model.storage.pool import StoragePoolDefinition

if TYPE_CHECKING:
    from covirt.drivers.qemu.ready.definition import Starting

ISCSI_PORT = 3260
_BY_PATH = ("dir", "fs", "netfs", "logical", "disk", "scsi", "zfs", "vstorage")
"""Types of pools whose volumes have paths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVolume:
    """A volume of an active pool."""

    pool: StoragePoolDefinition
    type: str
    """`file`, `block`, `dir`, `network`, `netdir` or `ploop`."""
    path: str


def translate(guest: DomainDefinition, starting: Starting) -> None:
    """Find the volumes of all disks, the last one's first; disks that need not be there are dropped."""
    for disk in reversed(list(guest.devices.disks)):
        try:
            for source in disk.sources():
                _translate(source, starting)
        except Error:
            if not _may_be_missing(disk, starting):
                raise
            _drop(guest, disk)


def _may_be_missing(disk: Disk, starting: Starting) -> bool:
    policy = disk.source.startup_policy
    if policy is StartupPolicy.OPTIONAL:
        return starting.new or disk.removable_medium
    return policy is StartupPolicy.REQUISITE and not starting.new


def _drop(guest: DomainDefinition, disk: Disk) -> None:
    """A drive gets empty, a disk goes."""
    if disk.removable_medium:
        disk.source = changed(disk.source, location=FileLocation(), startup_policy=None)
        disk.backing_store = None
    else:
        guest.devices.disks.remove(disk)


def _translate(source: StorageSource, starting: Starting) -> None:
    location = source.location
    if not isinstance(location, VolumeLocation) or location.pool is None or location.actual is not None:
        return
    found = starting.find_volume(location.pool, location.volume or "")
    kind = str(found.pool.type)
    if location.mode and kind != "iscsi":
        raise XmlError("disk source mode is only valid when storage pool is of iscsi type")
    source.auth = None
    if kind in _BY_PATH:
        location.actual = _by_path(found, kind)
    elif kind == "iscsi" and location.mode is not PoolMode.DIRECT:
        location.mode = PoolMode.HOST
        location.actual = BlockLocation(path=found.path)
    elif kind in ("iscsi", "iscsi-direct"):
        location.actual = _iscsi(found.pool, location.volume or "")
        source.auth = _auth(found.pool)
    else:
        raise ConfigUnsupported(f"using '{kind}' pools for backing 'volume' disks isn't yet supported")


def _by_path(found: FoundVolume, kind: str) -> FileLocation | BlockLocation | DirLocation:
    match found.type:
        case "file" | "ploop":
            return FileLocation(path=found.path)
        case "block":
            return BlockLocation(path=found.path)
        case "dir":
            return DirLocation(path=found.path)
    raise InternalError(f"unexpected storage volume type '{found.type}' for storage pool type '{kind}'")


def _iscsi(pool: StoragePoolDefinition, volume: str) -> NetworkLocation:
    """The unit that a volume's name tells, at the pool's server."""
    if len(pool.source.hosts) != 1:
        raise ConfigUnsupported("Expected exactly 1 host for the storage pool")
    words = volume.split(":")
    if len(words) != 4:
        raise InternalError(f"unexpected iscsi volume name '{volume}'")
    host = pool.source.hosts[0]
    return NetworkLocation(
        protocol=StorageProtocol.ISCSI,
        name=f"{pool.source.devices[0].path}/{words[3]}",
        hosts=[StorageHost(name=host.name, port=host.port or ISCSI_PORT)],
        initiator=pool.source.initiator,
    )


def _auth(pool: StoragePoolDefinition) -> Auth | None:
    auth = pool.source.auth
    if auth is None:
        return None
    return changed(auth, type=None, secret=changed(auth.secret, type=auth.secret.type or "iscsi"))
