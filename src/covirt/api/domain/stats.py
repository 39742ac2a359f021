# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counters of guests, disks and network cards."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.call import Calls, Job, exclusive
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Connect, Domain
from covirt.api.layout import Long, Max, Sized, StringsToo, UInt
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainStatsTypes(Flags, prefix="VIR_DOMAIN_STATS_"):
    """Groups of counters."""

    STATE = 1
    CPU_TOTAL = 1 << 1
    BALLOON = 1 << 2
    VCPU = 1 << 3
    INTERFACE = 1 << 4
    BLOCK = 1 << 5
    PERF = 1 << 6
    IOTHREAD = 1 << 7
    MEMORY = 1 << 8
    DIRTYRATE = 1 << 9
    VM = 1 << 10


class DomainDirtyRateStatus(Number, prefix="VIR_DOMAIN_DIRTYRATE_"):
    """How far the measuring of changed memory is."""

    UNSTARTED = 0
    MEASURING = 1
    MEASURED = 2


class ConnectGetAllDomainStatsFlags(Flags, prefix="VIR_CONNECT_GET_ALL_DOMAINS_STATS_"):
    """Of which domains to get counters, and how."""

    ACTIVE = 1
    INACTIVE = 1 << 1
    PERSISTENT = 1 << 2
    TRANSIENT = 1 << 3
    RUNNING = 1 << 4
    PAUSED = 1 << 5
    SHUTOFF = 1 << 6
    OTHER = 1 << 7
    NOWAIT = 1 << 29
    BACKING = 1 << 30
    ENFORCE_STATS = 1 << 31


class DomainDirtyRateCalcFlags(Flags, prefix="VIR_DOMAIN_DIRTYRATE_MODE_"):
    """How to measure changed memory."""

    PAGE_SAMPLING = 0
    DIRTY_BITMAP = 1
    DIRTY_RING = 1 << 1


class DomainBlockStatsParam(ParamName, prefix="VIR_DOMAIN_BLOCK_STATS_"):
    """Counters of a disk."""

    ERRS = "errs", ParamType.LLONG
    FLUSH_REQ = "flush_operations", ParamType.LLONG
    FLUSH_TOTAL_TIMES = "flush_total_times", ParamType.LLONG
    READ_BYTES = "rd_bytes", ParamType.LLONG
    READ_REQ = "rd_operations", ParamType.LLONG
    READ_TOTAL_TIMES = "rd_total_times", ParamType.LLONG
    WRITE_BYTES = "wr_bytes", ParamType.LLONG
    WRITE_REQ = "wr_operations", ParamType.LLONG
    WRITE_TOTAL_TIMES = "wr_total_times", ParamType.LLONG


class DomainCpuStatsParam(ParamName, prefix="VIR_DOMAIN_CPU_STATS_"):
    """Times of host CPUs."""

    CPUTIME = "cpu_time", ParamType.ULLONG
    SYSTEMTIME = "system_time", ParamType.ULLONG
    USERTIME = "user_time", ParamType.ULLONG
    VCPUTIME = "vcpu_time", ParamType.ULLONG


class DomainStatsRecord(NamedTuple):
    """The counters of one domain."""

    dom: Domain
    params: Annotated[TypedParams, Max(limits.CONNECT_GET_ALL_DOMAIN_STATS)]


class BlockStats(NamedTuple):
    """Requests, bytes and errors of a disk."""

    rd_req: Long
    rd_bytes: Long
    wr_req: Long
    wr_bytes: Long
    errs: Long


class InterfaceStats(NamedTuple):
    """Bytes, packets, errors and drops of a network card."""

    rx_bytes: Long
    rx_packets: Long
    rx_errs: Long
    rx_drop: Long
    tx_bytes: Long
    tx_packets: Long
    tx_errs: Long
    tx_drop: Long


class CpuStats(NamedTuple):
    """Parameters of the CPUs, and how many each CPU has."""

    params: Annotated[TypedParams, Max(limits.DOMAIN_GET_CPU_STATS)]
    per_cpu: int


@call(
    344, "virConnectGetAllDomainStats", acl="connect:search_domains", filter="domain:read", job=Job.QUERY, since="1.2.8"
)
def get_all_domain_stats(
    conn: Connect,
    doms: Annotated[list[Domain], Max(limits.DOMAIN_LIST)],
    stats: DomainStatsTypes,
    flags: ConnectGetAllDomainStatsFlags,
) -> Annotated[list[DomainStatsRecord], Max(limits.DOMAIN_LIST)]:
    """Get the counters of many domains at once, all domains if none is named."""


@call(64, "virDomainBlockStats", acl="domain:read", job=Job.QUERY, since="0.3.2")
def block_stats(dom: Domain, path: str) -> BlockStats:
    """Get the traffic of one disk."""


@call(243, "virDomainBlockStatsFlags", acl="domain:read", job=Job.QUERY, since="0.9.5")
def block_stats_flags(
    dom: Domain, path: str, flags: Annotated[NoFlags, StringsToo()]
) -> Annotated[TypedParams, Sized(limits.DOMAIN_BLOCK_STATS_PARAMETERS)]:
    """Get all counters of one disk, or of all disks when the path is empty."""


@call(65, "virDomainInterfaceStats", acl="domain:read", high=True, since="0.3.2")
def interface_stats(dom: Domain, device: str) -> InterfaceStats:
    """Get the traffic of one network card."""


@call(262, "virDomainGetCPUStats", acl="domain:read", since="0.9.10")
def get_cpu_stats(
    dom: Domain, nparams: UInt, start_cpu: int, ncpus: UInt, flags: Annotated[NoFlags, StringsToo()]
) -> CpuStats:
    """Get how long the guest used each host CPU, or all of them when the first is -1."""


@call(
    427,
    "virDomainStartDirtyRateCalc",
    acl="domain:write",
    job=Job.MODIFY,
    rules=(
        exclusive(DomainDirtyRateCalcFlags.PAGE_SAMPLING, DomainDirtyRateCalcFlags.DIRTY_BITMAP),
        exclusive(DomainDirtyRateCalcFlags.PAGE_SAMPLING, DomainDirtyRateCalcFlags.DIRTY_RING),
        exclusive(DomainDirtyRateCalcFlags.DIRTY_BITMAP, DomainDirtyRateCalcFlags.DIRTY_RING),
    ),
    since="7.2.0",
)
def start_dirty_rate_calc(dom: Domain, seconds: int, flags: DomainDirtyRateCalcFlags) -> None:
    """Begin to measure how fast the guest changes its memory."""
