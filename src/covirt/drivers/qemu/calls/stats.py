# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counters of guests, disks and network cards."""

from __future__ import annotations

import asyncio

from covirt.api.binding import CallTable
from covirt.api.domain import block, memory
from covirt.api.domain import stats as api
from covirt.api.domain.block import BlockInfo
from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.api.domain.memory import DomainMemoryStatTags, MemoryStat
from covirt.api.domain.stats import (
    BlockStats,
    ConnectGetAllDomainStatsFlags,
    DomainBlockStatsParam,
    DomainStatsRecord,
    DomainStatsTypes,
    InterfaceStats,
)
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain
from covirt.api.params import TypedParams
from covirt.drivers.qemu import disks, stats
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.figures import figures
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor.commands.block import BlockStatistics
from covirt.errors import ArgumentUnsupported, Error, InternalError, InvalidArg, NoSuchDomain
from covirt.runtime.loop import in_thread

calls = CallTable()

_LISTED = 0xFF
"""The flags that say which guests, the same as for lists."""


@calls.implements(api.get_all_domain_stats)
async def get_all_domain_stats(
    req: Req, doms: list[Domain], stats: DomainStatsTypes, flags: ConnectGetAllDomainStatsFlags
) -> list[DomainStatsRecord]:
    """The counters of many guests, asked at the same time."""
    _check_groups(stats, flags)
    guests = await _guests(req, doms, flags)
    found = await asyncio.gather(*(_record(req, guest, stats, flags) for guest in guests))
    return [record for record in found if record is not None]


def _check_groups(groups: DomainStatsTypes, flags: ConnectGetAllDomainStatsFlags) -> None:
    unknown = groups & ~stats.SUPPORTED
    if unknown and ConnectGetAllDomainStatsFlags.ENFORCE_STATS in flags:
        raise ArgumentUnsupported(f"Stats types bits 0x{int(unknown):x} are not supported by this daemon or QEMU")


async def _guests(req: Req, doms: list[Domain], flags: ConnectGetAllDomainStatsFlags) -> list[QemuGuest]:
    guests = req.driver.guests
    if doms:
        return [guests.find(handle) for handle in doms]
    listed = guests.matching(ConnectListAllDomainsFlags(int(flags) & _LISTED))
    seen = set(await req.visible([guest.handle for guest in listed]))
    return [guest for guest in listed if guest.handle in seen]


async def _record(
    req: Req, guest: QemuGuest, groups: DomainStatsTypes, flags: ConnectGetAllDomainStatsFlags
) -> DomainStatsRecord | None:
    """One guest's counters; one that ends meanwhile is left out."""
    try:
        found = await stats.collect(guest, req.driver.host.links, groups, flags)
    except NoSuchDomain:
        return None
    except Error:
        if guest.active:
            raise
        return None
    return DomainStatsRecord(guest.handle, found)


# Disks


@calls.implements(block.block_info)
async def block_info(req: Req, path: str, flags: NoFlags) -> BlockInfo:
    """The sizes of a disk."""
    return await disks.sizes(req.guest, disks.find(req.guest.definition, path))


@calls.implements(api.block_stats)
async def block_stats(req: Req, path: str) -> BlockStats:
    """The traffic of a disk, or of all of them."""
    found = await _counters(req.guest, path)
    return BlockStats(
        sum(one.read_requests for one in found),
        sum(one.read_bytes for one in found),
        sum(one.write_requests for one in found),
        sum(one.write_bytes for one in found),
        -1,
    )


_PARAMETERS = {
    DomainBlockStatsParam.WRITE_BYTES: "write_bytes",
    DomainBlockStatsParam.WRITE_REQ: "write_requests",
    DomainBlockStatsParam.READ_BYTES: "read_bytes",
    DomainBlockStatsParam.READ_REQ: "read_requests",
    DomainBlockStatsParam.FLUSH_REQ: "flush_requests",
    DomainBlockStatsParam.WRITE_TOTAL_TIMES: "write_time",
    DomainBlockStatsParam.READ_TOTAL_TIMES: "read_time",
    DomainBlockStatsParam.FLUSH_TOTAL_TIMES: "flush_time",
}


@calls.implements(api.block_stats_flags)
async def block_stats_flags(req: Req, path: str, flags: NoFlags) -> TypedParams:
    """All counters of a disk, or of all of them."""
    found = await _counters(req.guest, path)
    made = TypedParams()
    for name, attribute in _PARAMETERS.items():
        values = [value for one in found if (value := getattr(one, attribute)) is not None]
        if values:
            made.put(name, sum(values))
    return made


async def _counters(guest: QemuGuest, path: str) -> list[BlockStatistics]:
    guest.require_active()
    wanted = [disks.find(guest.definition, path)] if path else guest.definition.devices.disks
    known = await disks.measure(guest)
    found = [disks.counters_of(known, disk) for disk in wanted]
    if path and found[0] is None:
        raise InternalError(f"cannot find statistics for device '{wanted[0].info.alias}'")
    return [one for one in found if one is not None]


# Network cards


@calls.implements(api.interface_stats)
async def interface_stats(req: Req, device: str) -> InterfaceStats:
    """The traffic of a card, as the guest sees it."""
    guest = req.guest
    guest.require_active()
    cards = guest.definition.devices.interfaces
    card = next((card for card in cards if device in (card.target, str(card.mac))), None)
    if card is None:
        raise InvalidArg(f"invalid path, '{device}' is not a known interface")
    if card.target is None:
        raise InternalError(f"interface '{device}' has no device on the host")
    found = await in_thread(req.driver.host.links.statistics, card.target)
    names = ("bytes", "packets", "errors", "dropped")
    return InterfaceStats(*(found[f"tx_{name}"] for name in names), *(found[f"rx_{name}"] for name in names))


# Memory

_TAGS = {
    "swap_in": DomainMemoryStatTags.SWAP_IN,
    "swap_out": DomainMemoryStatTags.SWAP_OUT,
    "major_fault": DomainMemoryStatTags.MAJOR_FAULT,
    "minor_fault": DomainMemoryStatTags.MINOR_FAULT,
    "unused": DomainMemoryStatTags.UNUSED,
    "available": DomainMemoryStatTags.AVAILABLE,
    "usable": DomainMemoryStatTags.USABLE,
    "last_update": DomainMemoryStatTags.LAST_UPDATE,
    "disk_caches": DomainMemoryStatTags.DISK_CACHES,
    "hugetlb_pgalloc": DomainMemoryStatTags.HUGETLB_PGALLOC,
    "hugetlb_pgfail": DomainMemoryStatTags.HUGETLB_PGFAIL,
}


@calls.implements(memory.memory_stats)
async def memory_stats(req: Req, flags: NoFlags) -> list[MemoryStat]:
    """What the guest and the kernel tell of its memory."""
    guest = req.guest
    guest.require_active()
    found = [MemoryStat(DomainMemoryStatTags.ACTUAL_BALLOON, guest.definition.memory.current)]
    found += [MemoryStat(_TAGS[name], value) for name, value in (await stats.balloon_figures(guest)).items()]
    process = figures(guest.running.pid)
    if process is not None:
        found.append(MemoryStat(DomainMemoryStatTags.RSS, process.resident))
    return found
