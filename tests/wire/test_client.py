# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client's end: replies find their calls, and streams their packets."""

from __future__ import annotations

import pytest

from covirt.errors import InvalidArg
from covirt.wire.client import Answer, ClientProtocol, Failure, StreamClosed, StreamData, StreamHole
from covirt.wire.errors import ProtocolError
from covirt.wire.framing import Framing
from covirt.wire.keepalive import PING, PONG
from covirt.wire.message import Message, compose, raw
from covirt.wire.server import error_reply, event, reply
from covirt.wire.stream import StreamKey, data_packets, end_packet, error_packet, finish_packet, hole_packet

REMOTE = 0x20008086
KEY = StreamKey(REMOTE, 1, 201, 0)


def ask(client: ClientProtocol[str], token: str) -> Message:
    """A call as the server reads it."""
    _, data = client.call(REMOTE, 1, 7, token, raw, b"abcd")
    (message,) = Framing().feed(bytes(data))
    return message


def test_replies_may_come_in_any_order() -> None:
    client: ClientProtocol[str] = ClientProtocol()
    first, second = ask(client, "first"), ask(client, "second")
    assert (first.serial, second.serial) == (0, 1)
    (answer,) = client.receive(bytes(reply(second, raw, b"late")))
    assert isinstance(answer, Answer)
    assert (answer.token, answer.message.payload) == ("second", b"late")
    (failure,) = client.receive(bytes(error_reply(first, InvalidArg("x"))))
    assert isinstance(failure, Failure)
    assert (failure.token, type(failure.error)) == ("first", InvalidArg)
    assert client.waiting == {}


def test_a_reply_that_nobody_waits_for_ends_the_conversation() -> None:
    client: ClientProtocol[str] = ClientProtocol()
    message = ask(client, "one")
    client.receive(bytes(reply(message, None, None)))
    with pytest.raises(ProtocolError, match="no call waiting for reply with prog 536903814 vers 1 serial 0"):
        client.receive(bytes(reply(message, None, None)))


def test_the_reply_to_a_forgotten_call_is_dropped() -> None:
    client: ClientProtocol[str] = ClientProtocol()
    message = ask(client, "one")
    client.forget(message.serial)
    assert client.receive(bytes(reply(message, None, None))) == []


def test_a_reply_with_another_program_ends_the_conversation() -> None:
    client: ClientProtocol[str] = ClientProtocol()
    ask(client, "one")
    with pytest.raises(ProtocolError):
        client.receive(bytes(compose(1, 1, 7, 1, 0, 0)))


@pytest.mark.parametrize("message", [compose(REMOTE, 1, 7, 0, 0, 0), compose(REMOTE, 1, 7, 9, 0, 0)])
def test_a_server_may_not_call(message: bytearray) -> None:
    with pytest.raises(ProtocolError, match="unexpected RPC call"):
        ClientProtocol[str]().receive(bytes(message))


def test_events_and_pings() -> None:
    client: ClientProtocol[str] = ClientProtocol()
    (message,) = client.receive(bytes(event(REMOTE, 1, 318, raw, b"abcd")) + PING)
    assert isinstance(message, Message)
    assert message.procedure == 318
    assert client.outgoing == [PONG]


def test_packets_find_their_stream() -> None:
    client: ClientProtocol[str] = ClientProtocol()
    client.streams[KEY] = True
    sent = [*data_packets(KEY, b"ab"), hole_packet(KEY, 4096), end_packet(KEY), finish_packet(KEY)]
    assert client.receive(b"".join(sent)) == [
        StreamData(KEY, b"ab"),
        StreamHole(KEY, 4096),
        StreamData(KEY, b""),
        StreamClosed(KEY, None),
    ]
    assert client.receive(bytes(finish_packet(KEY))) == []


def test_an_error_closes_a_stream() -> None:
    client: ClientProtocol[str] = ClientProtocol()
    client.streams[KEY] = False
    (closed,) = client.receive(bytes(error_packet(KEY, InvalidArg("x"))))
    assert isinstance(closed, StreamClosed)
    assert isinstance(closed.error, InvalidArg)


def test_a_hole_in_a_plain_stream_ends_the_conversation() -> None:
    client: ClientProtocol[str] = ClientProtocol()
    client.streams[KEY] = False
    with pytest.raises(ProtocolError):
        client.receive(bytes(hole_packet(KEY, 5)))
