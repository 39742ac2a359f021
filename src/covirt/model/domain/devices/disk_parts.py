# SPDX-License-Identifier: LGPL-2.1-or-later
"""The parts of a disk element and the words in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import changed
from covirt.model.common.scalars import NonZero
from covirt.model.common.storage_source import BackingStore, FileLocation, IndexedSource, StorageFormat
from covirt.model.domain.devices.common import IothreadMapping, StartupPolicy, VirtioField, VirtioOptions
from covirt.xml import At, Context, OnOff, Reading, Size, Words, YesNo
from covirt.xml.scalars import Enumeration


class DiskDevice(StrEnum):
    """What the guest sees."""

    DISK = "disk"
    CDROM = "cdrom"
    FLOPPY = "floppy"
    LUN = "lun"


class DiskBus(StrEnum):
    """Where the guest sees it."""

    IDE = "ide"
    FDC = "fdc"
    SCSI = "scsi"
    VIRTIO = "virtio"
    XEN = "xen"
    USB = "usb"
    UML = "uml"
    SATA = "sata"
    SD = "sd"


class SnapshotLocation(StrEnum):
    """How a disk takes part in snapshots of the guest."""

    NO = "no"
    INTERNAL = "internal"
    EXTERNAL = "external"
    MANUAL = "manual"


class DiskCache(StrEnum):
    """How the host caches writes and reads."""

    DEFAULT = "default"
    NONE = "none"
    WRITETHROUGH = "writethrough"
    WRITEBACK = "writeback"
    DIRECTSYNC = "directsync"
    UNSAFE = "unsafe"


class DiskErrorPolicy(StrEnum):
    """What happens to the guest when the host cannot read or write."""

    STOP = "stop"
    REPORT = "report"
    IGNORE = "ignore"
    ENOSPACE = "enospace"


class DiskIo(StrEnum):
    """By which interface of the host's kernel the image is accessed."""

    NATIVE = "native"
    THREADS = "threads"
    IO_URING = "io_uring"


class DiskDiscard(StrEnum):
    """What happens when the guest no longer needs a block."""

    UNMAP = "unmap"
    IGNORE = "ignore"


class DiskDetectZeroes(StrEnum):
    """What happens when the guest writes zeroes."""

    OFF = "off"
    ON = "on"
    UNMAP = "unmap"


class DiskTray(StrEnum):
    """The state of a drive's tray."""

    CLOSED = "closed"
    OPEN = "open"


class GeometryTranslation(StrEnum):
    """How a BIOS translates cylinders, heads and sectors."""

    NONE = "none"
    AUTO = "auto"
    LBA = "lba"


class DriverFormat(Enumeration):
    """The format of a disk's image; Xen's old word for raw images is understood."""

    __slots__ = ()

    def read(self, text: str) -> StrEnum:
        """The format of a word."""
        return Enumeration.read(self, "raw" if text == "aio" else text)


@dataclass(slots=True, kw_only=True)
class DiskDriver:
    """How the hypervisor serves the disk."""

    name: Annotated[str | None, At("@name")] = None
    format: Annotated[
        StorageFormat | None,
        At("@type", invalid="unknown driver format value '{value}'", error=ConfigUnsupported),
        DriverFormat(StorageFormat),
    ] = None
    cache: Annotated[DiskCache, At("@cache", omit=DiskCache.DEFAULT)] = DiskCache.DEFAULT
    error_policy: Annotated[DiskErrorPolicy | None, At("@error_policy")] = None
    rerror_policy: Annotated[DiskErrorPolicy | None, At("@rerror_policy")] = None
    io: Annotated[DiskIo | None, At("@io")] = None
    ioeventfd: Annotated[OnOff | None, At("@ioeventfd")] = None
    event_idx: Annotated[OnOff | None, At("@event_idx")] = None
    copy_on_read: Annotated[OnOff | None, At("@copy_on_read")] = None
    discard: Annotated[DiskDiscard | None, At("@discard")] = None
    iothread: Annotated[NonZero | None, At("@iothread")] = None
    detect_zeroes: Annotated[DiskDetectZeroes | None, At("@detect_zeroes")] = None
    discard_no_unref: Annotated[OnOff | None, At("@discard_no_unref")] = None
    queues: Annotated[int, At("@queues", omit=0)] = 0
    queue_size: Annotated[int, At("@queue_size", omit=0)] = 0
    virtio: VirtioField = field(default_factory=VirtioOptions)
    metadata_cache: Annotated[int, At("metadata_cache/max_size", omit=0), Size("bytes")] = 0
    """The most memory that the image's tables may take."""
    iothreads: Annotated[list[IothreadMapping], At("iothreads/iothread")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Reading never runs out of space."""
        if self.rerror_policy is DiskErrorPolicy.ENOSPACE:
            raise ConfigUnsupported(f"Invalid disk read error policy: '{self.rerror_policy}'")


@dataclass(slots=True, kw_only=True)
class DiskSource(IndexedSource):
    """The source of a disk, which may be allowed to be missing."""

    startup_policy: Annotated[StartupPolicy | None, At("@startupPolicy")] = None
    index: Annotated[int | None, At("@index", omit=0)] = None


@dataclass(slots=True, kw_only=True)
class Geometry:
    """The cylinders, heads and sectors that a BIOS is told."""

    cylinders: Annotated[int, At("@cyls")] = 0
    heads: Annotated[int, At("@heads")] = 0
    sectors: Annotated[int, At("@secs")] = 0
    translation: Annotated[GeometryTranslation | None, At("@trans")] = None

    def for_format(self, context: Context) -> Geometry | None:
        """Only a complete geometry is told."""
        return self if self.cylinders and self.heads and self.sectors else None


@dataclass(slots=True, kw_only=True)
class BlockIo:
    """The sizes of blocks that the guest is told."""

    logical_block_size: Annotated[int, At("@logical_block_size", omit=0)] = 0
    physical_block_size: Annotated[int, At("@physical_block_size", omit=0)] = 0
    discard_granularity: Annotated[int, At("@discard_granularity", omit=0)] = 0

    @property
    def any(self) -> bool:
        """Is anything said?"""
        return bool(self.logical_block_size or self.physical_block_size or self.discard_granularity)


class MirrorJob(StrEnum):
    """The job that fills a mirror."""

    COPY = "copy"
    ACTIVE_COMMIT = "active-commit"


class MirrorState(StrEnum):
    """How far a mirror is."""

    NONE = "none"
    READY = "yes"
    ABORT = "abort"
    PIVOT = "pivot"


@dataclass(slots=True, kw_only=True)
class Mirror:
    """The image to which a running block job copies (live only)."""

    file: Annotated[str | None, At("@file")] = None
    """The path once more, for readers from before libvirt 1.2."""
    old_format: Annotated[StorageFormat | None, At("@format")] = None
    """The format once more, for the same readers."""
    job: Annotated[MirrorJob, At("@job", invalid="unknown mirror job type '{value}'", error=ConfigUnsupported)] = (
        MirrorJob.COPY
    )
    ready: Annotated[MirrorState, At("@ready", omit=MirrorState.NONE, invalid="unknown mirror ready state {value}")] = (
        MirrorState.NONE
    )
    format: Annotated[
        StorageFormat | None,
        At("format/@type", blank_is_none=True, invalid="unknown storage source format '{value}'"),
    ] = None
    metadata_cache: Annotated[int, At("format/metadata_cache/max_size", omit=0), Size("bytes")] = 0
    source: Annotated[IndexedSource, At("source")] = field(default_factory=IndexedSource)
    backing_store: Annotated[BackingStore | None, At("backingStore")] = None

    def after_parse(self, reading: Reading) -> None:
        """Old documents say path and format in attributes."""
        if "type" not in reading.element.attributes:
            if self.job is not MirrorJob.COPY:
                raise XmlError("mirror without type only supported by copy job")
            if self.file is None:
                raise XmlError("mirror requires file name")
            self.source = IndexedSource(location=FileLocation(path=self.file))
            self.format, self.backing_store = self.old_format, None
        elif reading.element.child("source") is None:
            raise XmlError("mirror requires source element")
        self.file = self.old_format = None

    def for_format(self, context: Context) -> Mirror:
        """Copies to files say it in the old way too."""
        location = self.source.location
        if self.job is MirrorJob.COPY and isinstance(location, FileLocation):
            return changed(self, file=location.path, old_format=self.format)
        return self


@dataclass(slots=True, kw_only=True)
class Transient:
    """Changes are forgotten when the guest ends; the base image may be shared with other guests."""

    share_backing: Annotated[YesNo | None, At("@shareBacking", omit=False)] = None


@dataclass(slots=True, kw_only=True)
class ThrottleFilter:
    """A throttle group that the disk's requests pass through."""

    group: Annotated[str, At("@group")]


TrueWord = Annotated[bool, Words("true", None)]


@dataclass(slots=True, kw_only=True)
class SecretsPlacement:
    """Whether credentials and encryption stood in ``<disk>``, the older place, rather than in ``<source>``."""

    auth: Annotated[TrueWord, At("@auth")] = False
    encryption: Annotated[TrueWord, At("@enc")] = False
