# SPDX-License-Identifier: LGPL-2.1-or-later
"""Packets of streams.

A stream is opened by a call and has the call's program, version, procedure and serial. Either side sends data and
holes, which are not answered; empty data is the end of what the server sends. The client finishes (status OK) or
aborts (status ERROR) and the server confirms with OK, or refuses with an error. The server may send an error at any
time; it is the last packet.

    open ── data, holes ──> open         open ── finish ──> finishing ── OK ──> closed
    open ── error ──> closed             open ── abort ───> finishing ── error ──> closed
"""

from __future__ import annotations

from typing import NamedTuple

from covirt.wire.errors import DecodeError, ProtocolError
from covirt.wire.fault import encode_error
from covirt.wire.message import CONTINUE, ERROR, OK, STREAM, STREAM_CHUNK, STREAM_HOLE, Message, compose, raw
from covirt.wire.xdr import types as t
from covirt.wire.xdr.plan import Plan

HOLE_LAYOUT = t.Struct("hole", (t.Field("length", t.HYPER), t.Field("flags", t.UINT)))
_hole = Plan(HOLE_LAYOUT)


class StreamKey(NamedTuple):
    """What names a stream on its connection."""

    program: int
    version: int
    procedure: int
    serial: int

    @classmethod
    def of(cls, message: Message) -> StreamKey:
        """The key that a message carries."""
        return cls(message.program, message.version, message.procedure, message.serial)


def data_packets(key: StreamKey, data: bytes | bytearray | memoryview) -> list[bytearray]:
    """The packets that carry some bytes; at least one."""
    program, version, procedure, serial = key
    if len(data) <= STREAM_CHUNK:
        return [compose(program, version, procedure, STREAM, serial, CONTINUE, raw, data)]
    view = memoryview(data)
    return [
        compose(program, version, procedure, STREAM, serial, CONTINUE, raw, view[at : at + STREAM_CHUNK])
        for at in range(0, len(view), STREAM_CHUNK)
    ]


def end_packet(key: StreamKey) -> bytearray:
    """No more data will come."""
    program, version, procedure, serial = key
    return compose(program, version, procedure, STREAM, serial, CONTINUE)


def hole_packet(key: StreamKey, length: int) -> bytearray:
    """So many zero bytes, not sent."""
    program, version, procedure, serial = key
    return compose(program, version, procedure, STREAM_HOLE, serial, CONTINUE, _hole.encode, (length, 0))


def hole_length(message: Message) -> tuple[int, int]:
    """The length and the flags of a hole packet."""
    try:
        length, flags = message.decode(_hole.decode)
    except DecodeError:
        raise ProtocolError("Malformed stream hole packet") from None
    return length, flags


def finish_packet(key: StreamKey) -> bytearray:
    """The client asks to finish; the server confirms that a stream has ended."""
    program, version, procedure, serial = key
    return compose(program, version, procedure, STREAM, serial, OK)


def abort_packet(key: StreamKey) -> bytearray:
    """The client asks to abort."""
    program, version, procedure, serial = key
    return compose(program, version, procedure, STREAM, serial, ERROR)


def error_packet(key: StreamKey, error: BaseException) -> bytearray:
    """The server says that the stream is dead, and why."""
    program, version, procedure, serial = key
    return compose(program, version, procedure, STREAM, serial, ERROR, encode_error, error)
