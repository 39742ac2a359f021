# SPDX-License-Identifier: LGPL-2.1-or-later
"""The server's end: what is answered, refused, dropped, and what ends the connection."""

from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covirt.errors import Error, RpcError
from covirt.wire.errors import ProtocolError
from covirt.wire.fault import decode_error
from covirt.wire.framing import Framing
from covirt.wire.keepalive import PING, PONG
from covirt.wire.message import Message, compose, raw
from covirt.wire.server import (
    ServerProtocol,
    StreamAbort,
    StreamData,
    StreamFinish,
    StreamHole,
    error_reply,
    event,
    reply,
)
from covirt.wire.stream import StreamKey, abort_packet, data_packets, end_packet, finish_packet, hole_packet

REMOTE = 0x20008086
KEY = StreamKey(REMOTE, 1, 201, 9)


def server() -> ServerProtocol:
    """A server of one program with one open stream."""
    protocol = ServerProtocol({(REMOTE, 1)})
    protocol.streams[KEY] = False
    return protocol


def call(program: int = REMOTE, version: int = 1, type_: int = 0, status: int = 0, payload: bytes = b"") -> bytes:
    """The bytes of a call."""
    return bytes(compose(program, version, 1, type_, 5, status, raw, payload))


def refusal(protocol: ServerProtocol) -> Error:
    """The error in the only message that goes out."""
    (data,) = protocol.outgoing
    (message,) = Framing().feed(bytes(data))
    assert (message.type, message.status, message.serial, message.procedure) == (1, 1, 5, 1)
    return decode_error(message)


def test_a_call_is_an_event() -> None:
    protocol = server()
    (message,) = protocol.receive(call(payload=b"abcd"))
    assert isinstance(message, Message)
    assert message.payload == b"abcd"
    assert protocol.outgoing == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (call(program=1), "Cannot find program 1 version 1"),
        (call(program=0xFFFFFFFE), "Cannot find program -2 version 1"),
        (call(version=2), f"Cannot find program {REMOTE} version 2"),
        (call(status=1), "Unexpected message status 1"),
        (call(type_=4, status=2, payload=bytes(4)), "Unexpected message status 2"),
        (call(program=1, type_=4, payload=bytes(4)), "Cannot find program 1 version 1"),
    ],
)
def test_a_call_is_refused(data: bytes, expected: str) -> None:
    protocol = server()
    assert protocol.receive(data) == []
    assert str(refusal(protocol)) == expected


@pytest.mark.parametrize("type_", [1, 2, 7, -1, 99])
def test_what_a_client_may_not_send_is_dropped(type_: int) -> None:
    protocol = server()
    assert protocol.receive(call(type_=type_)) == []
    assert protocol.receive(call(type_=type_, program=1)) == []
    assert protocol.outgoing == []


def test_descriptors_of_refused_calls_are_stray() -> None:
    protocol = server()
    data = bytes(compose(1, 1, 1, 4, 5, 0, None, None, 1))
    protocol.receive(data + b"\0", [33])
    assert protocol.framing.stray == [33]


def test_a_ping_is_answered() -> None:
    protocol = server()
    assert protocol.receive(PING + PONG) == []
    assert protocol.outgoing == [PONG]


def test_packets_of_a_stream_are_events() -> None:
    protocol = server()
    sent = [*data_packets(KEY, b"ab"), end_packet(KEY), finish_packet(KEY), abort_packet(KEY)]
    assert protocol.receive(b"".join(sent)) == [
        StreamData(KEY, b"ab"),
        StreamData(KEY, b""),
        StreamFinish(KEY),
        StreamAbort(KEY, None),
    ]


def test_packets_of_no_stream_are_dropped() -> None:
    protocol = server()
    other = KEY._replace(serial=10)
    assert protocol.receive(b"".join([*data_packets(other, b"ab"), finish_packet(other), hole_packet(other, 5)])) == []


def test_a_hole_needs_a_sparse_stream() -> None:
    protocol = server()
    with pytest.raises(ProtocolError, match="Unexpected stream hole"):
        protocol.receive(bytes(hole_packet(KEY, 5)))
    protocol = server()
    protocol.streams[KEY] = True
    assert protocol.receive(bytes(hole_packet(KEY, 5))) == [StreamHole(KEY, 5, 0)]
    with pytest.raises(ProtocolError, match="Malformed"):
        protocol.receive(bytes(compose(*KEY[:3], 6, KEY.serial, 2)))


def test_an_odd_stream_status_aborts() -> None:
    (abort,) = server().receive(bytes(compose(*KEY[:3], 3, KEY.serial, 7)))
    assert isinstance(abort, StreamAbort)
    assert str(abort.problem) == "stream aborted with unexpected status 7"


def test_long_data_goes_in_several_packets() -> None:
    protocol = ServerProtocol({(REMOTE, 1)}, limit=2**25)
    protocol.streams[KEY] = False
    data = bytes(range(256)) * 2000
    events = protocol.receive(b"".join(data_packets(KEY, data)))
    assert len(events) == 2
    assert b"".join(event.data for event in events if isinstance(event, StreamData)) == data


def test_answers_have_the_numbers_of_the_call() -> None:
    message = Message(call())
    (answer,) = Framing().feed(bytes(reply(message, raw, b"abcd")))
    assert (answer.type, answer.status, answer.serial, answer.procedure, answer.payload) == (1, 0, 5, 1, b"abcd")
    (failed,) = Framing().feed(bytes(error_reply(message, RpcError("no"))))
    assert str(decode_error(failed)) == "no"
    (with_fd,) = Framing().feed(bytes(reply(message, raw, b"abcd", fds=1)) + b"\0", [3])
    assert (with_fd.type, with_fd.payload, with_fd.fds) == (5, b"abcd", [3])


def test_events_have_serial_one() -> None:
    (message,) = Framing().feed(bytes(event(REMOTE, 1, 318, raw, b"abcd")))
    assert (message.type, message.serial, message.procedure) == (2, 1, 318)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_never_do_more_than_end_the_connection(data: bytes) -> None:
    try:
        server().receive(data)
    except ProtocolError:
        return


def test_a_hundred_thousand_bad_headers_do_no_harm() -> None:
    chance = random.Random(5)
    numbers = [0, 1, 2, 3, 4, 5, 6, 7, 9, 28, 32, 201, REMOTE, 0x6B656570, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]
    protocol = server()
    for _ in range(100_000):
        payload = bytes(chance.randrange(3) * 4)
        length = 28 + len(payload) if chance.random() < 0.9 else chance.choice(numbers)
        data = struct.pack(">7I", length, *(chance.choice(numbers) for _ in range(6))) + payload
        try:
            protocol.receive(data)
        except ProtocolError:
            protocol = server()
        protocol.outgoing.clear()
