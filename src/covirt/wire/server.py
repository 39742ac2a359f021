# SPDX-License-Identifier: LGPL-2.1-or-later
"""The server's end of a conversation, without sockets.

`receive` takes bytes and gives events; what has to be answered at once, and is nobody's business, is in `outgoing`.
Calls to unknown programs and with a wrong status are refused here; the owner refuses unknown procedures, because it
knows the calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from covirt.errors import RpcError
from covirt.wire.errors import ProtocolError
from covirt.wire.fault import encode_error
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

UNAUTHENTICATED_MAX = 512 * 1024
"""The largest message of a peer that has not proved who it is; a SASL step fits in."""


class StreamData(NamedTuple):
    """Data of a stream."""

    key: StreamKey
    data: bytes


class StreamHole(NamedTuple):
    """A hole in a stream."""

    key: StreamKey
    length: int
    flags: int


class StreamFinish(NamedTuple):
    """The client has sent all and wants a confirmation."""

    key: StreamKey


class StreamAbort(NamedTuple):
    """The client gives up; with `problem` its packet was not proper."""

    key: StreamKey
    problem: RpcError | None


Event = Message | StreamData | StreamHole | StreamFinish | StreamAbort


class ServerProtocol:
    """One connection as the server sees it.

    A `Message` among the events is a call. `streams` holds the keys of open streams, with True for those that may
    have holes; the owner adds and removes them. A ProtocolError out of `receive` means that the connection must end.
    """

    def __init__(self, programs: set[tuple[int, int]], limit: int = UNAUTHENTICATED_MAX) -> None:
        """Serve the programs with these numbers and versions."""
        self.programs = programs
        self.framing = Framing(limit)
        self.streams: dict[StreamKey, bool] = {}
        self.outgoing: list[bytes | bytearray] = []

    def receive(self, data: bytes, fds: Sequence[int] = ()) -> list[Event]:
        """What has happened with this chunk."""
        events: list[Event] = []
        for message in self.framing.feed(data, fds):
            if message.type == CALL and message.status == OK and (message.program, message.version) in self.programs:
                events.append(message)
            else:
                event = self._unusual(message)
                if event is not None:
                    events.append(event)
        return events

    def _unusual(self, message: Message) -> Event | None:
        """Sort a message that is not a plain call."""
        if is_keepalive(message):
            if message.procedure == Procedure.PING:
                self.outgoing.append(PONG)
            return None
        if message.type in (STREAM, STREAM_HOLE):
            return self._packet(message)
        if message.type in (CALL, CALL_WITH_FDS):
            return self._call(message)
        self._drop(message)
        return None

    def _call(self, message: Message) -> Message | None:
        if (message.program, message.version) not in self.programs:
            self._refuse(message, f"Cannot find program {_signed(message.program)} version {_signed(message.version)}")
            return None
        if message.status != OK:
            self._refuse(message, f"Unexpected message status {message.status & 0xFFFFFFFF}")
            return None
        return message

    def _packet(self, message: Message) -> Event | None:
        """A stream packet; those of unknown streams are dropped, for they may come after the end."""
        key = StreamKey.of(message)
        sparse = self.streams.get(key)
        if sparse is None:
            return None
        if message.type == STREAM_HOLE:
            if not sparse:
                raise ProtocolError("Unexpected stream hole")
            return StreamHole(key, *hole_length(message))
        if message.status == CONTINUE:
            return StreamData(key, message.payload)
        if message.status == OK:
            return StreamFinish(key)
        wrong = message.status != ERROR
        problem = RpcError(f"stream aborted with unexpected status {message.status}") if wrong else None
        return StreamAbort(key, problem)

    def _refuse(self, message: Message, reason: str) -> None:
        self.outgoing.append(error_reply(message, RpcError(reason)))
        self._drop(message)

    def _drop(self, message: Message) -> None:
        self.framing.stray += message.fds


def _signed(number: int) -> int:
    """A number as libvirt prints it."""
    return number - 2**32 if number >= 2**31 else number


def reply(call: Message, encode: Encode | None, value: Any, fds: int = 0) -> bytearray:
    """The answer to a call; `fds` descriptors will follow."""
    type_ = REPLY_WITH_FDS if fds else REPLY
    return compose(call.program, call.version, call.procedure, type_, call.serial, OK, encode, value, fds)


def error_reply(call: Message, error: BaseException) -> bytearray:
    """The answer to a call that failed."""
    return compose(call.program, call.version, call.procedure, REPLY, call.serial, ERROR, encode_error, error)


def event(program: int, version: int, procedure: int, encode: Callable[..., None] | None, value: Any) -> bytearray:
    """Something the client did not ask for at this moment."""
    return compose(program, version, procedure, EVENT, 1, OK, encode, value)
