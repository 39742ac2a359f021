# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client's end of a conversation, without sockets.

Calls may overlap and replies may come in any order. `receive` takes bytes and gives events; pongs are in `outgoing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from covirt.errors import Error
from covirt.wire.errors import ProtocolError
from covirt.wire.fault import decode_error
from covirt.wire.framing import Framing
from covirt.wire.keepalive import PONG, Procedure, is_keepalive
from covirt.wire.message import (
    CALL,
    CALL_WITH_FDS,
    CONTINUE,
    ERROR,
    EVENT,
    OK,
    REPLY,
    REPLY_WITH_FDS,
    STREAM,
    STREAM_HOLE,
    Encode,
    Message,
    compose,
)
from covirt.wire.stream import StreamKey, hole_length

Token = TypeVar("Token")


class Answer(NamedTuple, Generic[Token]):
    """A call has succeeded; the message holds the result."""

    token: Token
    message: Message


class Failure(NamedTuple, Generic[Token]):
    """A call has failed."""

    token: Token
    error: Error


class StreamData(NamedTuple):
    """Data of a stream; empty data is its end."""

    key: StreamKey
    data: bytes


class StreamHole(NamedTuple):
    """So many zero bytes that were not sent."""

    key: StreamKey
    length: int


class StreamClosed(NamedTuple):
    """The server confirms that the stream is finished or aborted, or says why it is dead."""

    key: StreamKey
    error: Error | None


class ClientProtocol(Generic[Token]):
    """One connection as the client sees it; a token is whatever the owner wants back with the answer.

    A plain `Message` among the events is an event of the server. A ProtocolError out of `receive` means that the
    connection must end.
    """

    def __init__(self) -> None:
        """Nothing is asked yet."""
        self.framing = Framing()
        self.waiting: dict[int, tuple[int, int, Token]] = {}
        self.streams: dict[StreamKey, bool] = {}
        self.outgoing: list[bytes | bytearray] = []
        self._serial = 0
        self._forgotten: set[int] = set()

    def call(
        self,
        program: int,
        version: int,
        procedure: int,
        token: Token,
        encode: Encode | None = None,
        value: Any = None,
        fds: int = 0,
    ) -> tuple[int, bytearray]:
        """The serial and the bytes of a new call."""
        serial = self._serial
        type_ = CALL_WITH_FDS if fds else CALL
        data = compose(program, version, procedure, type_, serial, OK, encode, value, fds)
        self._serial = serial + 1 & 0xFFFFFFFF
        self.waiting[serial] = (program, version, token)
        return serial, data

    def forget(self, serial: int) -> None:
        """Nobody waits for a call any more; its reply will be dropped."""
        if self.waiting.pop(serial, None) is not None:
            self._forgotten.add(serial)

    def receive(
        self, data: bytes, fds: Sequence[int] = ()
    ) -> list[Answer[Token] | Failure[Token] | Message | StreamData | StreamHole | StreamClosed]:
        """What has happened with this chunk."""
        events: list[Answer[Token] | Failure[Token] | Message | StreamData | StreamHole | StreamClosed] = []
        for message in self.framing.feed(data, fds):
            kind = message.type
            if kind in (REPLY, REPLY_WITH_FDS):
                answer = self._reply(message)
                if answer is not None:
                    events.append(answer)
            elif kind == EVENT:
                if not is_keepalive(message):
                    events.append(message)
                elif message.procedure == Procedure.PING:
                    self.outgoing.append(PONG)
            elif kind in (STREAM, STREAM_HOLE):
                packet = self._packet(message)
                if packet is not None:
                    events.append(packet)
            else:
                raise ProtocolError(
                    f"got unexpected RPC call prog {message.program} vers {message.version}"
                    f" proc {message.procedure} type {kind}"
                )
        return events

    def _reply(self, message: Message) -> Answer[Token] | Failure[Token] | None:
        call = self.waiting.pop(message.serial, None)
        if call is None or (call[0], call[1]) != (message.program, message.version):
            if message.serial in self._forgotten:
                self._forgotten.discard(message.serial)
                self.framing.stray += message.fds
                return None
            raise ProtocolError(
                f"no call waiting for reply with prog {message.program} vers {message.version} serial {message.serial}"
            )
        if message.status == OK:
            return Answer(call[2], message)
        if message.status == ERROR:
            return Failure(call[2], decode_error(message))
        raise ProtocolError(f"Unexpected message status {message.status}")

    def _packet(self, message: Message) -> StreamData | StreamHole | StreamClosed | None:
        key = StreamKey.of(message)
        sparse = self.streams.get(key)
        if sparse is None:
            return None
        if message.type == STREAM_HOLE:
            if not sparse:
                raise ProtocolError("Unexpected stream hole")
            return StreamHole(key, hole_length(message)[0])
        if message.status == CONTINUE:
            return StreamData(key, message.payload)
        if message.status in (OK, ERROR):
            del self.streams[key]
            return StreamClosed(key, decode_error(message) if message.status == ERROR else None)
        raise ProtocolError(f"stream packet with unexpected status {message.status}")
