# SPDX-License-Identifier: LGPL-2.1-or-later
"""One PTY as the loop sees it: watched while somebody has its other side open, waited for while nobody has."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable

from .edges import IN, OUT, Edges

READ_AT_ONCE = 16384


class HungUp(Exception):
    """Nobody has the other side open, and all that was written there has been read."""


class Terminal:
    """The controlling side of a PTY."""

    def __init__(self, fd: int, loop: asyncio.AbstractEventLoop, edges: Edges) -> None:
        """Nothing is watched before it is wanted."""
        os.set_blocking(fd, False)
        self.fd = fd
        self.closed = False
        """Did a read say that nobody has the other side open? Then the loop does not watch, edges are waited for."""
        self.on_readable: Callable[[], None] = _nothing
        self.on_writable: Callable[[], None] = _nothing
        self._loop, self._edges = loop, edges
        self._released = False
        self._wanted = [False, False]
        self._watched = [False, False]

    def want(self, *, read: bool | None = None, write: bool | None = None) -> None:
        """Say what is of interest; None leaves it as it is."""
        if read is not None:
            self._wanted[0] = read
        if write is not None:
            self._wanted[1] = write
        self._watch()

    def read(self) -> bytes:
        """What is there, empty when there is nothing now; raises HungUp at the end of file."""
        try:
            data = os.read(self.fd, READ_AT_ONCE)
        except BlockingIOError:
            return b""
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            raise HungUp from None
        if not data:
            raise HungUp
        return data

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """How much of it could be written now."""
        try:
            return os.write(self.fd, data)
        except BlockingIOError:
            return 0

    def hang_up(self) -> None:
        """Watch no more; wait in the background until the descriptor shows something new."""
        if not self.closed and not self._released:
            self.closed = True
            self._watch()
            self._edges.wait(self.fd, self._edge)

    def release(self) -> None:
        """Watch and wait no more at all; the descriptor stays open."""
        self._edges.end(self.fd)
        self._released = True
        self._watch()

    def close(self) -> None:
        """Release and close it."""
        self.release()
        os.close(self.fd)

    def _edge(self, events: int) -> None:
        """New data: somebody opened the other side, so watch again. Room alone may let us write to who comes later."""
        if events & IN:
            self._edges.end(self.fd)
            self.closed = False
            self._watch()
        if events & OUT:
            self.on_writable()

    def _watch(self) -> None:
        for place, (add, remove, callback) in enumerate(
            (
                (self._loop.add_reader, self._loop.remove_reader, self._readable),
                (self._loop.add_writer, self._loop.remove_writer, self._writable),
            )
        ):
            wanted = self._wanted[place] and not self.closed and not self._released
            if wanted and not self._watched[place]:
                add(self.fd, callback)
            elif self._watched[place] and not wanted:
                remove(self.fd)
            self._watched[place] = wanted

    def _readable(self) -> None:
        self.on_readable()

    def _writable(self) -> None:
        self.on_writable()


def _nothing() -> None:
    """Nobody has said yet what to do."""
