# SPDX-License-Identifier: LGPL-2.1-or-later
"""Storage pools: places where volumes are kept."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.event import Event, event
from covirt.api.handles import Connect, StoragePool, StorageVol
from covirt.api.layout import Listed, ULong, UpTo, Width
from covirt.api.themes import STORAGE
from covirt.values import Uuid

call = Calls(STORAGE)


class StoragePoolState(Number, prefix="VIR_STORAGE_POOL_"):
    """What a pool does."""

    INACTIVE = 0
    BUILDING = 1
    RUNNING = 2
    DEGRADED = 3
    INACCESSIBLE = 4


class StoragePoolEventID(Number, prefix="VIR_STORAGE_POOL_EVENT_ID_"):
    """The numbers of the kinds of pool events."""

    LIFECYCLE = 0
    REFRESH = 1


class StoragePoolEventLifecycleType(Number, prefix="VIR_STORAGE_POOL_EVENT_"):
    """What happened in the life of a pool."""

    DEFINED = 0
    UNDEFINED = 1
    STARTED = 2
    STOPPED = 3
    CREATED = 4
    DELETED = 5


class ConnectListAllStoragePoolsFlags(Flags, prefix="VIR_CONNECT_LIST_STORAGE_POOLS_"):
    """Which pools to list; flags of one group widen, groups narrow."""

    INACTIVE = 1
    ACTIVE = 1 << 1
    PERSISTENT = 1 << 2
    TRANSIENT = 1 << 3
    AUTOSTART = 1 << 4
    NO_AUTOSTART = 1 << 5
    DIR = 1 << 6
    FS = 1 << 7
    NETFS = 1 << 8
    LOGICAL = 1 << 9
    DISK = 1 << 10
    ISCSI = 1 << 11
    SCSI = 1 << 12
    MPATH = 1 << 13
    RBD = 1 << 14
    SHEEPDOG = 1 << 15
    GLUSTER = 1 << 16
    ZFS = 1 << 17
    VSTORAGE = 1 << 18
    ISCSI_DIRECT = 1 << 19


class StoragePoolCreateFlags(Flags, prefix="VIR_STORAGE_POOL_CREATE_"):
    """What to build when a pool is started."""

    NORMAL = 0
    WITH_BUILD = 1
    WITH_BUILD_OVERWRITE = 1 << 1
    WITH_BUILD_NO_OVERWRITE = 1 << 2


class StoragePoolDefineFlags(Flags, prefix="VIR_STORAGE_POOL_DEFINE_"):
    """How to define a pool."""

    VALIDATE = 1


class StoragePoolBuildFlags(Flags, prefix="VIR_STORAGE_POOL_BUILD_"):
    """How to build a pool."""

    NEW = 0
    REPAIR = 1
    RESIZE = 1 << 1
    NO_OVERWRITE = 1 << 2
    OVERWRITE = 1 << 3


class StoragePoolDeleteFlags(Flags, prefix="VIR_STORAGE_POOL_DELETE_"):
    """How thoroughly to delete a pool."""

    NORMAL = 0
    ZEROED = 1


class StorageXMLFlags(Flags, prefix="VIR_STORAGE_XML_"):
    """What the description of a pool holds."""

    INACTIVE = 1


class StoragePoolInfo(NamedTuple):
    """State and bytes of a pool."""

    state: Annotated[StoragePoolState, Width.UCHAR]
    capacity: ULong
    allocation: ULong
    available: ULong


@call(
    281,
    "virConnectListAllStoragePools",
    acl="connect:search_storage_pools",
    filter="storage_pool:getattr",
    high=True,
    since="0.10.2",
)
def list_all_storage_pools(
    conn: Connect, flags: ConnectListAllStoragePoolsFlags
) -> Annotated[list[StoragePool], Listed(limits.STORAGE_POOL_LIST)]:
    """List the pools that match the flags."""


@call(
    71,
    "virConnectNumOfStoragePools",
    acl="connect:search_storage_pools",
    filter="storage_pool:getattr",
    high=True,
    since="0.4.1",
)
def num_of_storage_pools(conn: Connect) -> int:
    """Count the active pools."""


@call(
    72,
    "virConnectListStoragePools",
    acl="connect:search_storage_pools",
    filter="storage_pool:getattr",
    high=True,
    since="0.4.1",
)
def list_storage_pools(conn: Connect) -> Annotated[list[str], UpTo(limits.STORAGE_POOL_LIST)]:
    """List the names of the active pools."""


@call(
    73,
    "virConnectNumOfDefinedStoragePools",
    acl="connect:search_storage_pools",
    filter="storage_pool:getattr",
    high=True,
    since="0.4.1",
)
def num_of_defined_storage_pools(conn: Connect) -> int:
    """Count the inactive pools."""


@call(
    74,
    "virConnectListDefinedStoragePools",
    acl="connect:search_storage_pools",
    filter="storage_pool:getattr",
    high=True,
    since="0.4.1",
)
def list_defined_storage_pools(conn: Connect) -> Annotated[list[str], UpTo(limits.STORAGE_POOL_LIST)]:
    """List the names of the inactive pools."""


@call(84, "virStoragePoolLookupByName", acl="storage_pool:getattr", high=True, since="0.4.1")
def storage_pool_lookup_by_name(conn: Connect, name: str) -> StoragePool:
    """Find a pool by its name."""


@call(85, "virStoragePoolLookupByUUID", acl="storage_pool:getattr", high=True, since="0.4.1")
def storage_pool_lookup_by_uuid(conn: Connect, uuid: Uuid) -> StoragePool:
    """Find a pool by its uuid."""


@call(86, "virStoragePoolLookupByVolume", acl="storage_pool:getattr", high=True, since="0.4.1")
def storage_pool_lookup_by_volume(vol: StorageVol) -> StoragePool:
    """Find the pool of a volume."""


@call(391, "virStoragePoolLookupByTargetPath", acl="storage_pool:getattr", high=True, since="4.1.0")
def storage_pool_lookup_by_target_path(conn: Connect, path: str) -> StoragePool:
    """Find the pool that is mounted at a path."""


@call(75, "virConnectFindStoragePoolSources", acl="connect:detect_storage_pools", since="0.4.5")
def find_storage_pool_sources(conn: Connect, type: str, src_spec: str | None, flags: NoFlags) -> str:
    """Describe what pools of a type could be made from, as XML."""


@call(403, "virConnectGetStoragePoolCapabilities", acl="connect:read", since="5.2.0")
def get_storage_pool_capabilities(conn: Connect, flags: NoFlags) -> str:
    """Describe what types of pools are possible, as XML."""


@call(76, "virStoragePoolCreateXML", acl=("storage_pool:start", "storage_pool:write"), since="0.4.1")
def storage_pool_create_xml(conn: Connect, xml: str, flags: StoragePoolCreateFlags) -> StoragePool:
    """Start a pool that has no definition of its own."""


@call(77, "virStoragePoolDefineXML", acl=("storage_pool:write", "storage_pool:save"), high=True, since="0.4.1")
def storage_pool_define_xml(conn: Connect, xml: str, flags: StoragePoolDefineFlags) -> StoragePool:
    """Define a pool from XML, or change a defined one."""


@call(78, "virStoragePoolCreate", acl="storage_pool:start", since="0.4.1")
def create(pool: StoragePool, flags: StoragePoolCreateFlags) -> None:
    """Start a defined pool."""


@call(79, "virStoragePoolBuild", acl="storage_pool:format", since="0.4.1")
def build(pool: StoragePool, flags: StoragePoolBuildFlags) -> None:
    """Make the storage that the pool stands on."""


@call(80, "virStoragePoolDestroy", acl="storage_pool:stop", high=True, since="0.4.1")
def destroy(pool: StoragePool) -> None:
    """Stop a pool; its volumes stay."""


@call(81, "virStoragePoolDelete", acl="storage_pool:format", since="0.4.1")
def delete(pool: StoragePool, flags: StoragePoolDeleteFlags) -> None:
    """Delete the storage that the pool stands on."""


@call(82, "virStoragePoolUndefine", acl="storage_pool:delete", high=True, since="0.4.1")
def undefine(pool: StoragePool) -> None:
    """Remove the definition of a pool."""


@call(83, "virStoragePoolRefresh", acl="storage_pool:refresh", since="0.4.1")
def refresh(pool: StoragePool, flags: NoFlags) -> None:
    """Look again which volumes there are."""


@call(87, "virStoragePoolGetInfo", acl="storage_pool:read", high=True, since="0.4.1")
def info(pool: StoragePool) -> StoragePoolInfo:
    """Get state and sizes of the pool."""


@call(88, "virStoragePoolGetXMLDesc", acl="storage_pool:read", high=True, since="0.4.1")
def xml_desc(pool: StoragePool, flags: StorageXMLFlags) -> str:
    """Describe the pool as XML."""


@call(89, "virStoragePoolGetAutostart", acl="storage_pool:read", high=True, since="0.4.1")
def autostart(pool: StoragePool) -> bool:
    """Tell whether the pool is started with the host."""


@call(90, "virStoragePoolSetAutostart", acl="storage_pool:write", high=True, since="0.4.1")
def set_autostart(pool: StoragePool, autostart: bool) -> None:
    """Set whether the pool is started with the host."""


@call(154, "virStoragePoolIsActive", acl="storage_pool:read", high=True, since="0.7.3")
def is_active(pool: StoragePool) -> bool:
    """Tell whether the pool is started."""


@call(155, "virStoragePoolIsPersistent", acl="storage_pool:read", high=True, since="0.7.3")
def is_persistent(pool: StoragePool) -> bool:
    """Tell whether the pool has a definition that outlives its run."""


@call(
    91,
    "virStoragePoolNumOfVolumes",
    acl="storage_pool:search_storage_vols",
    filter="storage_vol:getattr",
    high=True,
    read_only=True,
    since="0.4.1",
)
def num_of_volumes(pool: StoragePool) -> int:
    """Count the volumes of the pool."""


@call(
    92,
    "virStoragePoolListVolumes",
    acl="storage_pool:search_storage_vols",
    filter="storage_vol:getattr",
    high=True,
    read_only=True,
    since="0.4.1",
)
def list_volumes(pool: StoragePool) -> Annotated[list[str], UpTo(limits.STORAGE_VOL_LIST)]:
    """List the names of the volumes of the pool."""


@call(
    282,
    "virStoragePoolListAllVolumes",
    acl="storage_pool:search_storage_vols",
    filter="storage_vol:getattr",
    high=True,
    read_only=True,
    since="0.10.2",
)
def list_all_volumes(pool: StoragePool, flags: NoFlags) -> Annotated[list[StorageVol], Listed(limits.STORAGE_VOL_LIST)]:
    """List the volumes of the pool."""


@event(370, id=0, symbol="VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE", theme=STORAGE)
class StoragePoolLifecycle(Event):
    """A pool was defined, started, stopped or undefined."""

    pool: StoragePool
    event: StoragePoolEventLifecycleType
    detail: int


@event(373, id=1, symbol="VIR_STORAGE_POOL_EVENT_ID_REFRESH", theme=STORAGE)
class StoragePoolRefresh(Event):
    """The volumes of a pool were looked at again."""

    pool: StoragePool
