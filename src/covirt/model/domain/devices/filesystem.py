# SPDX-License-Identifier: LGPL-2.1-or-later
"""Directories, images and memory of the host that the guest sees as file systems."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from covirt.errors import ConfigUnsupported, NoSource, NoTarget, XmlError
from covirt.model.common.copying import changed, without
from covirt.model.common.scalars import OrDefault, Path
from covirt.model.common.storage_source import StorageFormat
from covirt.model.domain.devices.common import Boot, Device, DeviceInfo, VirtioField, VirtioModel, VirtioOptions
from covirt.model.domain.idmap import IdMap
from covirt.xml import At, Choice, Context, Int, Octal, OnOff, Present, Reading, Size, ULong

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition


class AccessMode(StrEnum):
    """As whom files are accessed."""

    PASSTHROUGH = "passthrough"
    MAPPED = "mapped"
    SQUASH = "squash"


class Multidevs(StrEnum):
    """What happens when a directory has parts on several devices."""

    REMAP = "remap"
    FORBID = "forbid"
    WARN = "warn"


class FilesystemDriverType(StrEnum):
    """Which program or kernel driver serves it."""

    PATH = "path"
    HANDLE = "handle"
    LOOP = "loop"
    NBD = "nbd"
    PLOOP = "ploop"
    VIRTIOFS = "virtiofs"
    MTP = "mtp"


class WritePolicy(StrEnum):
    """When writes reach the host's disk."""

    IMMEDIATE = "immediate"


class CacheMode(StrEnum):
    """What virtiofsd lets the guest cache."""

    NONE = "none"
    ALWAYS = "always"


class SandboxMode(StrEnum):
    """How virtiofsd is locked in."""

    NAMESPACE = "namespace"
    CHROOT = "chroot"


@dataclass(slots=True, kw_only=True)
class FilesystemDriver:
    """How it is served."""

    type: Annotated[FilesystemDriverType | None, At("@type"), OrDefault(FilesystemDriverType)] = None
    format: Annotated[
        StorageFormat | None,
        At("@format", invalid="unknown driver format value '{value}'", error=ConfigUnsupported),
    ] = None
    wrpolicy: Annotated[WritePolicy | None, At("@wrpolicy"), OrDefault(WritePolicy)] = None
    queue: Annotated[
        ULong, At("@queue", omit=0, blank_is_none=True, invalid="cannot parse queue size '{value}' for virtiofs")
    ] = 0
    virtio: VirtioField = field(default_factory=VirtioOptions)

    def for_format(self, context: Context) -> FilesystemDriver:
        """Without a type there are only virtio's options."""
        return changed(self, format=None, wrpolicy=None, queue=0) if self.type is None else self


@dataclass(slots=True, kw_only=True)
class VirtiofsBinary:
    """The virtiofsd program and its options."""

    path: Annotated[Path | None, At("@path", blank_is_none=True)] = None
    xattr: Annotated[OnOff | None, At("@xattr")] = None
    cache: Annotated[CacheMode | None, At("cache/@mode")] = None
    sandbox: Annotated[SandboxMode | None, At("sandbox/@mode")] = None
    posix_lock: Annotated[OnOff | None, At("lock/@posix")] = None
    flock: Annotated[OnOff | None, At("lock/@flock")] = None
    thread_pool_size: Annotated[
        Int | None,
        At(
            "thread_pool/@size",
            blank_is_none=True,
            invalid="cannot parse thread pool size '{value}' for virtiofs",
        ),
    ] = None
    openfiles: Annotated[
        ULong,
        At("openfiles/@max", omit=0, blank_is_none=True, invalid="cannot parse openfiles '{value}' for virtiofs"),
    ] = 0

    def after_parse(self, reading: Reading) -> None:
        """A negative size says nothing."""
        if self.thread_pool_size is not None and self.thread_pool_size < 0:
            self.thread_pool_size = None


# Sources


@dataclass(slots=True, kw_only=True)
class DirectorySource:
    """A directory of the host, or the socket of a virtiofsd that is there already."""

    type: Literal["mount", "bind"]
    socket: Annotated[str | None, At("@socket")] = None
    path: Annotated[str | None, At("@dir")] = None

    def for_format(self, context: Context) -> DirectorySource:
        """The one or the other."""
        return without(self, "path") if self.socket is not None else self


@dataclass(slots=True, kw_only=True)
class ImageSource:
    """An image file with a file system."""

    type: Literal["file"] = "file"
    path: Annotated[str | None, At("@file")] = None


@dataclass(slots=True, kw_only=True)
class DeviceSource:
    """A block device with a file system."""

    type: Literal["block"] = "block"
    path: Annotated[str | None, At("@dev")] = None


@dataclass(slots=True, kw_only=True)
class TemplateSource:
    """A file system made after a template."""

    type: Literal["template"] = "template"
    path: Annotated[str | None, At("@name")] = None


@dataclass(slots=True, kw_only=True)
class RamSource:
    """A file system in memory."""

    type: Literal["ram"] = "ram"
    usage: Annotated[
        int,
        At(
            "@usage",
            missing="missing 'usage' attribute for RAM filesystem",
            invalid="cannot parse usage '{value}' for RAM filesystem",
        ),
        Size("KiB", attribute="units"),
    ]
    """The most that it may hold, in KiB."""

    path: ClassVar[None] = None


@dataclass(slots=True, kw_only=True)
class PoolSource:
    """A volume of a storage pool."""

    type: Literal["volume"] = "volume"
    pool: Annotated[str | None, At("@pool")] = None
    volume: Annotated[str | None, At("@volume")] = None

    path: ClassVar[None] = None

    def after_parse(self, reading: Reading) -> None:
        """Both names or none."""
        if (self.pool is None) != (self.volume is None):
            raise XmlError("'pool' and 'volume' must be specified together for 'pool' type source")


FilesystemSource = DirectorySource | ImageSource | DeviceSource | TemplateSource | RamSource | PoolSource


@dataclass(slots=True, kw_only=True)
class Filesystem(Device):
    """A file system of the host, shown to the guest."""

    ELEMENT: ClassVar[str] = "filesystem"
    OPEN: ClassVar[bool] = True

    accessmode: Annotated[AccessMode | None, At("@accessmode"), OrDefault(AccessMode, nothing="")] = None
    model: Annotated[VirtioModel | None, At("@model")] = None
    multidevs: Annotated[Multidevs | None, At("@multidevs"), OrDefault(Multidevs)] = None
    fmode: Annotated[int, At("@fmode", omit=0), Octal(4)] = 0
    dmode: Annotated[int, At("@dmode", omit=0), Octal(4)] = 0
    driver: Annotated[FilesystemDriver, At("driver")] = field(default_factory=FilesystemDriver)
    binary: Annotated[VirtiofsBinary, At("binary")] = field(default_factory=VirtiofsBinary)
    idmap: Annotated[IdMap | None, At("idmap", omit_empty=True)] = None
    source: Annotated[FilesystemSource, At("source"), Choice("../@type", default="mount")]
    target: Annotated[str | None, At("target/@dir", blank_is_none=True)] = None
    readonly: Annotated[Present, At("readonly")] = False
    boot: Annotated[Boot | None, At("boot")] = None
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)
    space_hard_limit: Annotated[int, At("space_hard_limit", omit=0), Size("bytes")] = 0
    space_soft_limit: Annotated[int, At("space_soft_limit", omit=0), Size("bytes")] = 0

    @property
    def type(self) -> str:
        """The kind of source."""
        return self.source.type

    @property
    def socket(self) -> str | None:
        """The socket of a virtiofsd that is there already."""
        return self.source.socket if isinstance(self.source, DirectorySource) else None

    @property
    def virtiofs(self) -> bool:
        """Is it served by virtiofsd?"""
        return self.driver.type is FilesystemDriverType.VIRTIOFS

    def after_parse(self, reading: Reading) -> None:
        """Modes have nine bits; only virtiofs has a program; something must be named."""
        for name in ("fmode", "dmode"):
            mode = getattr(self, name)
            if mode > 0o777:
                raise XmlError(f"invalid {name}: '0{mode:o}'")
        if not self.virtiofs:
            self.binary, self.idmap, self.driver.queue = VirtiofsBinary(), None, 0
        if not isinstance(self.source, RamSource | PoolSource) and self.source.path is None and not self.socket:
            raise NoSource(self.target)

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """Files are accessed as they are."""
        if self.accessmode is None and not self.socket:
            self.accessmode = AccessMode.PASSTHROUGH

    def check(self, guest: DomainDefinition) -> None:
        """The guest's name for it is there and its own."""
        if self.target is None:
            raise NoTarget(self.source.path or self.socket)
        if self.boot and not self.virtiofs:
            raise ConfigUnsupported("boot order is only supported for virtiofs")
        names = [other.target for other in guest.devices.filesystems if other.virtiofs]
        for name in names:
            if names.count(name) > 1:
                raise ConfigUnsupported(f"filesystem target '{name}' specified twice")
        if not self.virtiofs and self.target in names:
            raise ConfigUnsupported(f"filesystem target '{self.target}' specified twice")
