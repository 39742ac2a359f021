# SPDX-License-Identifier: LGPL-2.1-or-later
"""One live connection to a daemon: many calls under way at once, each waiting for its own reply."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import Any

from covirt.api.call import Call
from covirt.api.handles import Handle
from covirt.api.stream import StreamEnd
from covirt.client.carried_stream import CarriedStream
from covirt.client.channel import Reply
from covirt.errors import Error, ErrorDomain, InternalError, SystemCallFailed
from covirt.rpc.codec import CallCodec, codec_of
from covirt.rpc.link import Link, close_fds
from covirt.runtime.log import get
from covirt.runtime.tasks import Tasks
from covirt.wire.client import Answer, ClientProtocol, Failure, StreamClosed, StreamData, StreamHole
from covirt.wire.errors import ProtocolError
from covirt.wire.keepalive import PING, Due, Keepalive, timeout_error
from covirt.wire.message import Message
from covirt.wire.stream import StreamKey

log = get("client.conversation")

AnyCall = Call[Any, ..., Any]
_STREAM_BACKLOG = 8 * 1024 * 1024


class Conversation:
    """Calls and events over one link.

    `on_event` gets every message that the daemon sends of its own accord, `on_end` is called once with the reason
    when the link is gone. Cancelling the task that waits for a reply gives the call up; the daemon still does it.
    """

    def __init__(self, on_event: Callable[[Message], None], on_end: Callable[[Error], None]) -> None:
        """Wait for `attach`."""
        self.protocol: ClientProtocol[asyncio.Future[Message]] = ClientProtocol()
        self.link: Link | None = None
        self.ended: Error | None = None
        self._on_event = on_event
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._outbox: list[bytes | bytearray] = []
        self._direct = True
        self._streams: dict[StreamKey, CarriedStream] = {}
        self._tasks = Tasks("conversation")
        self._drained = asyncio.Event()
        self._keepalive: Keepalive | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._held_back = 0

    def attach(self, link: Link) -> None:
        """Talk over a link."""
        self.link = link
        link.on_drained = self._drained.set
        link.resume()

    # Calls

    async def ask(
        self,
        call: AnyCall,
        subject: Handle,
        args: tuple[Any, ...],
        *,
        stream: StreamEnd | None = None,
        fds: Sequence[int] = (),
    ) -> Reply:
        """Make a call and wait for its result."""
        codec = codec_of(call)
        asked = None
        if codec.two_steps:
            message = await self._exchange(codec, subject, args, 0)
            asked = codec.decode_count(message)
            if not asked:
                return Reply(codec.decode_result(message))
        message = await self._exchange(codec, subject, args, asked, stream, fds)
        return Reply(codec.decode_result(message), tuple(message.fds))

    async def _exchange(
        self,
        codec: CallCodec,
        subject: Handle,
        args: tuple[Any, ...],
        asked: int | None,
        stream: StreamEnd | None = None,
        fds: Sequence[int] = (),
    ) -> Message:
        if self.ended is not None:
            raise closed_error()
        call = codec.call
        reply: asyncio.Future[Message] = self._loop.create_future()
        number, version = call.program.value
        serial, data = self.protocol.call(
            number, version, call.number, reply, codec.encode_args, (subject, args, asked), len(fds)
        )
        carried = self._prepare_stream(codec, serial, args, stream)
        self._send(data, [os.dup(fd) for fd in fds])
        if self._held_back:
            self._release()
        try:
            message = await reply
        except BaseException:
            self.protocol.forget(serial)
            if carried is not None:
                self._drop_stream(carried.key)
            raise
        if carried is not None:
            carried.start()
        return message

    def _send(self, data: bytes | bytearray, fds: Sequence[int] = ()) -> None:
        """Send the first message after something came at once, and those that follow it together."""
        assert self.link is not None
        if fds:
            self._send_rest()
            self.link.write(data, fds)
        elif self._direct:
            self._direct = False
            self.link.write(data)
        else:
            if not self._outbox:
                self._loop.call_soon(self._send_rest)
            self._outbox.append(data)

    def _send_rest(self) -> None:
        if not self._outbox or self.link is None:
            return
        outbox, self._outbox = self._outbox, []
        self.link.write(b"".join(outbox))

    # Streams

    def _prepare_stream(
        self, codec: CallCodec, serial: int, args: tuple[Any, ...], end: StreamEnd | None
    ) -> CarriedStream | None:
        """Know the stream before the reply is there, for its first packet may come right behind."""
        call = codec.call
        if end is None or call.stream is None:
            return None
        number, version = call.program.value
        key = StreamKey(number, version, call.number, serial)
        flag, at = call.traits.sparse_flag, call.flags_at
        self.protocol.streams[key] = flag is not None and at is not None and bool(int(args[at]) & flag)
        stream = self._streams[key] = CarriedStream(key, end, self, call.stream, self._tasks)
        return stream

    def _drop_stream(self, key: StreamKey) -> None:
        self.protocol.streams.pop(key, None)
        self._streams.pop(key, None)

    def stream_ended(self, key: StreamKey) -> None:
        """A stream has nothing to expect any more."""
        self._drop_stream(key)

    def send_packet(self, data: bytes | bytearray) -> None:
        """Send a stream's packet."""
        if self.ended is None:
            self._send(data)

    async def wait_drained(self) -> None:
        """Wait until the daemon has taken most of what is queued."""
        while self.link is not None and self.link.backlog > _STREAM_BACKLOG and self.ended is None:
            self._drained.clear()
            await self._drained.wait()

    def stream_backlog(self, change: int) -> None:
        """So many more bytes of streams wait to be read here; with too many, and no call under way, nothing is read."""
        self._held_back += change
        if self._held_back > _STREAM_BACKLOG and not self.protocol.waiting and self.link is not None:
            self.link.pause()
        elif change < 0:
            self._release()

    def _release(self) -> None:
        if self.link is not None and (self._held_back <= _STREAM_BACKLOG or self.protocol.waiting):
            self.link.resume()

    # What comes in

    def receive(self, data: bytes, fds: Sequence[int]) -> None:
        """Take a chunk from the link."""
        self._direct = not self._outbox
        if self._keepalive is not None:
            self._keepalive.heard(self._loop.time())
        try:
            events = self.protocol.receive(data, fds)
        except ProtocolError as error:
            self._end(error)
            return
        for event in events:
            match event:
                case Answer(token, message):
                    if not token.done():
                        token.set_result(message)
                case Failure(token, failure):
                    if not token.done():
                        token.set_exception(failure)
                case Message():
                    self._on_event(event)
                case StreamData(key) | StreamHole(key) | StreamClosed(key):
                    stream = self._streams.get(key)
                    if stream is not None:
                        stream.put(event)
        if self.protocol.outgoing:
            for answer in self.protocol.outgoing:
                self._send(answer)
            self.protocol.outgoing.clear()
        if self.protocol.framing.stray:
            close_fds(self.protocol.framing.stray)
            self.protocol.framing.stray.clear()

    # Keepalive

    def keep_alive(self, interval: int, count: int) -> None:
        """Ping the daemon when it is silent; end the conversation when it does not answer."""
        self._stop_timer()
        self._keepalive = Keepalive(interval, count, self._loop.time())
        self._arm()

    def _arm(self) -> None:
        if self._keepalive is not None and self._keepalive.deadline is not None:
            self._timer = self._loop.call_at(self._keepalive.deadline, self._expire)

    def _expire(self) -> None:
        assert self._keepalive is not None
        match self._keepalive.due(self._loop.time()):
            case Due.DEAD:
                self._end(timeout_error())
                return
            case Due.PING:
                self._send(PING)
        self._arm()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # The end

    def lost(self, error: OSError | None) -> None:
        """The link is gone."""
        self._end(lost_error(error))

    def _end(self, reason: Error) -> None:
        """Fail everything that waits, at once."""
        if self.ended is not None:
            return
        self.ended = reason
        self._stop_timer()
        for _, _, reply in self.protocol.waiting.values():
            if not reply.done():
                reply.set_exception(_copy(reason))
        self.protocol.waiting.clear()
        for stream in list(self._streams.values()):
            stream.put(StreamClosed(stream.key, reason))
        close_fds(self.protocol.framing.abandon())
        self._drained.set()
        if self.link is not None:
            self.link.abort()
        self._on_end(reason)

    async def close(self) -> None:
        """End it, and wait until nothing of it runs."""
        self._end(closed_error())
        await self._tasks.close()


def _copy(error: Error) -> Error:
    """The same error once more, for each one who waits gets a traceback of its own."""
    return type(error).verbatim(error.message, domain=error.domain, str1=error.str1, str2=error.str2, int1=error.int1)


def closed_error() -> InternalError:
    """What a call gets when the connection has ended before."""
    return InternalError("client socket is closed", domain=ErrorDomain.RPC)


def lost_error(error: OSError | None) -> Error:
    """What those get who wait when the peer goes away."""
    if error is None:
        lost = SystemCallFailed("End of file while reading data: Input/output error", domain=ErrorDomain.RPC)
    else:
        lost = SystemCallFailed(f"Cannot recv data: {error.strerror or error}", domain=ErrorDomain.RPC)
    lost.int1 = 5 if error is None else error.errno or 0
    return lost
