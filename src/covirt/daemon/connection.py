# SPDX-License-Identifier: LGPL-2.1-or-later
"""One client: its socket, its conversation, its calls under way, and all that ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from covirt.api.request import ClientIdentity
from covirt.daemon.streams import ClientStream
from covirt.errors import RpcError
from covirt.rpc.link import Link, close_fds
from covirt.runtime.log import get
from covirt.runtime.tasks import Tasks
from covirt.wire.keepalive import PING, Due, Keepalive
from covirt.wire.message import MESSAGE_MAX, STREAM_CHUNK, Message
from covirt.wire.server import ServerProtocol, StreamAbort, StreamData, StreamFinish, StreamHole
from covirt.wire.stream import StreamKey

if TYPE_CHECKING:
    from covirt.daemon.auth import Authentication
    from covirt.daemon.server import Server

log = get("daemon.connection")

_BACKLOG = STREAM_CHUNK


class Transport(Enum):
    """The way a client came, with the numbers of the admin interface."""

    UNIX = 0
    TCP = 1
    TLS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What is fixed about a connection from its first moment."""

    transport: Transport
    address: str
    read_only: bool = False
    key_bits: int = 0


class ClientConnection:
    """A client and its state; made by the server when somebody connects."""

    def __init__(
        self, server: Server, id_: int, origin: Origin, identity: ClientIdentity, authentication: Authentication
    ) -> None:
        """Wait for `attach`."""
        self.server = server
        self.id = id_
        self.origin = origin
        self.identity = identity
        self.authentication = authentication
        self.since = int(time.time())
        self.protocol = ServerProtocol(server.programs)
        self.keepalive: Keepalive | None = None
        self.state = server.new_state(self)
        self.streams: dict[StreamKey, ClientStream] = {}
        self.tasks = Tasks(f"client {id_}")
        self.link: Link | None = None
        self.closed = False
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Message] = deque()
        self._active = 0
        self._drained = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        if self.authenticated:
            self.protocol.framing.limit = MESSAGE_MAX

    @property
    def authenticated(self) -> bool:
        """Has the client proved who it is, where that is asked of it?"""
        return self.authentication.complete

    def attach(self, link: Link) -> None:
        """Converse over a link."""
        self.link = link
        link.on_drained = self._drained.set
        link.resume()

    def welcome(self) -> None:
        """The client has proved who it is."""
        found = self.authentication.identity
        self.identity = replace(found, x509_name=self.identity.x509_name)
        self.protocol.framing.limit = MESSAGE_MAX
        self.server.check_limits()

    # What comes in

    def receive(self, data: bytes, fds: Sequence[int]) -> None:
        """Take a chunk from the link."""
        try:
            events = self.protocol.receive(data, fds)
        except RpcError as error:
            log.warning("a client broke the protocol", client=self, error=str(error))
            self.abort()
            return
        if self.keepalive is not None:
            self.keepalive.heard(self._loop.time())
        if self.protocol.framing.stray:
            close_fds(self.protocol.framing.stray)
            self.protocol.framing.stray.clear()
        for event in events:
            if isinstance(event, Message):
                self._admit(event)
            else:
                self._packet(event)
        for message in self.protocol.outgoing:
            self.send(message)
        self.protocol.outgoing.clear()

    def _admit(self, message: Message) -> None:
        """Start a call, or let it wait while the client has its share of calls under way."""
        if self._active < self.server.limits.max_client_requests:
            self._start(message)
        else:
            self._waiting.append(message)
            self._throttle()

    def _start(self, message: Message) -> None:
        self._active += 1
        self.server.active_calls += 1
        self.tasks.start(self._answer(message), "call")

    async def _answer(self, message: Message) -> None:
        try:
            await self.server.dispatcher.answer(self, message)
        finally:
            self.server.active_calls -= 1
            self.request_done()

    def _packet(self, packet: StreamData | StreamHole | StreamFinish | StreamAbort) -> None:
        stream = self.streams.get(packet.key)
        if stream is not None:
            self._active += 1
            stream.put(packet)
            self._throttle()

    def _throttle(self) -> None:
        if self._active >= self.server.limits.max_client_requests and self.link is not None:
            self.link.pause()

    def request_done(self) -> None:
        """A call or packet does not occupy the client's share any more."""
        self._active -= 1
        while self._waiting and self._active < self.server.limits.max_client_requests and not self.closed:
            self._start(self._waiting.popleft())
        if self._active < self.server.limits.max_client_requests and self.link is not None and not self.closed:
            self.link.resume()

    # What goes out

    def send(self, data: bytes | bytearray, fds: Sequence[int] = ()) -> None:
        """Queue a message."""
        if self.link is None:
            close_fds(fds)
            return
        self.link.write(data, fds)
        if self.link.backlog > self.server.limits.max_client_backlog:
            log.warning("a client does not take what it asked for", client=self, bytes=self.link.backlog)
            self.abort()

    async def wait_drained(self) -> None:
        """Wait until the client has taken most of what is queued."""
        while self.link is not None and self.link.backlog > _BACKLOG:
            self._drained.clear()
            await self._drained.wait()

    # Streams

    def open_stream(self, key: StreamKey, stream: ClientStream, *, sparse: bool) -> None:
        """Take packets of a stream from now on."""
        self.protocol.streams[key] = sparse
        self.streams[key] = stream

    def forget_stream(self, key: StreamKey) -> None:
        """A stream has ended; later packets are dropped."""
        self.protocol.streams.pop(key, None)
        self.streams.pop(key, None)

    # Keepalive

    def start_keepalive(self) -> None:
        """Watch whether the client is still there; it has said that it answers pings."""
        limits = self.server.limits
        if self.keepalive is None and limits.keepalive_interval > 0:
            self.keepalive = Keepalive(limits.keepalive_interval, limits.keepalive_count, self._loop.time())
            self._arm()

    def _arm(self) -> None:
        assert self.keepalive is not None
        if self.keepalive.deadline is not None:
            self._timer = self._loop.call_at(self.keepalive.deadline, self._expire)

    def _expire(self) -> None:
        assert self.keepalive is not None
        match self.keepalive.due(self._loop.time()):
            case Due.DEAD:
                log.warning("a client does not answer any more", client=self)
                self.abort()
                return
            case Due.PING:
                self.send(PING)
        self._arm()

    # The end

    def close(self) -> None:
        """End the connection when what is queued is sent."""
        if self.link is not None:
            self.link.close()

    def abort(self) -> None:
        """End the connection at once."""
        if self.link is not None:
            self.link.abort()

    def lost(self, error: OSError | None) -> None:
        """The link is gone; called once."""
        if self.closed:
            return
        self.closed = True
        close_fds(self.protocol.framing.abandon())
        for message in self._waiting:
            close_fds(message.fds)
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
        self._drained.set()
        self.server.end_client(self)

    def close_soon(self) -> None:
        """End the connection when the reply that is being made has gone out."""
        self._loop.call_soon(self.close)

    async def drain(self, grace: float) -> None:
        """Wait for calls under way, for a while, and take no new ones."""
        if self.link is not None:
            self.link.pause()
        self._waiting.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self.tasks.wait()

    async def finish(self) -> None:
        """Let go of all that belonged to the client; calls under way are cancelled."""
        await self.tasks.close()
        for stream in list(self.streams.values()):
            await stream.close()
        self.streams.clear()
        await self.state.close()

    def __str__(self) -> str:
        """Number and name, for logs."""
        return f"{self.id} ({self.identity}, {self.origin.address})"
