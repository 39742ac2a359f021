# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams: bytes and holes that go beside a call, between two ends, each way with its own flow control."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from covirt.errors import Error, InvalidStream, OperationAborted

CHUNK = 262120
LIMIT = 4 * CHUNK


@dataclass(frozen=True, slots=True)
class Hole:
    """A run of zeroes that is told, not sent."""

    length: int


class _Lane:
    """One direction: pieces on their way, and whether more may come."""

    def __init__(self) -> None:
        self.pieces: deque[bytes | Hole] = deque()
        self.size = 0
        self.ended = False
        self.error: Error | None = None
        self.changed = asyncio.Condition()

    async def put(self, piece: bytes | Hole) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: self.error or self.size < LIMIT)
            if self.error:
                raise self.error
            if self.ended:
                raise InvalidStream("the stream has been finished")
            self.pieces.append(piece)
            self.size += len(piece) if isinstance(piece, bytes) else 0
            self.changed.notify_all()

    async def take(self, limit: int) -> bytes | Hole:
        async with self.changed:
            await self.changed.wait_for(lambda: self.error or self.pieces or self.ended)
            if self.error:
                raise self.error
            if not self.pieces:
                return b""
            piece = self.pieces.popleft()
            if isinstance(piece, bytes):
                if len(piece) > limit:
                    self.pieces.appendleft(piece[limit:])
                    piece = piece[:limit]
                self.size -= len(piece)
            self.changed.notify_all()
            return piece

    async def stop(self, error: Error | None) -> None:
        async with self.changed:
            if not self.ended or error:
                self.ended = True
                self.error = self.error or error
                self.changed.notify_all()

    async def wait_end(self) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: self.ended)
            if self.error:
                raise self.error


class StreamEnd:
    """One end of a stream; what one end sends the other receives."""

    def __init__(self, incoming: _Lane, outgoing: _Lane) -> None:
        """Made by `stream_pair`."""
        self._incoming = incoming
        self._outgoing = outgoing

    async def send(self, data: bytes) -> None:
        """Send bytes; waits while the other end is far behind."""
        for start in range(0, len(data), CHUNK):
            await self._outgoing.put(data[start : start + CHUNK])

    async def send_hole(self, length: int) -> None:
        """Send a run of zeroes without sending them."""
        await self._outgoing.put(Hole(length))

    async def receive(self, limit: int = CHUNK) -> bytes | Hole:
        """The next bytes or hole; empty bytes at the end."""
        return await self._incoming.take(limit)

    async def end(self) -> None:
        """Say that this end sends no more."""
        await self._outgoing.stop(None)

    async def finish(self) -> None:
        """Send no more, and wait until the other end has taken all and is done too."""
        await self.end()
        await self._incoming.wait_end()

    async def abort(self, error: Error | None = None) -> None:
        """Give up at once; both ends get the error."""
        reason = error or OperationAborted("the stream was aborted")
        await self._outgoing.stop(reason)
        await self._incoming.stop(reason)

    @property
    def readable(self) -> bool:
        """Would `receive` answer at once?"""
        lane = self._incoming
        return bool(lane.pieces or lane.ended or lane.error)

    @property
    def writable(self) -> bool:
        """Would `send` take something at once?"""
        lane = self._outgoing
        return lane.size < LIMIT or lane.error is not None

    @property
    def broken(self) -> bool:
        """Has either end given up?"""
        return self._incoming.error is not None or self._outgoing.error is not None

    async def wait_readable(self) -> None:
        """Wait until `receive` would answer at once."""
        async with self._incoming.changed:
            await self._incoming.changed.wait_for(lambda: self.readable)

    async def wait_writable(self) -> None:
        """Wait until `send` would take something at once."""
        async with self._outgoing.changed:
            await self._outgoing.changed.wait_for(lambda: self.writable)

    async def wait_broken(self) -> None:
        """Wait until either end gives up."""
        async with self._incoming.changed:
            await self._incoming.changed.wait_for(lambda: self.broken)

    @property
    def done(self) -> bool:
        """Have both ends finished or given up?"""
        return self._incoming.ended and self._outgoing.ended


def stream_pair() -> tuple[StreamEnd, StreamEnd]:
    """The two ends of a new stream."""
    one, other = _Lane(), _Lane()
    return StreamEnd(one, other), StreamEnd(other, one)
