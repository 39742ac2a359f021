# SPDX-License-Identifier: LGPL-2.1-or-later
"""Long work on a guest: how far it is, and stopping it."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.call import Calls, Job, requires
from covirt.api.enums import Flags, Number
from covirt.api.handles import Domain
from covirt.api.layout import Max, ULong
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainJobType(Number, prefix="VIR_DOMAIN_JOB_"):
    """What is known about the end of a job."""

    NONE = 0
    BOUNDED = 1
    UNBOUNDED = 2
    COMPLETED = 3
    FAILED = 4
    CANCELLED = 5


class DomainJobOperation(Number, prefix="VIR_DOMAIN_JOB_OPERATION_"):
    """What a job is for."""

    UNKNOWN = 0
    START = 1
    SAVE = 2
    RESTORE = 3
    MIGRATION_IN = 4
    MIGRATION_OUT = 5
    SNAPSHOT = 6
    SNAPSHOT_REVERT = 7
    DUMP = 8
    BACKUP = 9
    SNAPSHOT_DELETE = 10


class DomainGetJobStatsFlags(Flags, prefix="VIR_DOMAIN_JOB_STATS_"):
    """Which job is meant."""

    COMPLETED = 1
    KEEP_COMPLETED = 1 << 1


class DomainAbortJobFlags(Flags, prefix="VIR_DOMAIN_ABORT_JOB_"):
    """How to stop a job."""

    POSTCOPY = 1


class DomainJobParam(ParamName, prefix="VIR_DOMAIN_JOB_"):
    """Figures of a job."""

    AUTO_CONVERGE_THROTTLE = "auto_converge_throttle", ParamType.INT
    COMPRESSION_BYTES = "compression_bytes", ParamType.ULLONG
    COMPRESSION_CACHE = "compression_cache", ParamType.ULLONG
    COMPRESSION_CACHE_MISSES = "compression_cache_misses", ParamType.ULLONG
    COMPRESSION_OVERFLOW = "compression_overflow", ParamType.ULLONG
    COMPRESSION_PAGES = "compression_pages", ParamType.ULLONG
    DATA_PROCESSED = "data_processed", ParamType.ULLONG
    DATA_REMAINING = "data_remaining", ParamType.ULLONG
    DATA_TOTAL = "data_total", ParamType.ULLONG
    DISK_BPS = "disk_bps", ParamType.ULLONG
    DISK_PROCESSED = "disk_processed", ParamType.ULLONG
    DISK_REMAINING = "disk_remaining", ParamType.ULLONG
    DISK_TEMP_TOTAL = "disk_temp_total", ParamType.ULLONG
    DISK_TEMP_USED = "disk_temp_used", ParamType.ULLONG
    DISK_TOTAL = "disk_total", ParamType.ULLONG
    DOWNTIME = "downtime", ParamType.ULLONG
    DOWNTIME_NET = "downtime_net", ParamType.ULLONG
    ERRMSG = "errmsg", ParamType.STRING
    MEMORY_BPS = "memory_bps", ParamType.ULLONG
    MEMORY_CONSTANT = "memory_constant", ParamType.ULLONG
    MEMORY_DIRTY_RATE = "memory_dirty_rate", ParamType.ULLONG
    MEMORY_ITERATION = "memory_iteration", ParamType.ULLONG
    MEMORY_NORMAL = "memory_normal", ParamType.ULLONG
    MEMORY_NORMAL_BYTES = "memory_normal_bytes", ParamType.ULLONG
    MEMORY_PAGE_SIZE = "memory_page_size", ParamType.ULLONG
    MEMORY_POSTCOPY_REQS = "memory_postcopy_requests", ParamType.ULLONG
    MEMORY_PROCESSED = "memory_processed", ParamType.ULLONG
    MEMORY_REMAINING = "memory_remaining", ParamType.ULLONG
    MEMORY_TOTAL = "memory_total", ParamType.ULLONG
    OPERATION = "operation", ParamType.INT
    SETUP_TIME = "setup_time", ParamType.ULLONG
    SUCCESS = "success", ParamType.BOOLEAN
    TIME_ELAPSED = "time_elapsed", ParamType.ULLONG
    TIME_ELAPSED_NET = "time_elapsed_net", ParamType.ULLONG
    TIME_REMAINING = "time_remaining", ParamType.ULLONG
    VFIO_DATA_TRANSFERRED = "vfio_data_transferred", ParamType.ULLONG


class JobInfo(NamedTuple):
    """How far a job is, in bytes and milliseconds."""

    type: DomainJobType
    time_elapsed: ULong
    time_remaining: ULong
    data_total: ULong
    data_processed: ULong
    data_remaining: ULong
    mem_total: ULong
    mem_processed: ULong
    mem_remaining: ULong
    file_total: ULong
    file_processed: ULong
    file_remaining: ULong


class JobStats(NamedTuple):
    """What is known about the end of a job, and its figures."""

    type: DomainJobType
    params: Annotated[TypedParams, Max(limits.DOMAIN_JOB_STATS)]


@call(163, "virDomainGetJobInfo", acl="domain:read", since="0.7.7")
def job_info(dom: Domain) -> JobInfo:
    """Get how far the running job is, in fixed figures."""


@call(
    298,
    "virDomainGetJobStats",
    acl="domain:read",
    rules=(requires(DomainGetJobStatsFlags.KEEP_COMPLETED, DomainGetJobStatsFlags.COMPLETED),),
    since="1.0.3",
)
def job_stats(dom: Domain, flags: DomainGetJobStatsFlags) -> JobStats:
    """Get how far the running or the last job is, in all figures there are."""


@call(164, "virDomainAbortJob", acl="domain:write", job=Job.ABORT, since="0.7.7")
def abort_job(dom: Domain) -> None:
    """Stop the running job."""


@call(442, "virDomainAbortJobFlags", acl="domain:write", job=Job.ABORT, since="8.5.0")
def abort_job_flags(dom: Domain, flags: DomainAbortJobFlags) -> None:
    """Stop the running job, also in its post-copy phase if asked."""
