# SPDX-License-Identifier: LGPL-2.1-or-later
"""One console: bytes between a PTY of the container and one of the host, both ways, none lost, none hoarded."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import select
import termios

from .edges import Edges
from .terminal import HungUp, Terminal

BUFFER = 65536
"""As much as one direction holds for a reader that is slow; then its writer waits."""

_GET_PEER = 0x5441  # TIOCGPTPEER, for which Python has no name
IDLE_SECONDS = 5.0
"""How long a reader of a container that has ended may not read at all before it is given up."""


class Flow:
    """One direction."""

    def __init__(self, source: Terminal, sink: Terminal) -> None:
        """From one terminal to another; `Console` connects the callbacks."""
        self._source, self._sink = source, sink
        self._buffer = bytearray()
        self.moved = 0
        source.on_readable = self.pull
        source.want(read=True)

    @property
    def pending(self) -> int:
        """How much waits for the reader."""
        return len(self._buffer)

    def pull(self) -> None:
        """Take what the writer has written and give it on."""
        try:
            self.take()
        except HungUp:
            self._source.hang_up()
        self.push()

    def take(self) -> bool:
        """Read as long as there is something and room; whether there may be more."""
        while len(self._buffer) < BUFFER:
            data = self._source.read()
            if not data:
                return False
            self._buffer += data
            if not self.push():
                break
        return True

    def push(self) -> bool:
        """Give on as much as the reader takes; whether it took all."""
        waiting = bool(self._buffer)
        while self._buffer and (count := self._sink.write(self._buffer)):
            self.moved += count
            del self._buffer[:count]
        self._sink.want(write=bool(self._buffer))
        self._source.want(read=len(self._buffer) < BUFFER)
        return not waiting or not self._buffer

    def room(self) -> None:
        """The reader may take more. One who is told to have room and has none is hung up."""
        before = len(self._buffer)
        self.push()
        if self._buffer and len(self._buffer) == before:
            self._sink.hang_up()


class Console:
    """A pair of PTYs; ours is the controlling side of both."""

    def __init__(self, container: int, host: int, loop: asyncio.AbstractEventLoop, edges: Edges) -> None:
        """Begin to forward."""
        self._loop, self._edges = loop, edges
        self.container = Terminal(container, loop, edges)
        self.host = Terminal(host, loop, edges)
        self.output = Flow(self.container, self.host)
        self.input = Flow(self.host, self.container)
        self.host.on_writable = self.output.room
        self.container.on_writable = self.input.room

    async def finish(self) -> None:
        """After the end of the container: deliver its last output to whoever reads it, then close both sides.

        Closing our side throws away what the reader has not read yet, so its reading is waited for.
        """
        self.container.release()
        self.host.release()
        try:
            await self._deliver()
        finally:
            self.container.close()
            self.host.close()

    async def _deliver(self) -> None:
        progress = asyncio.Event()
        self._edges.wait(self.host.fd, lambda events: progress.set())
        while self._more() or not self._read_by_all():
            progress.clear()
            try:
                await asyncio.wait_for(progress.wait(), IDLE_SECONDS)
            except TimeoutError:
                return

    def _more(self) -> bool:
        """Move what can be moved; whether something is left that the reader has no room for."""
        try:
            while self.output.take() and self.output.push():
                continue
        except HungUp:
            self.output.push()
        return self.output.pending > 0 and not self._nobody()

    def _read_by_all(self) -> bool:
        """Whether the reader has read all, or there is none."""
        try:
            peer = fcntl.ioctl(self.host.fd, _GET_PEER, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            if error.errno == errno.EIO:
                return True
            raise
        try:
            select.select([peer], [], [], 0)  # lets the kernel move what is still on its way
            left = int.from_bytes(fcntl.ioctl(peer, termios.FIONREAD, bytes(4)), "little")
        finally:
            os.close(peer)
        return left == 0 or self._nobody()

    def _nobody(self) -> bool:
        poll = select.poll()
        poll.register(self.host.fd, 0)
        return any(events & select.POLLHUP for _, events in poll.poll(0))
