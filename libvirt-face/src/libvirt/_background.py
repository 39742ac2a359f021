# SPDX-License-Identifier: LGPL-2.1-or-later
"""The one event loop on which all connections live, in a thread of its own; callers wait for it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

import uvloop

T = TypeVar("T")


class _Waiter(Generic[T]):
    """Who waits for a coroutine in another thread."""

    __slots__ = ("error", "lock", "result", "task")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.lock.acquire()
        self.result: T
        self.error: BaseException | None = None
        self.task: asyncio.Task[None] | None = None

    async def follow(self, work: Coroutine[Any, Any, T]) -> None:
        """Do the work, and wake who waits."""
        try:
            self.result = await work
        except BaseException as error:
            self.error = error
        finally:
            self.lock.release()


class Background:
    """An event loop in a thread."""

    def __init__(self) -> None:
        """Start it."""
        self.loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self.loop.run_forever, name="libvirt", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do work on the loop and wait for its result."""
        if self.here:
            work.close()
            raise RuntimeError("a callback of the library's own thread cannot wait for the library")
        waiter: _Waiter[T] = _Waiter()
        self.loop.call_soon_threadsafe(self._begin, work, waiter)
        try:
            waiter.lock.acquire()
        except BaseException:
            self.loop.call_soon_threadsafe(self._give_up, waiter)
            raise
        if waiter.error is not None:
            try:
                raise waiter.error
            finally:
                waiter.error = None  # so that the error, its traceback and this frame do not keep each other
        return waiter.result

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do work on the loop, and do not wait."""
        self.loop.call_soon_threadsafe(self._begin, work, _Waiter())

    @property
    def here(self) -> bool:
        """Is this the loop's own thread?"""
        return threading.current_thread() is self._thread

    def _begin(self, work: Coroutine[Any, Any, Any], waiter: _Waiter[Any]) -> None:
        waiter.task = self.loop.create_task(waiter.follow(work))
        self._tasks.add(waiter.task)
        waiter.task.add_done_callback(self._tasks.discard)

    def _give_up(self, waiter: _Waiter[Any]) -> None:
        if waiter.task is not None:
            waiter.task.cancel()


_lock = threading.Lock()
_background: Background | None = None


def background() -> Background:
    """The loop of this process."""
    global _background
    if _background is None:
        with _lock:
            if _background is None:
                _background = Background()
    return _background


def _forget() -> None:
    """A forked child has no such thread; its own connections get a new one."""
    global _background, _lock
    _background, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)
