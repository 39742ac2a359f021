# SPDX-License-Identifier: LGPL-2.1-or-later
"""The document of a storage volume."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import changed, without
from covirt.model.common.encryption import Encryption
from covirt.model.storage.formats import KINDS, Formats, PoolType
from covirt.model.storage.permissions import Permissions
from covirt.xml import At, Context, Present, Reading, Size, ULong

STORAGE_SIZE = Size("bytes")


class VolumeType(StrEnum):
    """What a volume is on the host."""

    FILE = "file"
    BLOCK = "block"
    DIR = "dir"
    NETWORK = "network"
    NETDIR = "netdir"
    PLOOP = "ploop"


class ImageFeature(StrEnum):
    """What an image of format qcow2 can have more."""

    LAZY_REFCOUNTS = "lazy_refcounts"
    EXTENDED_L2 = "extended_l2"
    DATA_FILE = "data_file"


@dataclass(slots=True, kw_only=True)
class Extent:
    """A stretch of a device that the volume lies on, in bytes."""

    start: Annotated[ULong, At("@start")]
    end: Annotated[ULong, At("@end")]


@dataclass(slots=True, kw_only=True)
class VolumeSourceDevice:
    """A device that the volume lies on."""

    path: Annotated[str, At("@path")]
    extents: Annotated[list[Extent], At("extent")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Timestamps:
    """When the volume was last read, written, changed, and when it was made: seconds, perhaps with nanoseconds."""

    atime: Annotated[str | None, At("atime")] = None
    mtime: Annotated[str | None, At("mtime")] = None
    ctime: Annotated[str | None, At("ctime")] = None
    btime: Annotated[str | None, At("btime")] = None


@dataclass(slots=True, kw_only=True)
class VolumeTarget:
    """The volume as the host has it, or the image that it is based on."""

    path: Annotated[str | None, At("path")] = None
    format: Annotated[str | None, At("format/@type", blank_is_none=True)] = None
    permissions: Annotated[Permissions | None, At("permissions", omit_empty=True)] = None
    timestamps: Annotated[Timestamps | None, At("timestamps")] = None
    encryption: Annotated[Encryption | None, At("encryption")] = None
    compat: Annotated[str | None, At("compat")] = None
    nocow: Annotated[Present, At("nocow")] = False
    cluster_size: Annotated[int, At("clusterSize", omit=0), Size("B", default="bytes")] = 0
    features: Annotated[
        set[ImageFeature] | None,
        At("features", invalid="unsupported feature {value}", error=ConfigUnsupported),
    ] = None

    def fit(self, formats: Formats | None) -> None:
        """Fill in and check the format."""
        if formats is None:
            self.format = None
            return
        word, self.format = self.format, self.format or formats.default
        if word is not None and not formats.known(word):
            raise ConfigUnsupported(f"unknown volume format type {word}")


@dataclass(slots=True, kw_only=True)
class VolumeDefinition:
    """A volume: its size, format and owner.

    It is read for a pool, which decides which formats there are: call `fit` after parsing.
    """

    ELEMENT: ClassVar[str] = "volume"

    type: Annotated[
        VolumeType, At("@type", blank_is_none=True, invalid="unknown volume type '{value}'", error=ConfigUnsupported)
    ] = VolumeType.FILE
    name: Annotated[str, At("name", missing="missing volume name element")]
    key: Annotated[str | None, At("key")] = None
    source: Annotated[list[VolumeSourceDevice], At("source/device")] = field(default_factory=list)
    capacity: Annotated[int | None, At("capacity"), STORAGE_SIZE] = None
    allocation: Annotated[int | None, At("allocation"), STORAGE_SIZE] = None
    physical: Annotated[int | None, At("physical"), STORAGE_SIZE] = None
    target: Annotated[VolumeTarget, At("target", omit_empty=False)] = field(default_factory=VolumeTarget)
    backing: Annotated[VolumeTarget | None, At("backingStore")] = None

    def after_parse(self, reading: Reading) -> None:
        """What only a refresh of the pool can know is not read."""
        self.source, self.physical, self.target.timestamps = [], None, None
        if self.backing is not None and self.backing.path is None:
            self.backing = None
        if self.target.features is not None and self.target.compat is None:
            self.target.compat = "1.1"
        _check_compat(self.target.compat)

    def fit(self, pool: PoolType, *, capacity_optional: bool = False, capacity_ignored: bool = False) -> None:
        """Fill in and check what the type of the pool decides.

        The capacity may be left out where a backing image tells it (`capacity_optional`), or altogether.
        """
        formats = KINDS[pool].volume
        self.target.fit(formats)
        if self.backing:
            self.backing.fit(formats)
        if self.capacity is None:
            if not capacity_ignored and not (capacity_optional and self.backing):
                raise XmlError("missing capacity element")
            self.capacity = 0
        if self.allocation is None:
            self.allocation = self.capacity

    def for_format(self, context: Context) -> VolumeDefinition:
        """Copy-on-write is a wish for creation only and is not written."""
        target = changed(without(self.target), nocow=False)
        return changed(self, target=target, physical=self.physical or None)


def _check_compat(compat: str | None) -> None:
    if compat is None:
        return
    parts = compat.split(".")
    if len(parts) < 2 or not all(part.isdigit() for part in parts[:2]):
        raise XmlError("forbidden characters in 'compat' attribute")
