# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tasks that belong to somebody and end with it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from covirt.runtime.log import get

log = get("runtime.tasks")


class Tasks:
    """The background work of one owner: a connection, a guest, a helper.

    A failed task is logged with its name and does not disturb its siblings; whoever needs the failure awaits the
    task that `start` gives. After `close` nothing of the owner runs any more.
    """

    def __init__(self, owner: str) -> None:
        """Begin without tasks; `owner` names it in messages."""
        self.owner = owner
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Start work that ends with the owner."""
        if self._closed:
            work.close()
            raise RuntimeError(f"{self.owner} has ended, '{name}' cannot start")
        task = asyncio.get_running_loop().create_task(work, name=f"{self.owner}: {name}")
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    @property
    def names(self) -> list[str]:
        """The names of what runs now."""
        return sorted(task.get_name() for task in self._running)

    async def wait(self) -> None:
        """Wait until nothing runs any more, without stopping anything."""
        while pending := self._others():
            await asyncio.wait(pending)

    async def close(self) -> None:
        """Cancel everything and wait until it has ended; may be called from one of the tasks."""
        self._closed = True
        pending = self._others()
        for task in pending:
            task.cancel()
        while pending:
            _, pending = await asyncio.wait(pending)

    def _others(self) -> set[asyncio.Task[Any]]:
        return self._running - {asyncio.current_task()}

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            log.error("a task failed", task=task.get_name(), error=failure)

    async def __aenter__(self) -> Self:
        """Begin the block."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything."""
        await self.close()
