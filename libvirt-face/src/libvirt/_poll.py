# SPDX-License-Identifier: LGPL-2.1-or-later
"""The default event loop: descriptors and timers that any thread may add, served by who runs it."""

from __future__ import annotations

import itertools
import os
import select
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

READABLE, WRITABLE, ERROR, HANGUP = 1, 2, 4, 8
_POLL = {READABLE: select.POLLIN, WRITABLE: select.POLLOUT, ERROR: select.POLLERR, HANGUP: select.POLLHUP}


@dataclass(slots=True)
class _Handle:
    fd: int
    events: int
    call: Callable[..., Any]
    opaque: Any


@dataclass(slots=True)
class _Timer:
    interval: int
    due: float
    call: Callable[..., Any]
    opaque: Any


class PollLoop:
    """Handles and timers; each call of `run_once` waits for one round of them."""

    def __init__(self) -> None:
        """Begin empty."""
        self._handles: dict[int, _Handle] = {}
        self._timers: dict[int, _Timer] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._freed: list[Any] = []
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)

    def add_handle(self, fd: int, events: int, call: Callable[..., Any], opaque: Any) -> int:
        """Watch a descriptor."""
        with self._lock:
            watch = next(self._numbers)
            self._handles[watch] = _Handle(fd, events, call, opaque)
        self._ring()
        return watch

    def update_handle(self, watch: int, events: int) -> None:
        """Change what is waited for."""
        with self._lock:
            if watch in self._handles:
                self._handles[watch].events = events
        self._ring()

    def remove_handle(self, watch: int) -> int:
        """Stop watching."""
        return self._remove(self._handles, watch)

    def add_timeout(self, timeout: int, call: Callable[..., Any], opaque: Any) -> int:
        """Start a timer."""
        with self._lock:
            timer = next(self._numbers)
            self._timers[timer] = _Timer(timeout, _due(timeout), call, opaque)
        self._ring()
        return timer

    def update_timeout(self, timer: int, timeout: int) -> None:
        """Change the time of a timer."""
        with self._lock:
            found = self._timers.get(timer)
            if found is not None:
                found.interval, found.due = timeout, _due(timeout)
        self._ring()

    def remove_timeout(self, timer: int) -> int:
        """Take a timer away."""
        return self._remove(self._timers, timer)

    def run_once(self) -> None:
        """Wait until something happens, and call back for all that has."""
        happened = self._wait()
        self._free()
        now = time.monotonic()
        with self._lock:
            due = [timer for timer, found in self._timers.items() if found.due <= now]
        for timer in due:
            self._fire(timer, now)
        for watch, events in happened:
            found = self._handles.get(watch)
            if found is not None and events:
                found.call(watch, found.fd, events, found.opaque)
        self._free()

    def _wait(self) -> list[tuple[int, int]]:
        """Which watched descriptors are ready, and for what."""
        poll = select.poll()
        with self._lock:
            watched = [(watch, found.fd, found.events) for watch, found in self._handles.items() if found.events]
            due = min((found.due for found in self._timers.values()), default=None)
        masks: dict[int, int] = {self._bell: select.POLLIN}
        for _, fd, events in watched:
            masks[fd] = masks.get(fd, 0) | sum(bit for event, bit in _POLL.items() if events & event)
        for fd, mask in masks.items():
            poll.register(fd, mask)
        wait = None if due in (None, float("inf")) else max(0.0, (due or 0.0) - time.monotonic()) * 1000
        ready = dict(poll.poll(None if wait is None else -(-wait // 1)))
        if ready.pop(self._bell, 0):
            os.eventfd_read(self._bell)
        return [(watch, _seen(ready[fd], events)) for watch, fd, events in watched if fd in ready]

    def _fire(self, timer: int, now: float) -> None:
        with self._lock:
            found = self._timers.get(timer)
            if found is None or found.due > now:
                return
            found.due = _due(found.interval)
        found.call(timer, found.opaque)

    def _remove(self, table: dict[int, Any], number: int) -> int:
        with self._lock:
            found = table.pop(number, None)
            if found is None:
                return -1
            self._freed.append(found.opaque)
        self._ring()
        return 0

    def _free(self) -> None:
        """Free what was removed, now that no callback of it can be under way."""
        with self._lock:
            freed, self._freed = self._freed, []
        for _, data, free in freed:
            if free is not None:
                free(data)

    def _ring(self) -> None:
        """Wake who waits."""
        os.eventfd_write(self._bell, 1)


def _due(interval: int) -> float:
    return time.monotonic() + interval / 1000 if interval >= 0 else float("inf")


def _seen(happened: int, wanted: int) -> int:
    """What happened, as far as it is wanted; errors and the end are always told."""
    seen = sum(event for event, bit in _POLL.items() if happened & bit)
    return seen & (wanted | ERROR | HANGUP) | (ERROR if happened & select.POLLNVAL else 0)


@cache
def default_loop() -> PollLoop:
    """The default event loop of this process."""
    return PollLoop()
