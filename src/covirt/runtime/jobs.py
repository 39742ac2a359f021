# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who may do what with an object at the same time.

An object has three places for work, as in libvirt. A **normal job** is short: reading, changing, destroying. A **long
job** (save, migration, start …) lasts, and lets those normal jobs in that do not disturb it; its own commands run as
nested steps. An **agent job** talks with the agent in the guest and goes beside all others. Queries share their
place with each other; every other normal job has it alone. Whoever waits comes in its turn, and when its time is
over it is told who held the place, with what, and for how long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from covirt.errors import OperationFailed, OperationInvalid, OperationTimeout
from covirt.runtime.log import get
from covirt.runtime.longjob import JobStatus, LongJob, LongJobInfo

__all__ = ["ALLOWED_IN_LONG_JOBS", "AgentJob", "Job", "JobStatus", "Jobs", "LongJob", "LongJobInfo"]

log = get("runtime.jobs")

WAIT_SECONDS = 30.0


class Job(StrEnum):
    """Kinds of normal jobs, in libvirt's words."""

    NONE = "none"
    QUERY = "query"
    DESTROY = "destroy"
    SUSPEND = "suspend"
    MODIFY = "modify"
    ABORT = "abort"
    MIGRATION_OP = "migration operation"
    MODIFY_MIGRATION_SAFE = "modify migration safe"
    ASYNC_NESTED = "async nested"


class AgentJob(StrEnum):
    """Kinds of jobs with the agent in the guest."""

    NONE = "none"
    QUERY = "query"
    MODIFY = "modify"


ALLOWED_IN_LONG_JOBS = frozenset({Job.QUERY, Job.DESTROY, Job.ABORT})
"""Which normal jobs go on during a long one, unless the long one says otherwise."""


AnyJob = Job | AgentJob | LongJob


@dataclass(slots=True, eq=False)
class _Turn:
    """One wish for a place: it waits, then it holds."""

    wanted: AnyJob
    api: str
    ready: asyncio.Future[None]
    since: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        return f"{self.wanted.value} job of {self.api} for {time.monotonic() - self.since:.0f} s"


class Jobs:
    """The jobs of one object."""

    def __init__(
        self,
        owner: str,
        *,
        max_queued: int = 0,
        timeout: float = WAIT_SECONDS,
        removed: Callable[[], Exception | None] = lambda: None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin without jobs.

        `max_queued` limits who waits (0: no limit); `removed` gives the error for those who waited for an object that
        is gone; `changed` is called when a job begins or ends that must be found again after a restart of the daemon.
        """
        self.owner = owner
        self.max_queued = max_queued
        self.timeout = timeout
        self.current: LongJobInfo | None = None
        self.completed: LongJobInfo | None = None
        self._removed, self._changed = removed, changed
        self._allowed: frozenset[Job] = frozenset()
        self._holding: list[_Turn] = []
        self._waiting: list[_Turn] = []

    # What is going on

    @property
    def active(self) -> Job:
        """The normal job at work."""
        return next((turn.wanted for turn in self._holding if isinstance(turn.wanted, Job)), Job.NONE)

    @property
    def agent_active(self) -> AgentJob:
        """The agent job at work."""
        return next((turn.wanted for turn in self._holding if isinstance(turn.wanted, AgentJob)), AgentJob.NONE)

    @property
    def long_active(self) -> LongJob:
        """The long job at work."""
        return self.current.kind if self.current else LongJob.NONE

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._waiting)

    def describe(self) -> str:
        """Who holds the object now, with what, and for how long."""
        return f"{self.owner}: " + ("; ".join(map(str, self._holding)) or "no job")

    # Taking a place

    @asynccontextmanager
    async def hold(self, job: Job, *, api: str, timeout: float | None = None) -> AsyncIterator[None]:
        """Hold the place of normal jobs for the time of the block; with a `timeout` of 0 without waiting for it."""
        async with self._turn(job, api, timeout):
            yield

    @asynccontextmanager
    async def hold_agent(self, job: AgentJob, *, api: str, timeout: float | None = None) -> AsyncIterator[None]:
        """Hold the place of agent jobs for the time of the block."""
        async with self._turn(job, api, timeout):
            yield

    @asynccontextmanager
    async def long(
        self,
        kind: LongJob,
        *,
        api: str,
        operation: int = 0,
        allow: frozenset[Job] = ALLOWED_IN_LONG_JOBS,
        timeout: float | None = None,
    ) -> AsyncIterator[LongJobInfo]:
        """Run a long job for the time of the block; gives what others can learn about it and stop it with."""
        info = LongJobInfo(kind, operation, api, lambda api: self.hold(Job.ASYNC_NESTED, api=api))
        async with self._turn(kind, api, timeout):
            self.current = info
            self.allow(allow)
            self._changed()
            try:
                yield info
                info.finish(JobStatus.COMPLETED)
            except BaseException as failure:
                stopped = info.aborted or isinstance(failure, asyncio.CancelledError)
                info.finish(JobStatus.CANCELED if stopped else JobStatus.FAILED, failure)
                raise
            finally:
                self.current, self.completed, self._allowed = None, info, frozenset()

    def allow(self, allowed: frozenset[Job]) -> None:
        """Change which normal jobs are let in during the long job at work."""
        self._allowed = allowed
        self._admit()

    async def abort(self, graceful: bool = True) -> None:
        """Ask the long job at work to stop; returns when it has been told."""
        if self.current is None:
            raise OperationInvalid("no job is active on the domain")
        await self.current.abort(graceful)

    @asynccontextmanager
    async def _turn(self, wanted: AnyJob, api: str, timeout: float | None) -> AsyncIterator[None]:
        turn = _Turn(wanted, api, asyncio.get_running_loop().create_future())
        self._refuse_too_many(wanted)
        self._waiting.append(turn)
        self._admit()
        try:
            await self._wait(turn, self.timeout if timeout is None else timeout)
            if (gone := self._removed()) is not None:
                raise gone
            if wanted is Job.DESTROY:
                self._changed()
            yield
        finally:
            self._leave(turn)

    async def _wait(self, turn: _Turn, timeout: float) -> None:
        if not turn.ready.done():
            log.debug("waiting for a job", owner=self.owner, wanted=turn.wanted.value, api=turn.api)
            await asyncio.wait([turn.ready], timeout=timeout)
        if turn in self._waiting:
            log.warning("cannot start a job", wanted=turn.wanted.value, api=turn.api, held=self.describe())
            raise OperationTimeout(
                f"cannot acquire state change lock{self._held_by(turn.wanted)}", hint=f"busy with {self.describe()}"
            )

    def _leave(self, turn: _Turn) -> None:
        held = turn in self._holding
        (self._holding if held else self._waiting).remove(turn)
        if held and (turn.wanted is Job.DESTROY or isinstance(turn.wanted, LongJob)):
            self._changed()
        self._admit()

    # The order at the door

    def _admit(self) -> None:
        """Let in all whose turn has come."""
        for turn in tuple(self._waiting):
            earlier = self._waiting[: self._waiting.index(turn)]
            if self._fits(turn.wanted) and not any(self._stands_before(other, turn) for other in earlier):
                self._waiting.remove(turn)
                turn.since = time.monotonic()
                self._holding.append(turn)
                turn.ready.set_result(None)

    def _fits(self, wanted: AnyJob) -> bool:
        if isinstance(wanted, AgentJob):
            return self.agent_active is AgentJob.NONE
        normal = [turn.wanted for turn in self._holding if isinstance(turn.wanted, Job)]
        shares = wanted is Job.QUERY and all(other is Job.QUERY for other in normal)
        return not self._kept_out(wanted) and (not normal or shares)

    def _kept_out(self, wanted: AnyJob) -> bool:
        """Whether the long job at work does not let it in; libvirt never lets two long jobs run together."""
        if not any(isinstance(turn.wanted, LongJob) for turn in self._holding) or wanted is Job.ASYNC_NESTED:
            return False
        return wanted not in self._allowed

    def _stands_before(self, earlier: _Turn, later: _Turn) -> bool:
        """Whether a later one must not overtake; those whom only a long job keeps out hold nobody up."""
        if isinstance(earlier.wanted, AgentJob) or isinstance(later.wanted, AgentJob):
            return isinstance(earlier.wanted, AgentJob) and isinstance(later.wanted, AgentJob)
        return not self._kept_out(earlier.wanted)

    # Telling

    def _refuse_too_many(self, wanted: AnyJob) -> None:
        limited = not isinstance(wanted, LongJob) and wanted is not Job.DESTROY
        if limited and self.max_queued and len(self._waiting) >= self.max_queued:
            # Without a holder libvirt's sentence has no parenthesis either.
            raise OperationFailed(
                f"cannot acquire state change lock{self._held_by(wanted)} due to max_queued limit",
                hint=f"busy with {self.describe()}",
            )

    def _held_by(self, wanted: AnyJob) -> str:
        place = "agent" if isinstance(wanted, AgentJob) else "monitor"
        kind = AgentJob if place == "agent" else LongJob if self._kept_out(wanted) else Job
        api = next((turn.api for turn in self._holding if isinstance(turn.wanted, kind)), None)
        return "" if api is None else f" (held by {place}={api})"
