# SPDX-License-Identifier: LGPL-2.1-or-later
"""Edge-triggered epoll in the background of the loop: for descriptors whose state would otherwise be told for ever.

A terminal whose other side nobody has open is "hung up" for as long as that lasts, and a level-triggered watch would be
called without end. An edge is told once. The epoll descriptor itself is just one more watch of the loop.
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable

IN, OUT = select.EPOLLIN, select.EPOLLOUT


class Edges:
    """Waits for changes of descriptors."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to watch; there is nothing to wait for yet."""
        self._loop = loop
        self._epoll = select.epoll()
        self._callbacks: dict[int, Callable[[int], None]] = {}
        loop.add_reader(self._epoll.fileno(), self._changed)

    def wait(self, fd: int, callback: Callable[[int], None]) -> None:
        """Call back with what is new (`IN`, `OUT`) at each change, from what is there now on, until `end`."""
        self._callbacks[fd] = callback
        self._epoll.register(fd, select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)

    def end(self, fd: int) -> None:
        """Wait no longer."""
        if self._callbacks.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def close(self) -> None:
        """Wait for nothing any more."""
        self._loop.remove_reader(self._epoll.fileno())
        self._epoll.close()

    def _changed(self) -> None:
        for fd, events in self._epoll.poll(0):
            callback = self._callbacks.get(fd)
            if callback is not None:
                callback(events)
