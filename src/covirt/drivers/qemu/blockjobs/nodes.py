# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU tells about the images behind its block nodes: sizes, bitmaps of changed blocks, snapshots within."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from covirt.drivers.qemu.monitor.commands.base import Execute
from covirt.drivers.qemu.monitor.commands.block import named_nodes

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bitmap:
    """A bitmap of the blocks that were written since it was made."""

    name: str
    recording: bool = False
    busy: bool = False
    persistent: bool = False
    inconsistent: bool = False
    granularity: int = 0
    dirty_bytes: int = 0

    @property
    def trustworthy(self) -> bool:
        """Has it seen every write, and will it be there after the next start?"""
        return self.recording and self.persistent and not self.inconsistent


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeImage:
    """The image behind a node."""

    capacity: int
    """In bytes, as the guest sees it."""
    physical: int
    """In bytes on the host."""
    cluster_size: int = 0
    bitmaps: tuple[Bitmap, ...] = ()
    snapshots: tuple[tuple[str, bool], ...] = ()
    """The snapshots within the image: name, and whether the guest's memory is there too."""
    old_qcow2: bool = False
    """Is it qcow2 of version 2, which keeps no bitmaps?"""
    extended_l2: bool = False

    def bitmap(self, name: str) -> Bitmap | None:
        """The bitmap of that name."""
        return next((bitmap for bitmap in self.bitmaps if bitmap.name == name), None)


async def node_images(qemu: Execute) -> dict[str, NodeImage]:
    """Ask QEMU for the images behind all nodes."""
    return images_by_node((await named_nodes(qemu)).values())


def images_by_node(entries: Iterable[Record]) -> dict[str, NodeImage]:
    """Understand QEMU's answer; nodes without a name or a size are none of ours."""
    images: dict[str, NodeImage] = {}
    for entry in entries:
        name, image = entry.get("node-name"), entry.get("image")
        if isinstance(name, str) and isinstance(image, Mapping) and isinstance(image.get("virtual-size"), int):
            images[name] = _image(entry, image)
    return images


def _image(entry: Record, image: Record) -> NodeImage:
    capacity = _count(image, "virtual-size")
    specific = image.get("format-specific")
    data = specific.get("data") if isinstance(specific, Mapping) and specific.get("type") == "qcow2" else None
    qcow2: Record = data if isinstance(data, Mapping) else {}
    return NodeImage(
        capacity=capacity,
        physical=_count(image, "actual-size") if "actual-size" in image else capacity,
        cluster_size=_count(image, "cluster-size"),
        bitmaps=tuple(_bitmap(name, value) for name, value in _named(entry.get("dirty-bitmaps"))),
        snapshots=tuple((name, _count(value, "vm-state-size") > 0) for name, value in _named(image.get("snapshots"))),
        old_qcow2=qcow2.get("compat") == "0.10",
        extended_l2=_true(qcow2, "extended-l2"),
    )


def _bitmap(name: str, entry: Record) -> Bitmap:
    return Bitmap(
        name=name,
        recording=_true(entry, "recording"),
        busy=_true(entry, "busy"),
        persistent=_true(entry, "persistent"),
        inconsistent=_true(entry, "inconsistent"),
        granularity=_count(entry, "granularity"),
        dirty_bytes=_count(entry, "count"),
    )


def _named(entries: object) -> Iterable[tuple[str, Record]]:
    for entry in entries if isinstance(entries, list) else []:
        name = entry.get("name") if isinstance(entry, Mapping) else None
        if isinstance(name, str):
            yield name, entry


def _count(entry: Record, name: str) -> int:
    value = entry.get(name)
    return value if isinstance(value, int) else 0


def _true(entry: Record, name: str) -> bool:
    return entry.get(name) is True
