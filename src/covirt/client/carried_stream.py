# SPDX-License-Identifier: LGPL-2.1-or-later
"""A stream between a caller here and a daemon: the caller has one end of a pair, packets go for the other."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

from covirt.api.call import Direction
from covirt.api.stream import Hole, StreamEnd
from covirt.errors import Error
from covirt.runtime.tasks import Tasks
from covirt.wire.client import StreamClosed, StreamData, StreamHole
from covirt.wire.stream import StreamKey, abort_packet, data_packets, finish_packet, hole_packet


class StreamCarrier(Protocol):
    """What a stream needs of its conversation."""

    def send_packet(self, data: bytes | bytearray) -> None:
        """Send a packet."""

    async def wait_drained(self) -> None:
        """Wait until the daemon has taken most of what is queued."""

    def stream_backlog(self, change: int) -> None:
        """So many more bytes wait for the caller."""

    def stream_ended(self, key: StreamKey) -> None:
        """The stream has nothing to expect any more."""


class CarriedStream:
    """Takes what the caller sends to the daemon, and what the daemon sends to the caller."""

    def __init__(
        self, key: StreamKey, end: StreamEnd, carrier: StreamCarrier, direction: Direction, tasks: Tasks
    ) -> None:
        """Keep what comes; `start` begins to work."""
        self.key = key
        self._end = end
        self._carrier = carrier
        self._direction = direction
        self._tasks = tasks
        self._packets: deque[StreamData | StreamHole | StreamClosed] = deque()
        self._news = asyncio.Event()

    def start(self) -> None:
        """The call that opens the stream has succeeded."""
        self._tasks.start(self._downward(), "from the daemon")
        self._tasks.start(self._upward(), "to the daemon")

    def put(self, packet: StreamData | StreamHole | StreamClosed) -> None:
        """A packet came from the daemon."""
        if isinstance(packet, StreamData):
            self._carrier.stream_backlog(len(packet.data))
        self._packets.append(packet)
        self._news.set()

    async def _downward(self) -> None:
        while True:
            while not self._packets:
                self._news.clear()
                await self._news.wait()
            packet = self._packets.popleft()
            if isinstance(packet, StreamClosed):
                await self._closed(packet.error)
                return
            if isinstance(packet, StreamData):
                self._carrier.stream_backlog(-len(packet.data))
            try:
                await self._hand_over(packet)
            except Error:
                continue  # the caller gave up; what was on its way is of no use, the confirmation is still to come

    async def _hand_over(self, packet: StreamData | StreamHole) -> None:
        if isinstance(packet, StreamHole):
            await self._end.send_hole(packet.length)
        elif packet.data:
            await self._end.send(packet.data)
        else:
            await self._end.end()

    async def _closed(self, error: Error | None) -> None:
        self._carrier.stream_ended(self.key)
        if error is None:
            await self._end.end()
        else:
            await self._end.abort(error)

    async def _upward(self) -> None:
        try:
            while True:
                piece = await self._end.receive()
                await self._carrier.wait_drained()
                if isinstance(piece, Hole):
                    self._carrier.send_packet(hole_packet(self.key, piece.length))
                elif piece:
                    for packet in data_packets(self.key, piece):
                        self._carrier.send_packet(packet)
                else:
                    self._carrier.send_packet(finish_packet(self.key))
                    return
        except Error:
            self._carrier.send_packet(abort_packet(self.key))
