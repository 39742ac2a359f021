# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who waits for whom, and what the one who waits is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from covirt.errors import NoSuchDomain, OperationAborted, OperationFailed, OperationInvalid, OperationTimeout
from covirt.runtime.jobs import ALLOWED_IN_LONG_JOBS, AgentJob, Job, Jobs, JobStatus, LongJob


class Worker:
    """Somebody who takes a job, keeps it until told to leave, and tells where he is."""

    def __init__(self, job: AbstractAsyncContextManager[Any]) -> None:
        self.inside, self.leave = asyncio.Event(), asyncio.Event()
        self.task = asyncio.create_task(self._work(job))

    async def _work(self, job: AbstractAsyncContextManager[Any]) -> None:
        async with job:
            self.inside.set()
            await self.leave.wait()

    async def enters(self) -> bool:
        """Whether he is inside after all who can move have moved."""
        for _ in range(10):
            await asyncio.sleep(0)
        return self.inside.is_set()

    async def goes(self) -> None:
        self.leave.set()
        await self.task


@pytest.fixture
def jobs() -> Jobs:
    return Jobs("domain vm1")


async def test_changes_exclude_each_other(jobs: Jobs) -> None:
    first = Worker(jobs.hold(Job.MODIFY, api="first"))
    second = Worker(jobs.hold(Job.MODIFY, api="second"))
    assert await first.enters()
    assert not await second.enters()
    await first.goes()
    assert await second.enters()
    await second.goes()
    assert jobs.active is Job.NONE


async def test_queries_share(jobs: Jobs) -> None:
    workers = [Worker(jobs.hold(Job.QUERY, api="info")) for _ in range(3)]
    assert all([await worker.enters() for worker in workers])


async def test_queries_do_not_starve_a_change(jobs: Jobs) -> None:
    early = Worker(jobs.hold(Job.QUERY, api="early"))
    assert await early.enters()
    change = Worker(jobs.hold(Job.MODIFY, api="change"))
    assert not await change.enters()
    late = Worker(jobs.hold(Job.QUERY, api="late"))
    assert not await late.enters()
    await early.goes()
    assert await change.enters()
    assert not late.inside.is_set()
    await change.goes()
    assert await late.enters()


async def test_queries_never_wait_for_a_long_job(jobs: Jobs) -> None:
    save = Worker(jobs.long(LongJob.SAVE, api="save"))
    assert await save.enters()
    change = Worker(jobs.hold(Job.MODIFY, api="change"))
    assert not await change.enters()
    query = Worker(jobs.hold(Job.QUERY, api="query"))
    assert await query.enters()  # although a change stands in the line before it
    await query.goes()
    await save.goes()
    assert await change.enters()


async def test_long_jobs_exclude_each_other(jobs: Jobs) -> None:
    save = Worker(jobs.long(LongJob.SAVE, api="save", allow=frozenset(Job)))
    dump = Worker(jobs.long(LongJob.DUMP, api="dump"))
    assert await save.enters()
    assert not await dump.enters()
    await save.goes()
    assert await dump.enters()
    assert jobs.long_active is LongJob.DUMP


async def test_destroy_comes_in_during_a_long_job(jobs: Jobs) -> None:
    save = Worker(jobs.long(LongJob.SAVE, api="save"))
    destroy = Worker(jobs.hold(Job.DESTROY, api="destroy"))
    assert await save.enters()
    assert await destroy.enters()


async def test_steps_of_a_long_job_take_turns_with_queries(jobs: Jobs) -> None:
    async with jobs.long(LongJob.SAVE, api="save") as job:
        query = Worker(jobs.hold(Job.QUERY, api="query"))
        assert await query.enters()
        step = Worker(job.step())
        assert not await step.enters()
        await query.goes()
        assert await step.enters()
        assert jobs.active is Job.ASYNC_NESTED
        await step.goes()


async def test_long_job_may_let_more_in_later(jobs: Jobs) -> None:
    async with jobs.long(LongJob.MIGRATION_OUT, api="migrate"):
        suspend = Worker(jobs.hold(Job.SUSPEND, api="suspend"))
        assert not await suspend.enters()
        jobs.allow(ALLOWED_IN_LONG_JOBS | {Job.SUSPEND})
        assert await suspend.enters()
        await suspend.goes()


async def test_agent_jobs_go_beside(jobs: Jobs) -> None:
    change = Worker(jobs.hold(Job.MODIFY, api="change"))
    agent = Worker(jobs.hold_agent(AgentJob.QUERY, api="agent"))
    second = Worker(jobs.hold_agent(AgentJob.QUERY, api="agent"))
    assert await change.enters()
    assert await agent.enters()
    assert not await second.enters()


@pytest.mark.parametrize(
    ("holder", "wanted", "message"),
    [
        (
            lambda jobs: jobs.hold(Job.MODIFY, api="remoteDispatchDomainReset"),
            lambda jobs: jobs.hold(Job.QUERY, api="info", timeout=0.01),
            "Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainReset)",
        ),
        (
            lambda jobs: jobs.long(LongJob.SAVE, api="remoteDispatchDomainSave"),
            lambda jobs: jobs.hold(Job.MODIFY, api="set", timeout=0.01),
            "Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainSave)",
        ),
        (
            lambda jobs: jobs.hold_agent(AgentJob.MODIFY, api="remoteDispatchDomainShutdown"),
            lambda jobs: jobs.hold_agent(AgentJob.QUERY, api="set", timeout=0),
            "Timed out during operation: cannot acquire state change lock (held by agent=remoteDispatchDomainShutdown)",
        ),
    ],
)
async def test_waiter_is_told_who_holds(
    jobs: Jobs,
    holder: Callable[[Jobs], AbstractAsyncContextManager[Any]],
    wanted: Callable[[Jobs], AbstractAsyncContextManager[Any]],
    message: str,
) -> None:
    async with holder(jobs):
        with pytest.raises(OperationTimeout) as caught:
            await wanted(jobs).__aenter__()
    assert str(caught.value) == message
    assert caught.value.hint is not None
    assert "for 0 s" in caught.value.hint
    assert jobs.waiting == 0


async def test_too_many_waiters_are_refused() -> None:
    jobs = Jobs("domain vm1", max_queued=1)
    Worker(jobs.hold(Job.MODIFY, api="first"))
    await asyncio.sleep(0)
    Worker(jobs.hold(Job.MODIFY, api="second"))
    await asyncio.sleep(0)
    with pytest.raises(OperationFailed, match=r"\(held by monitor=first\) due to max_queued limit"):
        await jobs.hold(Job.MODIFY, api="third").__aenter__()
    destroy = Worker(jobs.hold(Job.DESTROY, api="destroy"))
    assert not await destroy.enters()
    assert not destroy.task.done()


async def test_cancelled_waiter_leaves_the_line(jobs: Jobs) -> None:
    first = Worker(jobs.hold(Job.QUERY, api="first"))
    assert await first.enters()
    second = Worker(jobs.hold(Job.MODIFY, api="second"))
    third = Worker(jobs.hold(Job.QUERY, api="third"))
    assert not await third.enters()
    second.task.cancel()
    assert await third.enters()


async def test_waiter_cancelled_at_its_turn_gives_the_place_on(jobs: Jobs) -> None:
    first = Worker(jobs.hold(Job.MODIFY, api="first"))
    second = Worker(jobs.hold(Job.MODIFY, api="second"))
    third = Worker(jobs.hold(Job.MODIFY, api="third"))
    assert await first.enters()
    first.leave.set()
    await first.task
    second.task.cancel()
    assert await third.enters()
    assert not second.inside.is_set()


async def test_who_waited_for_a_removed_object_is_told() -> None:
    gone: list[Exception] = []
    jobs = Jobs("domain vm1", removed=lambda: gone[0] if gone else None)
    first = Worker(jobs.hold(Job.MODIFY, api="first"))
    second = Worker(jobs.hold(Job.MODIFY, api="second"))
    assert await first.enters()
    gone.append(NoSuchDomain("no domain with matching uuid 'x' (vm1)"))
    await first.goes()
    with pytest.raises(NoSuchDomain):
        await second.task
    assert jobs.active is Job.NONE


async def test_long_job_is_aborted_and_remembered(jobs: Jobs) -> None:
    told: list[bool] = []

    async def stop(graceful: bool) -> None:
        told.append(graceful)

    async def save() -> None:
        async with jobs.long(LongJob.SAVE, api="save", operation=3) as job:
            job.on_abort(stop)
            job.progress = {"memory": 10}
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            job.raise_if_aborted()

    task = asyncio.create_task(save())
    await asyncio.sleep(0)
    assert jobs.current is not None
    assert jobs.current.progress == {"memory": 10}
    await jobs.abort()
    with pytest.raises(OperationAborted, match="save job: canceled by client"):
        await task
    assert told == [True]
    assert jobs.completed is not None
    assert jobs.completed.status is JobStatus.CANCELED
    assert jobs.completed.error == "operation aborted: save job: canceled by client"
    with pytest.raises(OperationInvalid, match="no job is active"):
        await jobs.abort()


async def test_cancelled_long_job_ends_as_cancelled(jobs: Jobs) -> None:
    save = Worker(jobs.long(LongJob.SAVE, api="save"))
    assert await save.enters()
    save.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await save.task
    assert jobs.completed is not None
    assert jobs.completed.status is JobStatus.CANCELED
    assert jobs.current is None


async def test_what_must_survive_a_restart_is_told() -> None:
    states: list[str] = []
    vm1 = Jobs("domain vm1", changed=lambda: states.append(f"{vm1.active.value} {vm1.long_active.value}"))
    async with vm1.hold(Job.MODIFY, api="set"):
        pass
    async with vm1.long(LongJob.SAVE, api="save"):
        pass
    async with vm1.hold(Job.DESTROY, api="destroy"):
        pass
    assert states == ["none save", "none none", "destroy none", "none none"]
