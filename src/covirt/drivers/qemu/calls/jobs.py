# SPDX-License-Identifier: LGPL-2.1-or-later
"""How far a long job is, and stopping it."""

from __future__ import annotations

from typing import Any

from covirt.api.binding import CallTable
from covirt.api.call import Job as ApiJob
from covirt.api.domain import jobs as api
from covirt.api.domain.jobs import (
    DomainAbortJobFlags,
    DomainGetJobStatsFlags,
    DomainJobParam,
    DomainJobType,
    JobInfo,
    JobStats,
)
from covirt.api.params import TypedParams
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor.commands import migration
from covirt.errors import OperationInvalid
from covirt.runtime.jobs import JobStatus, LongJobInfo

calls = CallTable()

_TYPES = {
    JobStatus.COMPLETED: DomainJobType.COMPLETED,
    JobStatus.FAILED: DomainJobType.FAILED,
    JobStatus.CANCELED: DomainJobType.CANCELLED,
}


@calls.implements(api.job_info)
async def job_info(req: Req) -> JobInfo:
    """The figures of the job at work; all zero when there is none."""
    guest = req.guest
    guest.require_active()
    job = guest.jobs.current
    if job is None:
        return JobInfo(DomainJobType.NONE, *[0] * 11)
    ram = await _progress(guest)
    total, done, rest = (int(ram.get(name, 0)) for name in ("total", "transferred", "remaining"))
    return JobInfo(DomainJobType.UNBOUNDED, job.elapsed_ms, 0, total, done, rest, total, done, rest, 0, 0, 0)


async def _progress(guest: QemuGuest) -> dict[str, Any]:
    """How much of the memory is written, as QEMU tells."""
    run = guest.run
    if run is None or run.open_monitor is None or run.monitor.closed:
        return {}
    ram = (await migration.migration(run.monitor)).get("ram", {})
    return dict(ram) if isinstance(ram, dict) else {}


@calls.implements(api.job_stats, flags=DomainGetJobStatsFlags.COMPLETED | DomainGetJobStatsFlags.KEEP_COMPLETED)
async def job_stats(req: Req, flags: DomainGetJobStatsFlags) -> JobStats:
    """The figures of the job at work, or of the last one."""
    guest = req.guest
    if DomainGetJobStatsFlags.COMPLETED in flags:
        job, guest.jobs.completed = (
            guest.jobs.completed,
            guest.jobs.completed if DomainGetJobStatsFlags.KEEP_COMPLETED in flags else None,
        )
        return JobStats(_TYPES[job.status], _parameters(job, {})) if job else _NO_JOB
    guest.require_active()
    current = guest.jobs.current
    if current is None:
        return _NO_JOB
    return JobStats(DomainJobType.UNBOUNDED, _parameters(current, await _progress(guest)))


_NO_JOB = JobStats(DomainJobType.NONE, TypedParams())


def _parameters(job: LongJobInfo, ram: dict[str, Any]) -> TypedParams:
    names = DomainJobParam
    made = TypedParams.of({names.OPERATION: job.operation, names.TIME_ELAPSED: job.elapsed_ms})
    for prefix in ("data", "memory"):
        for suffix, name in (("total", "total"), ("processed", "transferred"), ("remaining", "remaining")):
            if name in ram:
                made.add_ullong(f"{prefix}_{suffix}", int(ram[name]))
    if job.error is not None:
        made.put(names.ERRMSG, job.error)
    return made


@calls.implements(api.abort_job, job=ApiJob.ABORT)
async def abort_job(req: Req) -> None:
    """Stop the job at work."""
    await _abort(req.guest)


@calls.implements(api.abort_job_flags, flags=DomainAbortJobFlags(0), job=ApiJob.ABORT)
async def abort_job_flags(req: Req, flags: DomainAbortJobFlags) -> None:
    """Stop the job at work."""
    await _abort(req.guest)


async def _abort(guest: QemuGuest) -> None:
    guest.require_active()
    if guest.jobs.current is None:
        raise OperationInvalid("no job is active on the domain")
    await guest.jobs.abort()
