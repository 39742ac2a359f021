# SPDX-License-Identifier: LGPL-2.1-or-later
"""Volumes: disks and images in pools."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api.call import Calls, Direction
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Connect, StoragePool, StorageVol
from covirt.api.layout import ULong, Width
from covirt.api.themes import STORAGE

call = Calls(STORAGE)


class StorageVolType(Number, prefix="VIR_STORAGE_VOL_"):
    """What a volume is."""

    FILE = 0
    BLOCK = 1
    DIR = 2
    NETWORK = 3
    NETDIR = 4
    PLOOP = 5


class StorageVolCreateFlags(Flags, prefix="VIR_STORAGE_VOL_CREATE_"):
    """How to make a volume."""

    PREALLOC_METADATA = 1
    REFLINK = 1 << 1
    VALIDATE = 1 << 2


class StorageVolDeleteFlags(Flags, prefix="VIR_STORAGE_VOL_DELETE_"):
    """How thoroughly to delete a volume."""

    NORMAL = 0
    ZEROED = 1
    WITH_SNAPSHOTS = 1 << 1


class StorageVolInfoFlags(Flags, prefix="VIR_STORAGE_VOL_"):
    """Which size of a volume is meant."""

    USE_ALLOCATION = 0
    GET_PHYSICAL = 1


class StorageVolWipeAlgorithm(Number, prefix="VIR_STORAGE_VOL_WIPE_ALG_"):
    """How to overwrite a volume."""

    ZERO = 0
    NNSA = 1
    DOD = 2
    BSI = 3
    GUTMANN = 4
    SCHNEIER = 5
    PFITZNER7 = 6
    PFITZNER33 = 7
    RANDOM = 8
    TRIM = 9


class StorageVolResizeFlags(Flags, prefix="VIR_STORAGE_VOL_RESIZE_"):
    """How to change the size of a volume."""

    ALLOCATE = 1
    DELTA = 1 << 1
    SHRINK = 1 << 2


class StorageVolUploadFlags(Flags, prefix="VIR_STORAGE_VOL_UPLOAD_"):
    """How bytes come into a volume."""

    SPARSE_STREAM = 1


class StorageVolDownloadFlags(Flags, prefix="VIR_STORAGE_VOL_DOWNLOAD_"):
    """How bytes come out of a volume."""

    SPARSE_STREAM = 1


class StorageVolInfo(NamedTuple):
    """Type and bytes of a volume."""

    type: Annotated[StorageVolType, Width.CHAR]
    capacity: ULong
    allocation: ULong


@call(95, "virStorageVolLookupByName", acl="storage_vol:getattr", high=True, since="0.4.1")
def storage_vol_lookup_by_name(pool: StoragePool, name: str) -> StorageVol:
    """Find a volume of a pool by its name."""


@call(96, "virStorageVolLookupByKey", acl="storage_vol:getattr", high=True, since="0.4.1")
def storage_vol_lookup_by_key(conn: Connect, key: str) -> StorageVol:
    """Find a volume by its key."""


@call(97, "virStorageVolLookupByPath", acl="storage_vol:getattr", high=True, since="0.4.1")
def storage_vol_lookup_by_path(conn: Connect, path: str) -> StorageVol:
    """Find a volume by its path."""


@call(93, "virStorageVolCreateXML", acl="storage_vol:create", since="0.4.1")
def create_xml(pool: StoragePool, xml: str, flags: StorageVolCreateFlags) -> StorageVol:
    """Make a volume as XML describes it."""


@call(125, "virStorageVolCreateXMLFrom", acl="storage_vol:create", since="0.6.4")
def create_xml_from(pool: StoragePool, xml: str, clonevol: StorageVol, flags: StorageVolCreateFlags) -> StorageVol:
    """Make a volume as XML describes it, with the contents of another."""


@call(94, "virStorageVolDelete", acl="storage_vol:delete", since="0.4.1")
def delete(vol: StorageVol, flags: StorageVolDeleteFlags) -> None:
    """Delete a volume."""


@call(98, "virStorageVolGetInfo", acl="storage_vol:read", high=True, since="0.4.1")
def info(vol: StorageVol) -> StorageVolInfo:
    """Get type and sizes of the volume."""


@call(378, "virStorageVolGetInfoFlags", acl="storage_vol:read", high=True, since="3.0.0")
def info_flags(vol: StorageVol, flags: StorageVolInfoFlags) -> StorageVolInfo:
    """Get type and sizes of the volume, of which kind the flags say."""


@call(99, "virStorageVolGetXMLDesc", acl="storage_vol:read", high=True, since="0.4.1")
def xml_desc(vol: StorageVol, flags: NoFlags) -> str:
    """Describe the volume as XML."""


@call(100, "virStorageVolGetPath", acl="storage_vol:read", high=True, since="0.4.1")
def path(vol: StorageVol) -> str:
    """Get the path of the volume on the host."""


@call(165, "virStorageVolWipe", acl="storage_vol:format", since="0.8.0")
def wipe(vol: StorageVol, flags: NoFlags) -> None:
    """Overwrite the volume so that its contents cannot be read again."""


@call(259, "virStorageVolWipePattern", acl="storage_vol:format", since="0.9.10")
def wipe_pattern(vol: StorageVol, algorithm: Annotated[StorageVolWipeAlgorithm, Width.UINT], flags: NoFlags) -> None:
    """Overwrite the volume by a chosen procedure."""


@call(260, "virStorageVolResize", acl="storage_vol:resize", since="0.9.10")
def resize(vol: StorageVol, capacity: ULong, flags: StorageVolResizeFlags) -> None:
    """Change the size of the volume."""


@call(
    208,
    "virStorageVolUpload",
    acl="storage_vol:data_write",
    stream=Direction.WRITE,
    sparse_flag=StorageVolUploadFlags.SPARSE_STREAM,
    since="0.9.0",
)
def upload(vol: StorageVol, offset: ULong, length: ULong, flags: StorageVolUploadFlags) -> None:
    """Write the bytes of a stream into the volume."""


@call(
    209,
    "virStorageVolDownload",
    acl="storage_vol:data_read",
    stream=Direction.READ,
    sparse_flag=StorageVolDownloadFlags.SPARSE_STREAM,
    since="0.9.0",
)
def download(vol: StorageVol, offset: ULong, length: ULong, flags: StorageVolDownloadFlags) -> None:
    """Read the volume into a stream."""
