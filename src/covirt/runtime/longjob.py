# SPDX-License-Identifier: LGPL-2.1-or-later
"""What others can learn about a long job, and how they stop it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from enum import StrEnum

from covirt.errors import OperationAborted

AbortCallback = Callable[[bool], Awaitable[None]]


class LongJob(StrEnum):
    """Kinds of long jobs, in libvirt's words."""

    NONE = "none"
    MIGRATION_OUT = "migration out"
    MIGRATION_IN = "migration in"
    SAVE = "save"
    DUMP = "dump"
    SNAPSHOT = "snapshot"
    START = "start"
    BACKUP = "backup"


class JobStatus(StrEnum):
    """How far a long job is."""

    NONE = "none"
    ACTIVE = "active"
    MIGRATING = "migrating"
    HYPERVISOR_COMPLETED = "hypervisor-completed"
    PAUSED = "paused"
    POSTCOPY = "postcopy"
    POSTCOPY_PAUSED = "postcopy-paused"
    POSTCOPY_RECOVER = "postcopy-recover"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self in (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED)


class LongJobInfo:
    """A long job as seen from inside (set `status`, `phase`, `progress`) and outside (read them, `abort`)."""

    def __init__(
        self,
        kind: LongJob,
        operation: int,
        api: str,
        step: Callable[[str], AbstractAsyncContextManager[None]],
    ) -> None:
        """Made by `Jobs.long`; `operation` is the number that statistics report."""
        self.kind, self.operation, self.api = kind, operation, api
        self.started = time.time()
        self.status = JobStatus.ACTIVE
        self.phase = 0
        self.progress: object = None
        self.error: str | None = None
        self.aborted = False
        self._begin = time.monotonic()
        self._end: float | None = None
        self._step = step
        self._on_abort: AbortCallback | None = None

    @property
    def elapsed_ms(self) -> int:
        """How long it has been at work, or was."""
        return int(((self._end or time.monotonic()) - self._begin) * 1000)

    @property
    def started_ms(self) -> int:
        """When it began, in milliseconds since 1970."""
        return int(self.started * 1000)

    def step(self) -> AbstractAsyncContextManager[None]:
        """Hold the place of normal jobs for a few commands inside this job."""
        return self._step(self.api)

    def on_abort(self, callback: AbortCallback | None) -> None:
        """Say how to stop; the callback is told whether gently (True) or at any price."""
        self._on_abort = callback

    async def abort(self, graceful: bool = True) -> None:
        """Ask it to stop: at its next `raise_if_aborted`, and by what `on_abort` says."""
        self.aborted = True
        if self._on_abort is not None:
            await self._on_abort(graceful)

    def raise_if_aborted(self) -> None:
        """Stop here when someone asked for it."""
        if self.aborted:
            raise OperationAborted(f"{self.kind.value} job: canceled by client")

    def finish(self, status: JobStatus, failure: BaseException | None = None) -> None:
        """Note the end; called by `Jobs`."""
        self.status = status
        self.error = None if failure is None else str(failure)
        self._end = time.monotonic()
