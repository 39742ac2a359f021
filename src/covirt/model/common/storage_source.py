# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the bytes of a disk are: files, devices, servers, volumes; with credentials, reservations, chains."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from covirt.errors import XmlError
from covirt.model.common.copying import changed, without
from covirt.model.common.encryption import Encryption
from covirt.model.common.pci import PciSlot
from covirt.model.common.seclabel import DeviceSeclabel, check_seclabels_once
from covirt.model.common.secret import Auth
from covirt.model.common.sockets import Reconnect
from covirt.model.common.storage_network import NetworkLocation
from covirt.xml import At, Choice, Context, Element, Reading, Size, ULong, YesNo


class StorageFormat(StrEnum):
    """The layout of an image."""

    RAW = "raw"
    DIR = "dir"
    BOCHS = "bochs"
    CLOOP = "cloop"
    DMG = "dmg"
    ISO = "iso"
    VPC = "vpc"
    VDI = "vdi"
    FAT = "fat"
    VHD = "vhd"
    PLOOP = "ploop"
    COW = "cow"
    QCOW = "qcow"
    QCOW2 = "qcow2"
    QED = "qed"
    VMDK = "vmdk"


class PoolMode(StrEnum):
    """Whether an iSCSI volume is used through the host's device or spoken to directly."""

    HOST = "host"
    DIRECT = "direct"


# Locations: one class per kind of place


@dataclass(slots=True, kw_only=True)
class FileLocation:
    """A file of the host, or a file that the client passes in as a descriptor."""

    type: Literal["file"] = "file"
    path: Annotated[str | None, At("@file")] = None
    fdgroup: Annotated[str | None, At("@fdgroup")] = None

    def after_parse(self, reading: Reading) -> None:
        """Some say "no file" with an empty name."""
        self.path = self.path or None


@dataclass(slots=True, kw_only=True)
class BlockLocation:
    """A block device of the host."""

    type: Literal["block"] = "block"
    path: Annotated[str | None, At("@dev")] = None

    def after_parse(self, reading: Reading) -> None:
        """Some say "no device" with an empty name."""
        self.path = self.path or None


@dataclass(slots=True, kw_only=True)
class DirLocation:
    """A directory of the host, shown as a file system."""

    type: Literal["dir"] = "dir"
    path: Annotated[str | None, At("@dir")] = None

    def after_parse(self, reading: Reading) -> None:
        """Some say "no directory" with an empty name."""
        self.path = self.path or None


@dataclass(slots=True, kw_only=True)
class NvmeLocation:
    """A namespace of an NVMe controller of the host, driven by the hypervisor itself."""

    type: Literal["nvme"] = "nvme"
    kind: Annotated[str, At("@type", missing="missing 'type' attribute to disk source")] = "pci"
    managed: Annotated[YesNo | None, At("@managed")] = None
    namespace: Annotated[ULong, At("@namespace")]
    address: Annotated[PciSlot, At("address", omit_empty=False, missing="NVMe disk source is missing address")]

    path: ClassVar[None] = None

    def after_parse(self, reading: Reading) -> None:
        """Only PCI controllers are known."""
        if "type" not in reading.element.attributes:
            raise XmlError("missing 'type' attribute to disk source")
        if self.kind != "pci":
            raise XmlError(f"unsupported source type '{self.kind}'")


@dataclass(slots=True, kw_only=True)
class VhostUserLocation:
    """A program of the host that serves the disk over a vhost-user socket."""

    type: Literal["vhostuser"] = "vhostuser"
    kind: Annotated[str, At("@type")] = "unix"
    path: Annotated[str, At("@path", missing="missing 'path' attribute for vhostuser disk source")]
    reconnect: Annotated[Reconnect | None, At("reconnect")] = None

    def after_parse(self, reading: Reading) -> None:
        """Only UNIX sockets are known."""
        if "type" not in reading.element.attributes:
            raise XmlError("missing 'type' attribute for vhostuser disk source")
        if self.kind != "unix":
            raise XmlError("invalid 'type' attribute for vhostuser disk source")


@dataclass(slots=True, kw_only=True)
class VhostVdpaLocation:
    """A vDPA block device of the host."""

    type: Literal["vhostvdpa"] = "vhostvdpa"
    device: Annotated[str, At("@dev")]

    path: ClassVar[None] = None


@dataclass(slots=True, kw_only=True)
class VolumeLocation:
    """A volume of a storage pool; what it really is gets known when the guest starts."""

    type: Literal["volume"] = "volume"
    pool: Annotated[str | None, At("@pool")] = None
    volume: Annotated[str | None, At("@volume")] = None
    mode: Annotated[PoolMode | None, At("@mode")] = None
    actual: Annotated[
        FileLocation | BlockLocation | DirLocation | NetworkLocation | None,
        At(".", when=Context.VOLUME_TRANSLATED),
        Choice("@actualType", field="type"),
    ] = None
    """Where the volume is (live only)."""

    @property
    def path(self) -> str | None:
        """The path found for the volume, if any."""
        return self.actual.path if self.actual else None

    def after_parse(self, reading: Reading) -> None:
        """Both names, or none at all for an empty drive."""
        if (self.pool is None) != (self.volume is None):
            raise XmlError("'pool' and 'volume' must be specified together for 'pool' type source")
        if self.pool is None:
            self.mode = None


Location = (
    FileLocation
    | BlockLocation
    | DirLocation
    | NetworkLocation
    | VolumeLocation
    | NvmeLocation
    | VhostUserLocation
    | VhostVdpaLocation
)


# What stands beside the location


@dataclass(slots=True, kw_only=True)
class StorageSlice:
    """The part of a file or device that is used."""

    type: Annotated[str, At("@type")] = "storage"
    offset: Annotated[
        ULong,
        At(
            "@offset",
            blank_is_none=True,
            missing="missing offset or size attribute of slice",
            invalid="malformed value '{value}' of 'offset' attribute of slice",
        ),
    ]
    size: Annotated[
        ULong,
        At(
            "@size",
            blank_is_none=True,
            missing="missing offset or size attribute of slice",
            invalid="malformed value '{value}' of 'size' attribute of slice",
        ),
    ]


@dataclass(slots=True, kw_only=True)
class ReservationsSource:
    """The socket of the helper that makes reservations."""

    type: Annotated[str | None, At("@type", blank_is_none=True)] = None
    path: Annotated[str | None, At("@path", blank_is_none=True)] = None
    mode: Annotated[str | None, At("@mode", blank_is_none=True)] = None


@dataclass(slots=True, kw_only=True)
class Reservations:
    """Persistent reservations of a SCSI unit, made by a helper, ours (managed) or somebody's."""

    managed: Annotated[YesNo, At("@managed")]
    source: Annotated[ReservationsSource | None, At("source")] = None

    @property
    def path(self) -> str | None:
        """The helper's socket."""
        return self.source.path if self.source else None

    def after_parse(self, reading: Reading) -> None:
        """A foreign helper must be told in full."""
        source = self.source or ReservationsSource()
        if not self.managed or source.type or source.path or source.mode:
            needed = {"connection type": source.type, "path": source.path, "connection mode": source.mode}
            for name, value in needed.items():
                if not value:
                    raise XmlError(f"missing {name} for <reservations/>")
        if source.type and source.type != "unix":
            raise XmlError(f"unsupported connection type for <reservations/>: {source.type}")
        if source.mode and source.mode != "client":
            raise XmlError(f"unsupported connection mode for <reservations/>: {source.mode}")

    def for_format(self, context: Context) -> Reservations:
        """The socket of our own helper is no business of a peer."""
        return without(self, "source") if self.managed and context & Context.MIGRATABLE else self


@dataclass(slots=True, kw_only=True)
class StorageSource:
    """Where an image is, and what is needed to use it."""

    location: Annotated[Location, At("."), Choice("../@type", default="file", absent="file")] = field(
        default_factory=FileLocation
    )
    slices: Annotated[list[StorageSlice], At("slices/slice")] = field(default_factory=list)
    seclabels: Annotated[list[DeviceSeclabel], At("seclabel")] = field(default_factory=list)
    auth: Annotated[Auth | None, At("auth")] = None
    encryption: Annotated[Encryption | None, At("encryption")] = None
    reservations: Annotated[Reservations | None, At("reservations")] = None
    data_store: Annotated[DataStore | None, At("dataStore")] = None
    private: Annotated[Element | None, At("privateData", when=Context.STATUS)] = None

    @property
    def type(self) -> str:
        """The kind of place, as written."""
        return self.location.type

    @property
    def actual(self) -> Location:
        """The location itself, or what a volume turned out to be."""
        location = self.location
        return location.actual if isinstance(location, VolumeLocation) and location.actual else location

    @property
    def path(self) -> str | None:
        """The path or name, where the kind of place has one."""
        return self.location.path

    @property
    def slice(self) -> StorageSlice | None:
        """The part of the storage that is used, unless all."""
        return self.slices[0] if self.slices else None

    @property
    def local(self) -> bool:
        """Is it a file or device of this host, so that there is a path?"""
        return isinstance(self.actual, FileLocation | BlockLocation | DirLocation)

    @property
    def empty(self) -> bool:
        """Is there nothing at all, as in a drive without a medium?"""
        return self.local and not self.actual.path

    def after_parse(self, reading: Reading) -> None:
        """Take the first storage slice; refuse double labels."""
        self.slices = [part for part in self.slices if part.type == "storage"][:1]
        check_seclabels_once(self.seclabels)

    def for_format(self, context: Context) -> StorageSource:
        """Labels make no sense for what is not here; credentials of a volume are its pool's."""
        source = self
        if self.seclabels and isinstance(self.actual, NetworkLocation):
            source = changed(source, seclabels=[])
        if self.auth and isinstance(self.location, VolumeLocation):
            source = without(source, "auth")
        if self.data_store and self.data_store.detected and context & Context.INACTIVE:
            source = without(source, "data_store")
        return source


@dataclass(slots=True, kw_only=True)
class IndexedSource(StorageSource):
    """A source that has a number of its own while the guest runs."""

    index: Annotated[int | None, At("@index", omit=0)] = None

    def after_parse(self, reading: Reading) -> None:
        """The number is given anew at each start."""
        StorageSource.after_parse(self, reading)
        if reading.context & Context.INACTIVE:
            self.index = None


# Images: what a chain is made of


@dataclass(slots=True, kw_only=True)
class DataStore:
    """The raw image in which a qcow2 image keeps the guest's data."""

    format: Annotated[
        StorageFormat,
        At(
            "format/@type",
            blank_is_none=True,
            missing="missing data file store format",
            invalid="unknown storage source format '{value}'",
        ),
    ]
    source: Annotated[IndexedSource, At("source", missing="missing disk data file store source")]
    detected: bool = False
    """Found in the image, not told by the document."""

    def for_format(self, context: Context) -> DataStore:
        """Only raw images can serve."""
        return changed(self, format=StorageFormat.RAW)


@dataclass(slots=True, kw_only=True)
class BackingStore:
    """The image below another one; one without a source says that the chain ends."""

    index: Annotated[int | None, At("@index", omit=0)] = None
    format: Annotated[
        StorageFormat | None,
        At("format/@type", blank_is_none=True, invalid="unknown storage source format '{value}'"),
    ] = None
    metadata_cache: Annotated[int, At("format/metadata_cache/max_size", omit=0), Size("bytes")] = 0
    """The most memory that the image's tables may take."""
    source: Annotated[StorageSource | None, At("source")] = None
    backing_store: Annotated[BackingStore | None, At("backingStore")] = None
    detected: bool = False
    """Found in the image, not told by the document."""

    @property
    def terminator(self) -> bool:
        """Does the chain end here?"""
        return self.source is None

    def after_parse(self, reading: Reading) -> None:
        """Without a type it is the end of the chain; with one, everything must be there."""
        if "type" not in reading.element.attributes:
            self.source = self.index = self.format = self.backing_store = None
            self.metadata_cache = 0
            return
        if reading.context & Context.INACTIVE:
            self.index = None
        if self.format is None:
            raise XmlError("missing disk backing store format")
        if self.source is None:
            raise XmlError("missing disk backing store source")

    def for_format(self, context: Context) -> BackingStore | None:
        """What was found at run time is not part of the definition."""
        return None if self.detected and context & Context.INACTIVE else self
