# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kinds of storage pools: what describes their source, and which formats they and their volumes have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, StrEnum, auto


class PoolType(StrEnum):
    """What a pool is made of."""

    DIR = "dir"
    FS = "fs"
    NETFS = "netfs"
    LOGICAL = "logical"
    DISK = "disk"
    ISCSI = "iscsi"
    ISCSI_DIRECT = "iscsi-direct"
    SCSI = "scsi"
    MPATH = "mpath"
    RBD = "rbd"
    SHEEPDOG = "sheepdog"
    GLUSTER = "gluster"
    ZFS = "zfs"
    VSTORAGE = "vstorage"


class Needs(Flag):
    """What the source of a pool is described by."""

    HOST = auto()
    DEVICE = auto()
    DIR = auto()
    ADAPTER = auto()
    NAME = auto()
    INITIATOR = auto()
    NETWORK = auto()
    """The pool has no path on this host."""


NOTHING = Needs(0)


@dataclass(frozen=True, slots=True)
class Formats:
    """The words for a format; the default is what an absent word means."""

    words: tuple[str, ...]
    default: str
    unreadable: frozenset[str] = frozenset()
    """Words that are written but not accepted."""

    def known(self, word: str) -> bool:
        """Whether a document may say this word."""
        return word in self.words and word not in self.unreadable


IMAGE_FORMATS = (
    "none", "raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi",
    "fat", "vhd", "ploop", "cow", "qcow", "qcow2", "qed", "vmdk",
)  # fmt: skip

_IMAGES = Formats(IMAGE_FORMATS, "raw", frozenset({"none"}))
_PARTITIONS = Formats(("none", "linux", "fat16", "fat32", "linux-swap", "linux-lvm", "linux-raid", "extended"), "none")
_FILE_SYSTEMS = Formats(
    ("auto", "ext2", "ext3", "ext4", "ufs", "iso9660", "udf", "gfs", "gfs2", "vfat", "hfs+", "xfs", "ocfs2", "vmfs"),
    "auto",
)
_NETWORK_FILE_SYSTEMS = Formats(("auto", "nfs", "glusterfs", "cifs"), "auto")
_PARTITION_TABLES = Formats(("unknown", "dos", "dvh", "gpt", "mac", "bsd", "pc98", "sun", "lvm2"), "unknown")
_VOLUME_GROUPS = Formats(("unknown", "lvm2"), "lvm2")


@dataclass(frozen=True, slots=True)
class PoolKind:
    """What one type of pools is like."""

    needs: Needs = NOTHING
    pool: Formats | None = None
    volume: Formats | None = None

    @property
    def has_target(self) -> bool:
        """Whether its volumes have a path on this host."""
        return not self.needs & Needs.NETWORK


KINDS: dict[PoolType, PoolKind] = {
    PoolType.LOGICAL: PoolKind(Needs.NAME | Needs.DEVICE, pool=_VOLUME_GROUPS),
    PoolType.DIR: PoolKind(volume=_IMAGES),
    PoolType.FS: PoolKind(Needs.DEVICE, _FILE_SYSTEMS, _IMAGES),
    PoolType.NETFS: PoolKind(Needs.HOST | Needs.DIR, _NETWORK_FILE_SYSTEMS, _IMAGES),
    PoolType.ISCSI: PoolKind(Needs.HOST | Needs.DEVICE | Needs.INITIATOR),
    PoolType.ISCSI_DIRECT: PoolKind(Needs.HOST | Needs.DEVICE | Needs.NETWORK | Needs.INITIATOR),
    PoolType.SCSI: PoolKind(Needs.ADAPTER),
    PoolType.RBD: PoolKind(Needs.HOST | Needs.NETWORK | Needs.NAME, volume=_IMAGES),
    PoolType.SHEEPDOG: PoolKind(Needs.HOST | Needs.NETWORK | Needs.NAME),
    PoolType.GLUSTER: PoolKind(Needs.HOST | Needs.NETWORK | Needs.NAME | Needs.DIR, volume=_IMAGES),
    PoolType.MPATH: PoolKind(),
    PoolType.DISK: PoolKind(Needs.DEVICE, _PARTITION_TABLES, _PARTITIONS),
    PoolType.ZFS: PoolKind(Needs.NAME | Needs.DEVICE),
    PoolType.VSTORAGE: PoolKind(Needs.NAME, volume=_IMAGES),
}
