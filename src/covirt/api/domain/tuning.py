# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shares and limits: processor time, memory, disks, network, measurements."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.access import when
from covirt.api.call import Calls, Job, exclusive
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.enums import Number
from covirt.api.handles import Domain
from covirt.api.layout import Max, Sized, StringsToo, UpTo
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainNumatuneMemMode(Number, prefix="VIR_DOMAIN_NUMATUNE_MEM_"):
    """How strictly memory comes from the chosen cells."""

    STRICT = 0
    PREFERRED = 1
    INTERLEAVE = 2
    RESTRICTIVE = 3


class BlkioParameterType(Number, prefix="VIR_DOMAIN_BLKIO_PARAM_"):
    """Older names of the types of parameters, for disk traffic."""

    INT = 1
    UINT = 2
    LLONG = 3
    ULLONG = 4
    DOUBLE = 5
    BOOLEAN = 6


class MemoryParameterType(Number, prefix="VIR_DOMAIN_MEMORY_PARAM_"):
    """Older names of the types of parameters, for memory."""

    INT = 1
    UINT = 2
    LLONG = 3
    ULLONG = 4
    DOUBLE = 5
    BOOLEAN = 6


class SchedParameterType(Number, prefix="VIR_DOMAIN_SCHED_FIELD_"):
    """Older names of the types of parameters, for schedulers."""

    INT = 1
    UINT = 2
    LLONG = 3
    ULLONG = 4
    DOUBLE = 5
    BOOLEAN = 6


class DomainBandwidthParam(ParamName, prefix="VIR_DOMAIN_BANDWIDTH_"):
    """Limits of a network card."""

    IN_AVERAGE = "inbound.average", ParamType.UINT
    IN_BURST = "inbound.burst", ParamType.UINT
    IN_FLOOR = "inbound.floor", ParamType.UINT
    IN_PEAK = "inbound.peak", ParamType.UINT
    OUT_AVERAGE = "outbound.average", ParamType.UINT
    OUT_BURST = "outbound.burst", ParamType.UINT
    OUT_PEAK = "outbound.peak", ParamType.UINT


class DomainBlkioParam(ParamName, prefix="VIR_DOMAIN_BLKIO_"):
    """Shares and limits of disk traffic."""

    DEVICE_READ_BPS = "device_read_bytes_sec", ParamType.STRING
    DEVICE_READ_IOPS = "device_read_iops_sec", ParamType.STRING
    DEVICE_WEIGHT = "device_weight", ParamType.STRING
    DEVICE_WRITE_BPS = "device_write_bytes_sec", ParamType.STRING
    DEVICE_WRITE_IOPS = "device_write_iops_sec", ParamType.STRING
    WEIGHT = "weight", ParamType.UINT


class DomainBlockIoTuneParam(ParamName, prefix="VIR_DOMAIN_BLOCK_IOTUNE_"):
    """Limits of a disk."""

    GROUP_NAME = "group_name", ParamType.STRING
    READ_BYTES_SEC = "read_bytes_sec", ParamType.ULLONG
    READ_BYTES_SEC_MAX = "read_bytes_sec_max", ParamType.ULLONG
    READ_BYTES_SEC_MAX_LENGTH = "read_bytes_sec_max_length", ParamType.ULLONG
    READ_IOPS_SEC = "read_iops_sec", ParamType.ULLONG
    READ_IOPS_SEC_MAX = "read_iops_sec_max", ParamType.ULLONG
    READ_IOPS_SEC_MAX_LENGTH = "read_iops_sec_max_length", ParamType.ULLONG
    SIZE_IOPS_SEC = "size_iops_sec", ParamType.ULLONG
    TOTAL_BYTES_SEC = "total_bytes_sec", ParamType.ULLONG
    TOTAL_BYTES_SEC_MAX = "total_bytes_sec_max", ParamType.ULLONG
    TOTAL_BYTES_SEC_MAX_LENGTH = "total_bytes_sec_max_length", ParamType.ULLONG
    TOTAL_IOPS_SEC = "total_iops_sec", ParamType.ULLONG
    TOTAL_IOPS_SEC_MAX = "total_iops_sec_max", ParamType.ULLONG
    TOTAL_IOPS_SEC_MAX_LENGTH = "total_iops_sec_max_length", ParamType.ULLONG
    WRITE_BYTES_SEC = "write_bytes_sec", ParamType.ULLONG
    WRITE_BYTES_SEC_MAX = "write_bytes_sec_max", ParamType.ULLONG
    WRITE_BYTES_SEC_MAX_LENGTH = "write_bytes_sec_max_length", ParamType.ULLONG
    WRITE_IOPS_SEC = "write_iops_sec", ParamType.ULLONG
    WRITE_IOPS_SEC_MAX = "write_iops_sec_max", ParamType.ULLONG
    WRITE_IOPS_SEC_MAX_LENGTH = "write_iops_sec_max_length", ParamType.ULLONG


class DomainMemoryParam(ParamName, prefix="VIR_DOMAIN_MEMORY_"):
    """Limits of memory."""

    HARD_LIMIT = "hard_limit", ParamType.ULLONG
    MIN_GUARANTEE = "min_guarantee", ParamType.ULLONG
    SOFT_LIMIT = "soft_limit", ParamType.ULLONG
    SWAP_HARD_LIMIT = "swap_hard_limit", ParamType.ULLONG


class DomainNumaParam(ParamName, prefix="VIR_DOMAIN_NUMA_"):
    """Where memory comes from."""

    MODE = "numa_mode", ParamType.INT
    NODESET = "numa_nodeset", ParamType.STRING


class DomainSchedulerParam(ParamName, prefix="VIR_DOMAIN_SCHEDULER_"):
    """Shares and limits of processor time."""

    CAP = "cap", ParamType.UINT
    CPU_SHARES = "cpu_shares", ParamType.ULLONG
    EMULATOR_PERIOD = "emulator_period", ParamType.ULLONG
    EMULATOR_QUOTA = "emulator_quota", ParamType.LLONG
    GLOBAL_PERIOD = "global_period", ParamType.ULLONG
    GLOBAL_QUOTA = "global_quota", ParamType.LLONG
    IOTHREAD_PERIOD = "iothread_period", ParamType.ULLONG
    IOTHREAD_QUOTA = "iothread_quota", ParamType.LLONG
    LIMIT = "limit", ParamType.LLONG
    RESERVATION = "reservation", ParamType.LLONG
    SHARES = "shares", ParamType.INT
    VCPU_PERIOD = "vcpu_period", ParamType.ULLONG
    VCPU_QUOTA = "vcpu_quota", ParamType.LLONG
    WEIGHT = "weight", ParamType.UINT


class PerfParam(ParamName, prefix="VIR_PERF_PARAM_"):
    """Performance counters."""

    ALIGNMENT_FAULTS = "alignment_faults", ParamType.BOOLEAN
    BRANCH_INSTRUCTIONS = "branch_instructions", ParamType.BOOLEAN
    BRANCH_MISSES = "branch_misses", ParamType.BOOLEAN
    BUS_CYCLES = "bus_cycles", ParamType.BOOLEAN
    CACHE_MISSES = "cache_misses", ParamType.BOOLEAN
    CACHE_REFERENCES = "cache_references", ParamType.BOOLEAN
    CMT = "cmt", ParamType.BOOLEAN
    CONTEXT_SWITCHES = "context_switches", ParamType.BOOLEAN
    CPU_CLOCK = "cpu_clock", ParamType.BOOLEAN
    CPU_CYCLES = "cpu_cycles", ParamType.BOOLEAN
    CPU_MIGRATIONS = "cpu_migrations", ParamType.BOOLEAN
    EMULATION_FAULTS = "emulation_faults", ParamType.BOOLEAN
    INSTRUCTIONS = "instructions", ParamType.BOOLEAN
    MBML = "mbml", ParamType.BOOLEAN
    MBMT = "mbmt", ParamType.BOOLEAN
    PAGE_FAULTS = "page_faults", ParamType.BOOLEAN
    PAGE_FAULTS_MAJ = "page_faults_maj", ParamType.BOOLEAN
    PAGE_FAULTS_MIN = "page_faults_min", ParamType.BOOLEAN
    REF_CPU_CYCLES = "ref_cpu_cycles", ParamType.BOOLEAN
    STALLED_CYCLES_BACKEND = "stalled_cycles_backend", ParamType.BOOLEAN
    STALLED_CYCLES_FRONTEND = "stalled_cycles_frontend", ParamType.BOOLEAN
    TASK_CLOCK = "task_clock", ParamType.BOOLEAN


class SchedulerType(NamedTuple):
    """The name of a scheduler and the number of its parameters."""

    type: str
    number: int


@call(56, "virDomainGetSchedulerType", acl="domain:read", since="0.2.3")
def scheduler_type(dom: Domain) -> SchedulerType:
    """Get the name of the scheduler and how many parameters it has."""


@call(57, "virDomainGetSchedulerParameters", acl="domain:read", since="0.2.3")
def scheduler_parameters(dom: Domain) -> Annotated[TypedParams, UpTo(limits.DOMAIN_SCHEDULER_PARAMETERS)]:
    """Get the shares and limits of processor time."""


@call(
    223,
    "virDomainGetSchedulerParametersFlags",
    acl="domain:read",
    rules=(exclusive(DomainModificationImpact.LIVE, DomainModificationImpact.CONFIG),),
    since="0.9.2",
)
def scheduler_parameters_flags(
    dom: Domain, flags: Annotated[DomainModificationImpact, StringsToo()]
) -> Annotated[TypedParams, UpTo(limits.DOMAIN_SCHEDULER_PARAMETERS)]:
    """Get the shares and limits of processor time, of now or of the next start."""


@call(58, "virDomainSetSchedulerParameters", acl="domain:read", job=Job.MODIFY, read_only=False, since="0.2.3")
def set_scheduler_parameters(
    dom: Domain, params: Annotated[TypedParams, Max(limits.DOMAIN_SCHEDULER_PARAMETERS)]
) -> None:
    """Set shares and limits of processor time."""


@call(
    219,
    "virDomainSetSchedulerParametersFlags",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.9.2",
)
def set_scheduler_parameters_flags(
    dom: Domain,
    params: Annotated[TypedParams, Max(limits.DOMAIN_SCHEDULER_PARAMETERS)],
    flags: DomainModificationImpact,
) -> None:
    """Set shares and limits of processor time, now or for the next start."""


@call(
    198,
    "virDomainGetMemoryParameters",
    acl="domain:read",
    rules=(exclusive(DomainModificationImpact.LIVE, DomainModificationImpact.CONFIG),),
    since="0.8.5",
)
def memory_parameters(
    dom: Domain, flags: Annotated[DomainModificationImpact, StringsToo()]
) -> Annotated[TypedParams, Sized(limits.DOMAIN_MEMORY_PARAMETERS)]:
    """Get the limits of memory."""


@call(
    197,
    "virDomainSetMemoryParameters",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.8.5",
)
def set_memory_parameters(
    dom: Domain, params: Annotated[TypedParams, Max(limits.DOMAIN_MEMORY_PARAMETERS)], flags: DomainModificationImpact
) -> None:
    """Set limits of memory in KiB."""


@call(
    206,
    "virDomainGetBlkioParameters",
    acl="domain:read",
    rules=(exclusive(DomainModificationImpact.LIVE, DomainModificationImpact.CONFIG),),
    since="0.9.0",
)
def blkio_parameters(
    dom: Domain, flags: Annotated[DomainModificationImpact, StringsToo()]
) -> Annotated[TypedParams, Sized(limits.DOMAIN_BLKIO_PARAMETERS)]:
    """Get the shares and limits of disk traffic of the whole guest."""


@call(
    205,
    "virDomainSetBlkioParameters",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.9.0",
)
def set_blkio_parameters(
    dom: Domain, params: Annotated[TypedParams, Max(limits.DOMAIN_BLKIO_PARAMETERS)], flags: DomainModificationImpact
) -> None:
    """Set shares and limits of disk traffic of the whole guest."""


@call(
    253,
    "virDomainGetBlockIoTune",
    acl="domain:read",
    job=Job.QUERY,
    rules=(exclusive(DomainModificationImpact.LIVE, DomainModificationImpact.CONFIG),),
    since="0.9.8",
)
def block_io_tune(
    dom: Domain, disk: str | None, flags: Annotated[DomainModificationImpact, StringsToo()]
) -> Annotated[TypedParams, Sized(limits.DOMAIN_BLOCK_IO_TUNE_PARAMETERS)]:
    """Get the limits of one disk."""


@call(
    252,
    "virDomainSetBlockIoTune",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.9.8",
)
def set_block_io_tune(
    dom: Domain,
    disk: str,
    params: Annotated[TypedParams, Max(limits.DOMAIN_BLOCK_IO_TUNE_PARAMETERS)],
    flags: DomainModificationImpact,
) -> None:
    """Set limits of one disk."""


@call(
    451,
    "virDomainSetThrottleGroup",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="11.2.0",
)
def set_throttle_group(
    dom: Domain,
    group: str,
    params: Annotated[TypedParams, Max(limits.DOMAIN_BLOCK_IO_TUNE_PARAMETERS)],
    flags: DomainModificationImpact,
) -> None:
    """Make or change a group of limits that disks can share."""


@call(
    452,
    "virDomainDelThrottleGroup",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="11.2.0",
)
def del_throttle_group(dom: Domain, group: str | None, flags: DomainModificationImpact) -> None:
    """Remove a group of limits."""


@call(255, "virDomainGetNumaParameters", acl="domain:read", since="0.9.9")
def numa_parameters(
    dom: Domain, flags: Annotated[DomainModificationImpact, StringsToo()]
) -> Annotated[TypedParams, Sized(limits.DOMAIN_NUMA_PARAMETERS)]:
    """Get from which NUMA cells the guest's memory comes."""


@call(
    254,
    "virDomainSetNumaParameters",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.9.9",
)
def set_numa_parameters(
    dom: Domain, params: Annotated[TypedParams, Max(limits.DOMAIN_NUMA_PARAMETERS)], flags: DomainModificationImpact
) -> None:
    """Set from which NUMA cells the guest's memory comes."""


@call(257, "virDomainGetInterfaceParameters", acl="domain:read", since="0.9.9")
def interface_parameters(
    dom: Domain, device: str, flags: Annotated[DomainModificationImpact, StringsToo()]
) -> Annotated[TypedParams, Sized(limits.DOMAIN_INTERFACE_PARAMETERS)]:
    """Get the limits of one network card."""


@call(
    256,
    "virDomainSetInterfaceParameters",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.9.9",
)
def set_interface_parameters(
    dom: Domain,
    device: str,
    params: Annotated[TypedParams, Max(limits.DOMAIN_INTERFACE_PARAMETERS)],
    flags: DomainModificationImpact,
) -> None:
    """Set limits of one network card."""


@call(365, "virDomainGetPerfEvents", acl="domain:read", since="1.3.3")
def perf_events(dom: Domain, flags: DomainModificationImpact) -> Annotated[TypedParams, Max(limits.DOMAIN_PERF_EVENTS)]:
    """Get which performance counters are measured."""


@call(366, "virDomainSetPerfEvents", acl="domain:write", job=Job.MODIFY, since="1.3.3")
def set_perf_events(
    dom: Domain, params: Annotated[TypedParams, Max(limits.DOMAIN_PERF_EVENTS)], flags: DomainModificationImpact
) -> None:
    """Set which performance counters are measured."""
