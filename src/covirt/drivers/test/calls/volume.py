# SPDX-License-Identifier: LGPL-2.1-or-later
"""The volumes of pretended pools."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from covirt import xml as documents
from covirt.api.binding import CallTable
from covirt.api.enums import NoFlags
from covirt.api.handles import Connect, StorageVol
from covirt.api.request import Request
from covirt.api.storage import volume as api
from covirt.api.storage.volume import StorageVolCreateFlags, StorageVolDeleteFlags, StorageVolInfo, StorageVolType
from covirt.drivers.test.objects import PretendedPool, VolumePlace
from covirt.errors import InternalError, NoSuchStorageVol, OperationFailed
from covirt.model.storage.formats import PoolType
from covirt.model.storage.volume import VolumeDefinition

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    ConnectReq = Request[TestDriver, Connect]
    PoolReq = Request[TestDriver, PretendedPool]
    Req = Request[TestDriver, VolumePlace]

calls = CallTable()

# Finding


@calls.implements(api.storage_vol_lookup_by_name)
async def storage_vol_lookup_by_name(req: PoolReq, name: str) -> StorageVol:
    """The one of that name in a pool."""
    req.found.require_active()
    return req.found.volume_handle(req.found.volume(name))


@calls.implements(api.storage_vol_lookup_by_key)
async def storage_vol_lookup_by_key(req: ConnectReq, key: str) -> StorageVol:
    """The one of that key in any pool."""
    return _find(req, lambda volume: volume.key == key, f"key '{key}'")


@calls.implements(api.storage_vol_lookup_by_path)
async def storage_vol_lookup_by_path(req: ConnectReq, path: str) -> StorageVol:
    """The one at that place in any pool."""
    return _find(req, lambda volume: volume.target.path == path, f"path '{path}'")


def _find(req: ConnectReq, test: Callable[[VolumeDefinition], bool], what: str) -> StorageVol:
    for pool in req.driver.pools:
        for volume in pool.volumes.values() if pool.active else ():
            if test(volume):
                return pool.volume_handle(volume)
    raise NoSuchStorageVol(f"no storage vol with matching {what}")


# Coming and going


@calls.implements(api.create_xml, flags=StorageVolCreateFlags.VALIDATE)
async def create_xml(req: PoolReq, xml: str, flags: StorageVolCreateFlags) -> StorageVol:
    """Make a volume."""
    return await _create(req, xml, flags, None)


@calls.implements(api.create_xml_from, flags=StorageVolCreateFlags.VALIDATE)
async def create_xml_from(req: PoolReq, xml: str, clonevol: StorageVol, flags: StorageVolCreateFlags) -> StorageVol:
    """Make a volume like another of the same pool."""
    return await _create(req, xml, flags, clonevol)


async def _create(req: PoolReq, text: str, flags: StorageVolCreateFlags, like: StorageVol | None) -> StorageVol:
    pool = req.found
    pool.require_active()
    volume = documents.parse(VolumeDefinition, text, validate=StorageVolCreateFlags.VALIDATE in flags).value
    volume.fit(pool.definition.type)
    await req.authorize(StorageVol(pool.name, volume.name, volume.name))
    if volume.name in pool.volumes:
        raise OperationFailed("storage vol already exists")
    if like is not None:
        pool.volume(like.name)
    if pool.definition.allocation + (volume.allocation or 0) > pool.definition.capacity:
        raise InternalError(f"Not enough free space in pool for volume '{volume.name}'")
    volume.key = volume.target.path = None
    pool.add_volume(volume)
    return pool.volume_handle(volume)


@calls.implements(api.delete, flags=StorageVolDeleteFlags.NORMAL)
async def delete(req: Req, flags: StorageVolDeleteFlags) -> None:
    """Forget a volume."""
    req.found.pool.remove_volume(req.found.volume)


# What is told

_FILES = (PoolType.DIR, PoolType.FS, PoolType.NETFS, PoolType.VSTORAGE)
_NETWORK = (PoolType.SHEEPDOG, PoolType.ISCSI_DIRECT, PoolType.GLUSTER, PoolType.RBD)


@calls.implements(api.info)
async def info(req: Req) -> StorageVolInfo:
    """What it is by the type of its pool, and its sizes."""
    volume, type = req.found.volume, req.found.pool.definition.type
    kind = StorageVolType.BLOCK
    if type in _FILES:
        kind = StorageVolType.FILE
    elif type in _NETWORK:
        kind = StorageVolType.NETWORK
    return StorageVolInfo(kind, volume.capacity or 0, volume.allocation or 0)


@calls.implements(api.xml_desc)
async def xml_desc(req: Req, flags: NoFlags) -> str:
    """The definition."""
    return documents.format(req.found.volume)


@calls.implements(api.path)
async def path(req: Req) -> str:
    """Where it is said to be."""
    return req.found.volume.target.path or ""
