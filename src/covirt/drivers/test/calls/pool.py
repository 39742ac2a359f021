# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pretended storage pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from covirt import xml as documents
from covirt.api.binding import CallTable
from covirt.api.enums import NoFlags
from covirt.api.handles import StoragePool, StorageVol
from covirt.api.request import Request
from covirt.api.storage import pool as api
from covirt.api.storage.pool import (
    ConnectListAllStoragePoolsFlags,
    StoragePoolBuildFlags,
    StoragePoolCreateFlags,
    StoragePoolDefineFlags,
    StoragePoolDeleteFlags,
    StoragePoolEventLifecycleType,
    StoragePoolInfo,
    StoragePoolLifecycle,
    StoragePoolRefresh,
    StoragePoolState,
    StorageXMLFlags,
)
from covirt.drivers.common.kept import matching
from covirt.drivers.test.adapters import start_adapter, stop_adapter
from covirt.drivers.test.objects import PretendedPool, VolumePlace
from covirt.errors import InternalError, InvalidArg, NoSupport, OperationInvalid
from covirt.model.storage.formats import PoolType
from covirt.model.storage.pool import PoolDevice, PoolHost, PoolSource, PoolSources, StoragePoolDefinition
from covirt.values import Uuid

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedPool]
    VolumeReq = Request[TestDriver, VolumePlace]

calls = CallTable()

# Finding

_List = ConnectListAllStoragePoolsFlags


def _is_type(type: PoolType) -> Any:
    return lambda pool: pool.definition.type is type


_GROUPS: Any = (
    {_List.ACTIVE: lambda pool: pool.active, _List.INACTIVE: lambda pool: not pool.active},
    {_List.PERSISTENT: lambda pool: pool.persistent, _List.TRANSIENT: lambda pool: not pool.persistent},
    {_List.AUTOSTART: lambda pool: pool.autostart, _List.NO_AUTOSTART: lambda pool: not pool.autostart},
    {_List.__members__[type.name]: _is_type(type) for type in PoolType},
)


@calls.implements(api.list_all_storage_pools)
async def list_all_storage_pools(req: Req, flags: ConnectListAllStoragePoolsFlags) -> list[StoragePool]:
    """Those that match the flags."""
    return [pool.handle for pool in matching(req.driver.pools, flags, _GROUPS)]


@calls.implements(api.storage_pool_lookup_by_name)
async def storage_pool_lookup_by_name(req: Req, name: str) -> StoragePool:
    """The one of that name."""
    return req.driver.pools.by_name(name).handle


@calls.implements(api.storage_pool_lookup_by_uuid)
async def storage_pool_lookup_by_uuid(req: Req, uuid: Uuid) -> StoragePool:
    """The one of that uuid."""
    return req.driver.pools.by_uuid(uuid).handle


@calls.implements(api.storage_pool_lookup_by_volume)
async def storage_pool_lookup_by_volume(req: VolumeReq) -> StoragePool:
    """The one that a volume says it is in."""
    return req.found.pool.handle


async def _visible(req: Req, *, active: bool) -> list[StoragePool]:
    return await req.visible([pool.handle for pool in req.driver.pools if pool.active is active])


@calls.implements(api.num_of_storage_pools)
async def num_of_storage_pools(req: Req) -> int:
    """How many are up."""
    return len(await _visible(req, active=True))


@calls.implements(api.list_storage_pools)
async def list_storage_pools(req: Req) -> list[str]:
    """The names of those that are up."""
    return [handle.name for handle in await _visible(req, active=True)]


@calls.implements(api.num_of_defined_storage_pools)
async def num_of_defined_storage_pools(req: Req) -> int:
    """How many are down."""
    return len(await _visible(req, active=False))


@calls.implements(api.list_defined_storage_pools)
async def list_defined_storage_pools(req: Req) -> list[str]:
    """The names of those that are down."""
    return [handle.name for handle in await _visible(req, active=False)]


# Sources


@calls.implements(api.find_storage_pool_sources)
async def find_storage_pool_sources(req: Req, type: str, src_spec: str | None, flags: NoFlags) -> str:
    """Two volume groups, or a share of a server."""
    if type not in tuple(PoolType) or type == PoolType.DIR:
        raise InternalError(f"unknown storage pool type {type}")
    asked = documents.parse(PoolSource, src_spec).value if src_spec is not None else None
    if type == PoolType.LOGICAL:
        found = [
            PoolSource(devices=[PoolDevice(path=f"/dev/sda{number + 19}")], name=f"testvg{number}", format="lvm2")
            for number in (1, 2)
        ]
    elif type == PoolType.NETFS:
        if asked is None or not asked.hosts:
            raise InvalidArg("hostname must be specified for netfs sources")
        found = [PoolSource(hosts=[PoolHost(name=asked.hosts[0].name)], dir="/testshare", format="nfs")]
    else:
        raise NoSupport(f"pool type '{type}' does not support source discovery")
    return documents.format(PoolSources(sources=found))


# Definitions


@calls.implements(api.storage_pool_define_xml)
async def storage_pool_define_xml(req: Req, xml: str, flags: StoragePoolDefineFlags) -> StoragePool:
    """Keep a definition; the pool is as empty as a new one."""
    definition = documents.parse(StoragePoolDefinition, xml, validate=StoragePoolDefineFlags.VALIDATE in flags).value
    await req.authorize(StoragePool(definition.known_name, definition.uuid))
    pool = req.driver.pools.check(definition)
    if pool is None:
        pool = req.driver.pools.add(PretendedPool(definition, persistent=True))
    elif pool.active:
        pool.next = definition
    else:
        pool.definition = definition
    pool.persistent = True
    pool.forget_use()
    _tell(req, pool, StoragePoolEventLifecycleType.DEFINED)
    return pool.handle


def _tell(req: Req, pool: PretendedPool, event: StoragePoolEventLifecycleType) -> None:
    req.driver.bus.publish(StoragePoolLifecycle(pool.handle, event, 0))


@calls.implements(api.undefine)
async def undefine(req: Req) -> None:
    """Forget a pool that is down."""
    req.found.require_inactive()
    req.driver.pools.remove(req.found)
    _tell(req, req.found, StoragePoolEventLifecycleType.UNDEFINED)


@calls.implements(api.xml_desc, flags=StorageXMLFlags(0))
async def xml_desc(req: Req, flags: StorageXMLFlags) -> str:
    """The definition."""
    return documents.format(req.found.definition)


@calls.implements(api.info)
async def info(req: Req) -> StoragePoolInfo:
    """State and sizes."""
    pool, definition = req.found, req.found.definition
    state = StoragePoolState.RUNNING if pool.active else StoragePoolState.INACTIVE
    return StoragePoolInfo(state, definition.capacity, definition.allocation, definition.available)


@calls.implements(api.is_persistent)
async def is_persistent(req: Req) -> bool:
    """Whether it has a definition of its own."""
    return req.found.persistent


@calls.implements(api.autostart)
async def autostart(req: Req) -> bool:
    """Whether it would start with the host."""
    return req.found.persistent and req.found.autostart


@calls.implements(api.set_autostart)
async def set_autostart(req: Req, autostart: bool) -> None:
    """Mark a pool that is kept."""
    if not req.found.persistent:
        raise InvalidArg("pool has no config file")
    req.found.autostart = autostart


# Life


@calls.implements(api.storage_pool_create_xml, flags=StoragePoolCreateFlags.NORMAL)
async def storage_pool_create_xml(req: Req, xml: str, flags: StoragePoolCreateFlags) -> StoragePool:
    """Start a pool without definition."""
    definition = documents.parse(StoragePoolDefinition, xml).value
    await req.authorize(StoragePool(definition.known_name, definition.uuid))
    pool = req.driver.pools.check(definition, to_start=True)
    if pool is None:
        pool = req.driver.pools.add(PretendedPool(definition, persistent=False))
    else:
        pool.definition, pool.persistent = definition, False
    start_adapter(req.driver, definition)
    pool.forget_use()
    pool.active = True
    _tell(req, pool, StoragePoolEventLifecycleType.STARTED)
    return pool.handle


@calls.implements(api.create, flags=StoragePoolCreateFlags.NORMAL)
async def create(req: Req, flags: StoragePoolCreateFlags) -> None:
    """Start a defined pool."""
    req.found.require_inactive()
    req.found.active = True
    _tell(req, req.found, StoragePoolEventLifecycleType.STARTED)


@calls.implements(api.destroy)
async def destroy(req: Req) -> None:
    """Stop it; a transient one is gone."""
    pool = req.found
    pool.require_active()
    pool.stop()
    stop_adapter(req.driver, pool.definition)
    _tell(req, pool, StoragePoolEventLifecycleType.STOPPED)
    req.driver.pools.remove_if_transient(pool)


@calls.implements(api.build, flags=StoragePoolBuildFlags.NEW)
async def build(req: Req, flags: StoragePoolBuildFlags) -> None:
    """Say that it was built."""
    req.found.require_inactive()
    _tell(req, req.found, StoragePoolEventLifecycleType.CREATED)


@calls.implements(api.delete, flags=StoragePoolDeleteFlags.NORMAL)
async def delete(req: Req, flags: StoragePoolDeleteFlags) -> None:
    """Say that it was deleted."""
    req.found.require_inactive()
    _tell(req, req.found, StoragePoolEventLifecycleType.DELETED)


@calls.implements(api.refresh)
async def refresh(req: Req, flags: NoFlags) -> None:
    """Say that it was looked through."""
    req.found.require_active()
    req.driver.bus.publish(StoragePoolRefresh(req.found.handle))


@calls.implements(api.is_active)
async def is_active(req: Req) -> bool:
    """Whether it is up."""
    return req.found.active


# Volumes


@calls.implements(api.list_all_volumes)
async def list_all_volumes(req: Req, flags: NoFlags) -> list[StorageVol]:
    """All of them."""
    if not req.found.active:
        raise OperationInvalid("storage pool is not active")
    return _volumes(req.found)


def _volumes(pool: PretendedPool) -> list[StorageVol]:
    return [pool.volume_handle(volume) for volume in pool.volumes.values()]


@calls.implements(api.list_volumes)
async def list_volumes(req: Req) -> list[str]:
    """Their names."""
    req.found.require_active()
    return [handle.name for handle in await req.visible(_volumes(req.found))]


@calls.implements(api.num_of_volumes)
async def num_of_volumes(req: Req) -> int:
    """How many there are."""
    req.found.require_active()
    return len(await req.visible(_volumes(req.found)))
