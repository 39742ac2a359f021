# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks: what is in them, their statistics, nodes and media."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from covirt.drivers.qemu.monitor.commands.base import (
    Execute,
    Record,
    flag,
    given,
    number,
    optional_number,
    optional_text,
    records,
)
from covirt.drivers.qemu.monitor.errors import UnexpectedReply

DRIVE_PREFIX = "drive-"
IO_STATUS = ("ok", "failed", "nospace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A disk of the guest."""

    removable: bool = False
    tray: bool = False
    tray_open: bool = False
    empty: bool = False
    node: str | None = None
    io_status: str | None = None


async def disks(qemu: Execute) -> dict[str, Disk]:
    """The disks by alias, and by the path of their device."""
    found: dict[str, Disk] = {}
    for entry in records(await qemu("query-block"), "query-block"):
        disk = _disk(entry)
        names = [_alias(entry), optional_text(entry, "qdev")]
        known = dict.fromkeys(name for name in names if name)
        if not known:
            raise UnexpectedReply("query-block device entry was not in expected format")
        for name in known:
            if name in found:
                raise UnexpectedReply(f"Duplicate block info for '{name}'")
            found[name] = disk
    return found


def _alias(entry: Record) -> str:
    device = optional_text(entry, "device")
    if device is None:
        raise UnexpectedReply("query-block device entry was not in expected format")
    return device.removeprefix(DRIVE_PREFIX)


def _disk(entry: Record) -> Disk:
    inserted, io_status, tray = entry.get("inserted"), optional_text(entry, "io-status"), entry.get("tray_open")
    if io_status not in (None, *IO_STATUS):
        raise UnexpectedReply(f"unknown block IO status: {io_status}")
    return Disk(
        removable=flag(entry, "removable", "cannot read removable value"),
        tray=isinstance(tray, bool),
        tray_open=tray is True,
        empty=not isinstance(inserted, Mapping),
        node=optional_text(inserted, "node-name") if isinstance(inserted, Mapping) else None,
        io_status=io_status,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockStatistics:
    """What a disk or node has done since the guest started; times in nanoseconds."""

    read_bytes: int
    read_requests: int
    read_time: int | None
    write_bytes: int
    write_requests: int
    write_time: int | None
    flush_requests: int | None
    flush_time: int | None
    highest_write: int | None


async def statistics(qemu: Execute) -> dict[str, BlockStatistics]:
    """The statistics of all disks by alias and device, and of all nodes by name."""
    found: dict[str, BlockStatistics] = {}
    for entry in records(await qemu("query-blockstats"), "query-blockstats"):
        _add_chain(found, entry, optional_text(entry, "device") or None, 0)
    for entry in records(await qemu("query-blockstats", {"query-nodes": True}), "query-blockstats"):
        node = optional_text(entry, "node-name")
        if node is not None and node not in found:
            found[node] = _statistics(entry)
    return found


def _add_chain(found: dict[str, BlockStatistics], entry: Record, device: str | None, depth: int) -> None:
    """The statistics of a disk's image and of those below it."""
    alias = f"{device}.{depth}" if device and depth else device
    names = [alias, optional_text(entry, "qdev"), optional_text(entry, "node-name")]
    if not any(names):
        raise UnexpectedReply("blockstats device entry was not in expected format")
    measured = _statistics(entry)
    found.update({name: measured for name in names if name})
    backing = entry.get("backing")
    if isinstance(backing, Mapping):
        _add_chain(found, backing, device, depth + 1)


def _statistics(entry: Record) -> BlockStatistics:
    stats, parent = entry.get("stats"), entry.get("parent")
    if not isinstance(stats, Mapping):
        raise UnexpectedReply("blockstats stats entry was not in expected format")
    below = parent.get("stats") if isinstance(parent, Mapping) else None
    return BlockStatistics(
        read_bytes=_count(stats, "rd_bytes"),
        read_requests=_count(stats, "rd_operations"),
        read_time=_optional_count(stats, "rd_total_time_ns"),
        write_bytes=_count(stats, "wr_bytes"),
        write_requests=_count(stats, "wr_operations"),
        write_time=_optional_count(stats, "wr_total_time_ns"),
        flush_requests=_optional_count(stats, "flush_operations"),
        flush_time=_optional_count(stats, "flush_total_time_ns"),
        highest_write=optional_number(below, "wr_highest_offset") if isinstance(below, Mapping) else None,
    )


def _count(stats: Record, name: str) -> int:
    return number(stats, name, f"cannot read {name} statistic")


def _optional_count(stats: Record, name: str) -> int | None:
    return _count(stats, name) if name in stats else None


async def named_nodes(qemu: Execute) -> dict[str, Record]:
    """All block nodes by name, in QEMU's terms, without the images below them."""
    entries = records(await qemu("query-named-block-nodes", {"flat": True}), "query-named-block-nodes")
    named = ((optional_text(entry, "node-name"), entry) for entry in entries)
    return {name: entry for name, entry in named if name is not None}


async def add_node(qemu: Execute, properties: Mapping[str, object]) -> None:
    """Make a block node."""
    await qemu("blockdev-add", properties)


async def reopen_nodes(qemu: Execute, properties: Sequence[Mapping[str, object]]) -> None:
    """Open block nodes anew with other properties."""
    await qemu("blockdev-reopen", {"options": list(properties)})


async def remove_node(qemu: Execute, name: str) -> None:
    """Remove a block node."""
    await qemu("blockdev-del", {"node-name": name})


async def set_active(qemu: Execute, *, active: bool, node: str | None = None) -> None:
    """Let go of a block node, or of all, so that somebody else can use the image; or take it back."""
    await qemu("blockdev-set-active", given(node_name=node, active=active))


async def resize(qemu: Execute, size: int, *, device: str | None = None, node: str | None = None) -> None:
    """Change the size of a disk, given by its device or node, to so many bytes."""
    await qemu("block_resize", given(device=device, node_name=node, size=size))


async def open_tray(qemu: Execute, device: str, *, force: bool = False) -> None:
    """Open the tray of a drive."""
    await qemu("blockdev-open-tray", {"id": device, "force": force})


async def close_tray(qemu: Execute, device: str) -> None:
    """Close the tray of a drive."""
    await qemu("blockdev-close-tray", {"id": device})


async def remove_medium(qemu: Execute, device: str) -> None:
    """Take the medium out of a drive."""
    await qemu("blockdev-remove-medium", {"id": device})


async def insert_medium(qemu: Execute, device: str, node: str) -> None:
    """Put a medium into a drive."""
    await qemu("blockdev-insert-medium", {"id": device, "node-name": node})


async def set_threshold(qemu: Execute, node: str, offset: int) -> None:
    """Ask for an event when something is written beyond an offset."""
    await qemu("block-set-write-threshold", {"node-name": node, "write-threshold": offset})


async def set_throttle_limits(qemu: Execute, group: str, limits: Mapping[str, int]) -> None:
    """Change the limits of a throttle group."""
    await qemu("qom-set", {"path": group, "property": "limits", "value": dict(limits)})


async def start_nbd_server(qemu: Execute, address: Mapping[str, Any], tls_credentials: str | None = None) -> None:
    """Begin to serve disks to others."""
    await qemu("nbd-server-start", given(addr=address, tls_creds=tls_credentials))


async def stop_nbd_server(qemu: Execute) -> None:
    """Stop to serve disks to others."""
    await qemu("nbd-server-stop")
