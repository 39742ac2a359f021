# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disk images as QEMU's block nodes see them: one `Image` for each source of a chain, with what all its nodes need.

A source is up to three nodes: its storage (`libvirt-1-storage`), the part of it that is used, and its format
(`libvirt-1-format`). Raw images of newer QEMU have no format node. Numbers are given once, and kept in the definition.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.node_names import NodeNames
from covirt.errors import InternalError
from covirt.model.common.encryption import EncryptionEngine, EncryptionFormat
from covirt.model.common.storage_source import (
    BackingStore,
    BlockLocation,
    FileLocation,
    IndexedSource,
    StorageFormat,
    StorageSource,
)
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_parts import DiskCache, DiskDetectZeroes, DiskDevice, DiskDiscard, DiskIo

NODE_NAME_LIMIT = 31

CACHE_MODES: dict[DiskCache, tuple[bool, bool, bool]] = {
    DiskCache.NONE: (True, True, False),
    DiskCache.WRITETHROUGH: (False, False, False),
    DiskCache.WRITEBACK: (True, False, False),
    DiskCache.DIRECTSYNC: (False, True, False),
    DiskCache.UNSAFE: (True, False, True),
}
"""What a cache mode means: may writes stay in the cache, is the host's page cache passed by, are flushes ignored."""


@dataclass(slots=True, kw_only=True)
class Image:
    """One source of a chain."""

    source: StorageSource
    format: StorageFormat | None
    name: str
    """The beginning of the names of its nodes."""
    readonly: bool = False
    number: int | None = None
    has_format: bool = True
    """Is there a format node?"""
    cache: DiskCache = DiskCache.DEFAULT
    discard: DiskDiscard | None = None
    detect_zeroes: DiskDetectZeroes | None = None
    io: DiskIo | None = None
    discard_no_unref: bool | None = None
    metadata_cache: int = 0
    floppy: bool = False
    passed_writable: bool | None = None
    """For storage that is a single descriptor of the client's: can QEMU write through it?"""
    backing: Image | None = None
    last: bool = False
    """Is it known that there is nothing below?"""
    data_file: Image | None = None
    names: NodeNames | None = None
    """The names in a guest that runs already, where they are known."""
    bare: bool = False
    """Is only the place asked for, without what this QEMU needs to use it?"""

    @property
    def storage_node(self) -> str:
        """The node that reaches the bytes."""
        if self.names and self.names.storage:
            return self.names.storage
        return self.name if self.name.endswith("-backend") else f"{self.name}-storage"

    @property
    def format_node(self) -> str | None:
        """The node that understands the format."""
        if self.names:
            return self.names.format
        return f"{self.name}-format" if self.has_format else None

    @property
    def slice_node(self) -> str | None:
        """The node that shows a part of the storage."""
        if self.names and self.source.slice:
            return self.names.slice
        return f"libvirt-{self.number}-slice-sto" if self.source.slice else None

    @property
    def lower_node(self) -> str:
        """What the format node reads."""
        return self.slice_node or self.storage_node

    @property
    def node(self) -> str:
        """The node that shows the guest's data."""
        return self.format_node or self.lower_node

    @property
    def encryption_secrets(self) -> list[str]:
        """The names of the secrets that open it."""
        if self.names and self.names.encryption:
            return self.names.encryption
        encryption = self.source.encryption
        count = len(encryption.secrets) if encryption and not self.source.empty else 0
        return [f"{self.format_node or self.storage_node}-encryption-secret{place}" for place in range(count)]

    @property
    def luks(self) -> bool:
        """Is it a raw image under LUKS, decrypted by QEMU?"""
        encryption = self.source.encryption
        return (
            self.format is StorageFormat.RAW
            and encryption is not None
            and encryption.engine in (None, EncryptionEngine.QEMU)
            and encryption.format is EncryptionFormat.LUKS
        )

    def layers(self) -> Iterator[Image]:
        """All images of the chain, each before what it needs."""
        image: Image | None = self
        while image is not None:
            yield image
            if image.data_file is not None:
                yield image.data_file
            image = image.backing

    def common(self, node: str, *, top: bool) -> Props:
        """What all nodes are told; `top` says that the guest (or an image above) reads this very node."""
        if len(node.encode()) > NODE_NAME_LIMIT:
            raise InternalError(f"node-name '{node}' too long for qemu")
        discard: str | None
        readonly = automatic = zeroes = None
        if top:
            discard, zeroes, readonly = self.discard, detect_zeroes(self.discard, self.detect_zeroes), self.readonly
        elif self.passed_writable is not None:
            # A single descriptor cannot be opened anew for writing.
            discard, readonly = "unmap", False if self.passed_writable else self.readonly
        else:
            discard, automatic = "unmap", True
        return props(
            node_name=node,
            read_only=readonly,
            auto_read_only=automatic,
            discard=discard,
            detect_zeroes=zeroes,
            cache=self._cache(),
        )

    def _cache(self) -> Props | None:
        if self.cache not in CACHE_MODES:
            return None
        _, direct, no_flush = CACHE_MODES[self.cache]
        return {"direct": direct, "no-flush": no_flush}


def detect_zeroes(discard: DiskDiscard | None, wanted: DiskDetectZeroes | None) -> DiskDetectZeroes | None:
    """Zeroes can only become holes where holes are let through."""
    if wanted is DiskDetectZeroes.UNMAP and discard is not DiskDiscard.UNMAP:
        return DiskDetectZeroes.ON
    return wanted


def images_of(build: Build, disk: Disk) -> Image:
    """The chain of a disk."""
    top = _image(build, disk, disk.source, disk.format, disk.source.index)
    top.readonly = disk.readonly
    top.metadata_cache = disk.driver.metadata_cache
    top.detect_zeroes = disk.driver.detect_zeroes
    if top.data_file:
        top.data_file.detect_zeroes = disk.driver.detect_zeroes
        top.data_file.readonly = disk.readonly
    _add_backing(build, disk, top, disk.backing_store)
    return top


def _add_backing(build: Build, disk: Disk, above: Image, below: BackingStore | None) -> None:
    if below is None:
        return
    if below.source is None:
        above.last = True
        return
    image = _image(build, disk, below.source, below.format, below.index)
    image.readonly = True
    image.metadata_cache = below.metadata_cache
    if image.data_file:
        image.data_file.readonly = True
    above.backing = image
    _add_backing(build, disk, image, below.backing_store)


def _image(build: Build, disk: Disk, source: StorageSource, format: StorageFormat | None, number: int | None) -> Image:
    driver = disk.driver
    image = Image(
        source=source,
        format=format,
        name=f"libvirt-{number}",
        number=number,
        cache=driver.cache,
        discard=driver.discard,
        io=driver.io,
        discard_no_unref=driver.discard_no_unref,
        floppy=disk.device is DiskDevice.FLOPPY,
        names=NodeNames.of_status(source.private),
    )
    image.passed_writable = _passed_writable(build, image)
    image.has_format = needs_format_node(build, image)
    if source.data_store is not None:
        stored = source.data_store.source
        number = stored.index if isinstance(stored, IndexedSource) else None
        image.data_file = _image(build, disk, stored, source.data_store.format, number)
    return image


def needs_format_node(build: Build, image: Image) -> bool:
    """Raw images can do without, where block jobs can do without."""
    if "blockjob.backing-mask-protocol" not in build.caps or image.format is not StorageFormat.RAW or image.luks:
        return True
    # Only a format node can be read-only above a descriptor that was opened for writing.
    return bool(image.passed_writable)


def _passed_writable(build: Build, image: Image) -> bool | None:
    passed = build.prepared.sets.get(image.storage_node)
    if passed is None or len(passed.files) != 1 or not isinstance(image.source.actual, FileLocation | BlockLocation):
        return None
    return passed.writable
