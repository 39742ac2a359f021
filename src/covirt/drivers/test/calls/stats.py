# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counters that mean nothing but go up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import block
from covirt.api.domain import stats as api
from covirt.api.domain.block import BlockInfo, DiskError, DomainDiskErrorCode
from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.api.domain.stats import (
    BlockStats,
    ConnectGetAllDomainStatsFlags,
    CpuStats,
    DomainCpuStatsParam,
    DomainStatsRecord,
    DomainStatsTypes,
    InterfaceStats,
)
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain
from covirt.api.params import TypedParams
from covirt.api.request import Request
from covirt.drivers.common.finding import disk_path, find_disk, find_interface
from covirt.drivers.common.guests import matches
from covirt.drivers.test.guest import PretendedGuest
from covirt.errors import ArgumentUnsupported, InvalidArg, OperationUnsupported

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()

# Many guests at once

SUPPORTED = DomainStatsTypes.STATE | DomainStatsTypes.IOTHREAD
_LISTS = (
    ConnectGetAllDomainStatsFlags.ACTIVE
    | ConnectGetAllDomainStatsFlags.INACTIVE
    | ConnectGetAllDomainStatsFlags.PERSISTENT
    | ConnectGetAllDomainStatsFlags.TRANSIENT
    | ConnectGetAllDomainStatsFlags.RUNNING
    | ConnectGetAllDomainStatsFlags.PAUSED
    | ConnectGetAllDomainStatsFlags.SHUTOFF
    | ConnectGetAllDomainStatsFlags.OTHER
)


@calls.implements(api.get_all_domain_stats)
async def get_all_domain_stats(
    req: Req, doms: list[Domain], stats: DomainStatsTypes, flags: ConnectGetAllDomainStatsFlags
) -> list[DomainStatsRecord]:
    """The state, and how threads for disks poll."""
    if stats & ~SUPPORTED and ConnectGetAllDomainStatsFlags.ENFORCE_STATS in flags:
        raise ArgumentUnsupported(f"Stats types bits 0x{stats & ~SUPPORTED:x} are not supported by this daemon")
    wanted = stats or SUPPORTED
    known = {guest.uuid: guest for guest in req.driver.guests}
    asked = [known[dom.uuid] for dom in doms if dom.uuid in known] if doms else list(known.values())
    lists = ConnectListAllDomainsFlags(int(flags & _LISTS))
    chosen = {guest.handle: guest for guest in asked if matches(guest, lists)}
    seen = await req.visible(list(chosen))
    return [DomainStatsRecord(handle, _stats(chosen[handle], wanted)) for handle in seen]


def _stats(guest: PretendedGuest, wanted: DomainStatsTypes) -> TypedParams:
    params = TypedParams()
    if DomainStatsTypes.STATE in wanted:
        params.add_int("state.state", int(guest.state))
        params.add_int("state.reason", int(guest.reason))
    if DomainStatsTypes.IOTHREAD in wanted and guest.active and guest.polling:
        params.add_uint("iothread.count", len(guest.polling))
        for number, polling in guest.polling.items():
            params.add_ullong(f"iothread.{number}.poll-max-ns", polling.max_ns)
            params.add_uint(f"iothread.{number}.poll-grow", polling.grow)
            params.add_uint(f"iothread.{number}.poll-shrink", polling.shrink)
    return params


# Processors

TOTAL_TIME = 48772617035
GUESTS_SHARE = 1234567890


@calls.implements(api.get_cpu_stats)
async def get_cpu_stats(req: Req, nparams: int, start_cpu: int, ncpus: int, flags: NoFlags) -> CpuStats:
    """The same total for all guests, dealt out among the host's cores; without numbers, how many there would be."""
    req.guest.require_active()
    if start_cpu == -1:
        return _total_cpu_stats(nparams)
    cores = req.driver.host.info.cores
    if ncpus == 0:
        return CpuStats(TypedParams(), cores)
    if nparams == 0:
        return CpuStats(TypedParams(), 2)
    if start_cpu >= cores:
        raise InvalidArg(f"start_cpu {start_cpu} larger than maximum of {cores - 1}")
    params = TypedParams()
    share = TOTAL_TIME // cores
    for core in range(start_cpu, min(cores, start_cpu + ncpus)):
        params.put(DomainCpuStatsParam.CPUTIME, share + core)
        if nparams > 1:
            params.put(DomainCpuStatsParam.VCPUTIME, share + core - GUESTS_SHARE)
    return CpuStats(params, min(nparams, 2))


def _total_cpu_stats(nparams: int) -> CpuStats:
    times = {
        DomainCpuStatsParam.CPUTIME: TOTAL_TIME,
        DomainCpuStatsParam.USERTIME: 5540000000,
        DomainCpuStatsParam.SYSTEMTIME: 6460000000,
    }
    if nparams == 0:
        return CpuStats(TypedParams(), len(times))
    params = TypedParams()
    for name, value in list(times.items())[:nparams]:
        params.put(name, value)
    return CpuStats(params, len(params))


# Disks and cards


def _clock() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


@calls.implements(api.block_stats)
async def block_stats(req: Req, path: str) -> BlockStats:
    """Shares of the time."""
    if not path:
        raise OperationUnsupported("summary statistics are not supported yet")
    req.guest.require_active()
    if find_disk(req.guest.definition, path) is None:
        raise InvalidArg(f"invalid path: {path}")
    now = _clock()
    return BlockStats(now // 10, now // 20, now // 30, now // 40, now // 2_000_000)


@calls.implements(api.interface_stats)
async def interface_stats(req: Req, device: str) -> InterfaceStats:
    """Shares of the time."""
    req.guest.require_active()
    find_interface(req.guest.definition, device)
    now = _clock()
    return InterfaceStats(
        rx_bytes=now // 10,
        rx_packets=now // 100,
        rx_errs=now // 1_000_000,
        rx_drop=now // 2_000_000,
        tx_bytes=now // 20,
        tx_packets=now // 110,
        tx_errs=now // 3_000_000,
        tx_drop=now // 4_000_000,
    )


@calls.implements(block.block_info)
async def block_info(req: Req, path: str, flags: NoFlags) -> BlockInfo:
    """Every disk has about a terabyte."""
    disk = find_disk(req.guest.definition, path)
    if disk is None:
        raise InvalidArg(f"invalid path {path} not assigned to domain")
    if disk_path(disk) is None:
        raise InvalidArg(f"disk '{path}' does not currently have a source assigned")
    return BlockInfo(allocation=1099511627776, capacity=1099506450432, physical=1099511627776)


@calls.implements(block.disk_errors)
async def disk_errors(req: Req, flags: NoFlags) -> list[DiskError]:
    """Every disk has one, of each kind in turn."""
    req.guest.require_active()
    kinds = (DomainDiskErrorCode.UNSPEC, DomainDiskErrorCode.NO_SPACE)
    disks = req.guest.definition.devices.disks
    return [DiskError(disk.target or "", kinds[place % 2]) for place, disk in enumerate(disks)]
