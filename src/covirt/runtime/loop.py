# SPDX-License-Identifier: LGPL-2.1-or-later
"""The event loop: which one runs, how blocking work leaves it, and who blocks it."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
import traceback
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

WORKER_THREADS = 4
"""How many blocking host calls go on at once; a daemon with fifty guests stays below eight threads in all."""


def run(main: Coroutine[Any, Any, T], *, debug: bool | None = None) -> T:
    """Run a program's coroutine to its end, on uvloop where that is installed."""
    with asyncio.Runner(debug=debug, loop_factory=_loop_factory()) as runner:
        runner.get_loop().set_default_executor(make_workers())
        return runner.run(main)


def make_workers(threads: int = WORKER_THREADS) -> ThreadPoolExecutor:
    """The threads for blocking work of one loop."""
    return ThreadPoolExecutor(threads, thread_name_prefix="worker")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that may block without blocking the loop.

    A thread cannot be stopped: when the caller is cancelled, the function still runs to its end.
    """
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, lambda: function(*args, **kwargs))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


@dataclass(frozen=True, slots=True)
class Blockage:
    """One time that the loop could not go on."""

    seconds: float
    stack: str


class BlockingDetector:
    """Finds what blocks an event loop; a tool of tests.

    Time in which the machine was busy with other programs does not count: the kernel says how long a thread waited
    for a processor. A thread watches a flag that each callback of the loop sets, so only loops written in Python,
    such as asyncio's own, can be watched.
    """

    def __init__(self, limit: float = 0.05) -> None:
        """Callbacks may take `limit` seconds."""
        self.limit = limit
        self.blockages: list[Blockage] = []
        self._entered: float | None = None
        self._waited = 0.0
        self._news = threading.Condition()
        self._stop = False

    @contextlib.contextmanager
    def watch(self) -> Iterator[None]:
        """Watch all callbacks that this thread runs during the block."""
        original = asyncio.Handle._run
        thread = threading.current_thread()
        sampler = threading.Thread(target=self._sample, args=(thread.ident, thread.native_id), daemon=True)

        def timed(handle: asyncio.Handle) -> None:
            if threading.current_thread() is not thread:
                original(handle)
                return
            self._enter()
            try:
                original(handle)
            finally:
                self._leave()

        sampler.start()
        asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            asyncio.Handle._run = original  # type: ignore[method-assign]
            with self._news:
                self._stop = True
                self._news.notify()
            sampler.join()

    def check(self) -> None:
        """Fail when something blocked."""
        if self.blockages:
            worst = max(self.blockages, key=lambda one: one.seconds)
            raise AssertionError(f"the event loop was blocked for {worst.seconds:.3f} s here:\n{worst.stack}")

    def _enter(self) -> None:
        with self._news:
            self._entered = time.monotonic()
            self._news.notify()

    def _leave(self) -> None:
        with self._news:
            self._entered = None

    def _sample(self, ident: int, native: int) -> None:
        """Take the stack of the loop's thread when one callback lasts too long."""
        with self._news:
            while not self._stop:
                if self._entered is None:
                    self._news.wait()
                    continue
                seen, waited = self._entered, _waited_for_processor(native)
                while self._entered == seen and not self._stop:
                    lasted = time.monotonic() - seen - (_waited_for_processor(native) - waited)
                    if lasted > self.limit:
                        frame = sys._current_frames().get(ident)
                        self.blockages.append(Blockage(lasted, "".join(traceback.format_stack(frame))))
                        self._news.wait_for(lambda: self._entered != seen or self._stop)  # noqa: B023
                        break
                    self._news.wait(self.limit - lasted + 0.001)


def _waited_for_processor(native: int) -> float:
    """For how many seconds a thread of ours was ready but had no processor."""
    try:
        return int(Path(f"/proc/self/task/{native}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0
