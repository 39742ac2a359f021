# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks of a guest as QEMU and the host measure them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from covirt.api.domain.block import BlockInfo
from covirt.api.domain.stats_names import DomainStatsBlock
from covirt.api.params import TypedParams
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.live import chain
from covirt.drivers.qemu.monitor.commands import block
from covirt.drivers.qemu.monitor.commands.block import BlockStatistics
from covirt.errors import InvalidArg, OperationInvalid, SystemCallFailed
from covirt.model.common.storage_source import BackingStore, FileLocation, IndexedSource
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.disk import Disk

Source = IndexedSource | BackingStore


@dataclass(frozen=True, slots=True)
class Measured:
    """What QEMU knows of all disks."""

    counters: Mapping[str, BlockStatistics] = field(default_factory=dict)
    nodes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


NOTHING = Measured()


async def measure(guest: QemuGuest) -> Measured:
    """Ask QEMU for all disks at once."""
    counters, nodes = await asyncio.gather(block.statistics(guest.monitor), block.named_nodes(guest.monitor))
    return Measured(counters, nodes)


def find(definition: DomainDefinition, name: str) -> Disk:
    """The disk of a target name or a path."""
    for disk in definition.devices.disks:
        if name in (disk.target, disk.source.path):
            return disk
    raise InvalidArg(f"invalid path {name} not assigned to domain")


def sources(disk: Disk, *, backing: bool) -> Iterator[tuple[Source | None, bool]]:
    """The image of a disk, and those below it when asked for; None is an empty drive."""
    found: list[Source | None] = [*chain(disk)] or [None]
    for place, source in enumerate(found if backing else found[:1]):
        yield source, place > 0


def path_of(source: Source | None) -> str | None:
    """Where an image is."""
    inner = source.source if isinstance(source, BackingStore) else source
    return inner.path if inner is not None else None


def counters_of(known: Measured, disk: Disk) -> BlockStatistics | None:
    """The counters of the drive; QEMU names it by alias or by the path of the device."""
    alias = disk.info.alias or ""
    for name, counters in known.counters.items():
        if name == alias or (name.startswith("/") and alias in name.split("/")):
            return counters
    return None


def node_of(known: Measured, source: Source | None) -> Mapping[str, Any] | None:
    """The uppermost node of an image."""
    number = source.index if source is not None else None
    for kind in ("format", "storage"):
        if (node := known.nodes.get(f"libvirt-{number}-{kind}")) is not None:
            return node
    return None


_COUNTERS = (
    (DomainStatsBlock.SUFFIX_RD_REQS, "read_requests"),
    (DomainStatsBlock.SUFFIX_RD_BYTES, "read_bytes"),
    (DomainStatsBlock.SUFFIX_RD_TIMES, "read_time"),
    (DomainStatsBlock.SUFFIX_WR_REQS, "write_requests"),
    (DomainStatsBlock.SUFFIX_WR_BYTES, "write_bytes"),
    (DomainStatsBlock.SUFFIX_WR_TIMES, "write_time"),
    (DomainStatsBlock.SUFFIX_FL_REQS, "flush_requests"),
    (DomainStatsBlock.SUFFIX_FL_TIMES, "flush_time"),
)


def add_counters(
    made: TypedParams, prefix: str, known: Measured, disk: Disk, source: Source | None, *, below: bool
) -> None:
    """The counters of one image."""
    counters = None if below else counters_of(known, disk)
    if counters is not None:
        for suffix, name in _COUNTERS:
            value = getattr(counters, name)
            if value is not None:
                made.add_ullong(f"{prefix}{suffix}", value)
    for suffix, size in _sizes(known, source, counters):
        if size is not None:
            made.add_ullong(f"{prefix}{suffix}", size)


def _sizes(
    known: Measured, source: Source | None, counters: BlockStatistics | None
) -> Iterator[tuple[DomainStatsBlock, int | None]]:
    image = (node_of(known, source) or {}).get("image", {})
    yield DomainStatsBlock.SUFFIX_ALLOCATION, counters.highest_write if counters else None
    yield DomainStatsBlock.SUFFIX_CAPACITY, image.get("virtual-size")
    yield DomainStatsBlock.SUFFIX_PHYSICAL, image.get("actual-size")


async def sizes(guest: QemuGuest, disk: Disk) -> BlockInfo:
    """What the disk has, takes, and extends to."""
    if disk.source.empty:
        if guest.active:
            return BlockInfo(0, 0, 0)
        raise OperationInvalid(f"disk '{disk.target}' does not currently have a source assigned")
    path = disk.source.path
    allocation, physical = _on_host(path) if path and path.startswith("/") else (0, 0)
    capacity = physical
    if guest.run is not None:
        known = await measure(guest)
        image = (node_of(known, disk.source) or {}).get("image", {})
        capacity = image.get("virtual-size", capacity)
        counters = counters_of(known, disk)
        if not isinstance(disk.source.actual, FileLocation):
            allocation = counters.highest_write or 0 if counters else allocation
    return BlockInfo(allocation, capacity, physical)


def _on_host(path: str) -> tuple[int, int]:
    """The bytes that a file takes on the disk, and its length."""
    try:
        with open(path, "rb") as file:
            found = os.fstat(file.fileno())
            length = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise SystemCallFailed.from_oserror(error, f"cannot stat file '{path}'") from error
    return found.st_blocks * 512, length
