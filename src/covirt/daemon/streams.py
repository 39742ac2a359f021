# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon's side of streams: packets of a client here, one end of a stream pair there.

Both ways have flow control. Towards the client, nothing is taken from the driver while the socket is behind. From the
client, packets count as requests until the driver has taken them, so that a fast client has to wait.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from covirt.api.call import Direction
from covirt.api.stream import Hole, StreamEnd
from covirt.errors import Error, InternalError
from covirt.runtime.log import get
from covirt.runtime.tasks import Tasks
from covirt.wire.server import StreamAbort, StreamData, StreamFinish, StreamHole
from covirt.wire.stream import StreamKey, data_packets, end_packet, error_packet, finish_packet, hole_packet

log = get("daemon.streams")

Packet = StreamData | StreamHole | StreamFinish | StreamAbort


class Carrier(Protocol):
    """What a stream needs of its connection."""

    def send(self, data: bytes | bytearray) -> None:
        """Queue a message."""

    async def wait_drained(self) -> None:
        """Wait until the client has taken most of what is queued."""

    def request_done(self) -> None:
        """A packet does not occupy the client's share any more."""


class ClientStream:
    """One open stream of a client."""

    def __init__(
        self,
        key: StreamKey,
        end: StreamEnd,
        carrier: Carrier,
        direction: Direction,
        forget: Callable[[StreamKey], None],
    ) -> None:
        """Begin when the call that opens the stream has succeeded; `forget` takes it off the connection's list."""
        self.key = key
        self._end = end
        self._carrier = carrier
        self._forget = forget
        self._packets: deque[Packet] = deque()
        self._news = asyncio.Event()
        self._dead = False
        self._tasks = Tasks(f"stream {key.serial}")
        self._tasks.start(self._inward(), "from the client")
        if direction is Direction.READ:
            self._tasks.start(self._outward(), "to the client")
        else:
            self._tasks.start(self._watch(), "for errors")

    def put(self, packet: Packet) -> None:
        """A packet came from the client."""
        self._packets.append(packet)
        self._news.set()

    async def close(self) -> None:
        """The connection is gone."""
        self._dead = True
        await self._end.abort()
        await self._tasks.close()

    # From the client

    async def _inward(self) -> None:
        while not self._dead:
            while not self._packets:
                self._news.clear()
                await self._news.wait()
            packet = self._packets.popleft()
            try:
                await self._take(packet)
            except Error as error:
                await self._fail(error)
            finally:
                self._carrier.request_done()

    async def _take(self, packet: Packet) -> None:
        match packet:
            case StreamData(data=data):
                await self._end.send(data)
            case StreamHole(length=length):
                await self._end.send_hole(length)
            case StreamFinish():
                await self._end.finish()
                self._bury(finish_packet(self.key))
            case StreamAbort(problem=problem):
                await self._end.abort()
                self._bury(error_packet(self.key, problem) if problem else finish_packet(self.key))

    # To the client

    async def _outward(self) -> None:
        try:
            while not self._dead:
                await self._carrier.wait_drained()
                piece = await self._end.receive()
                if self._dead:
                    return
                if isinstance(piece, Hole):
                    self._carrier.send(hole_packet(self.key, piece.length))
                elif piece:
                    self._carrier.send(data_packets(self.key, piece)[0])
                else:
                    self._carrier.send(end_packet(self.key))
                    return
        except Error as error:
            await self._fail(error)
        except Exception as error:
            log.error("a stream failed", error=error)
            await self._fail(InternalError(f"the stream failed: {error}"))

    async def _watch(self) -> None:
        """A driver that only takes data can still fail."""
        try:
            while await self._end.receive():
                continue
        except Error as error:
            await self._fail(error)

    # The end

    async def _fail(self, error: Error) -> None:
        """The stream is dead; the client learns why, unless it knows."""
        if not self._dead:
            self._bury(error_packet(self.key, error))
            await self._end.abort(error)

    def _bury(self, last: bytes | bytearray) -> None:
        if self._dead:
            return
        self._dead = True
        self._forget(self.key)
        self._carrier.send(last)
        while self._packets:
            self._packets.popleft()
            self._carrier.request_done()
