# SPDX-License-Identifier: LGPL-2.1-or-later
"""Headers, frames and descriptors."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covirt.errors import ErrorCode, ErrorDomain, NoSuchDomain, NoSupport
from covirt.wire.errors import EncodeError, ProtocolError
from covirt.wire.fault import decode_error, encode_error
from covirt.wire.framing import Framing
from covirt.wire.message import MESSAGE_MAX, Message, MessageType, Status, compose, raw

HEADER = bytes.fromhex("0000001c 11223344 00000001 00000666 00000000 00000099 00000000")


def call(payload: bytes = b"", type_: int = 0, fds: int = 0, serial: int = 7) -> bytes:
    """The bytes of some message."""
    return bytes(compose(0x20008086, 1, 5, type_, serial, 0, raw, payload, fds))


def test_a_header_has_these_bytes() -> None:
    assert compose(0x11223344, 1, 0x666, MessageType.CALL, 0x99, Status.OK) == HEADER


def test_a_header_is_read() -> None:
    message = Message(HEADER)
    assert (message.program, message.version, message.procedure) == (0x11223344, 1, 0x666)
    assert (message.type, message.serial, message.status) == (MessageType.CALL, 0x99, Status.OK)
    assert message.payload == b""
    assert repr(message) == "<CALL 0x11223344/1 procedure 1638 serial 153 status 0, 28 bytes>"


def test_an_unknown_type_is_kept() -> None:
    message = Message(bytes(compose(1, 2, -3, 99, 4, 5)))
    assert (message.type, message.procedure, message.status) == (99, -3, 5)
    assert "type 99" in repr(message)


def test_an_error_payload_is_read() -> None:
    frame = bytes.fromhex(
        "00000074 11223344 00000001 00000666 00000002 00000099 00000001 00000001 00000007 00000001 0000000b"
        "48656c6c 6f20576f 726c6400 00000002 00000000 00000001 00000003 4f6e6500 00000001 00000003 54776f00"
        "00000001 00000005 54687265 65000000 00000001 00000002 00000000"
    )
    error = decode_error(Message(frame))
    assert (error.code, error.domain, error.message, error.level) == (1, ErrorDomain.RPC, "Hello World", 2)
    assert (error.str1, error.str2, error.str3, error.int1, error.int2) == ("One", "Two", "Three", 1, 2)


def test_an_error_goes_out_and_comes_back() -> None:
    sent = NoSuchDomain("no domain with matching name 'x'", domain=ErrorDomain.QEMU)
    got = decode_error(Message(bytes(compose(1, 1, 1, 1, 1, 1, encode_error, sent))))
    assert type(got) is NoSuchDomain
    assert (got.message, got.domain, got.str1, got.str2) == (sent.message, sent.domain, sent.str1, sent.str2)


def test_a_foreign_exception_tells_nothing_of_its_inside() -> None:
    got = decode_error(Message(bytes(compose(1, 1, 1, 1, 1, 1, encode_error, KeyError("secret")))))
    assert got.message == "Library function returned error but did not set virError"
    assert (got.code, got.domain) == (ErrorCode.INTERNAL_ERROR, ErrorDomain.RPC)


def test_an_unknown_procedure_is_a_call_without_support() -> None:
    from covirt.errors import RpcError

    got = decode_error(Message(bytes(compose(1, 1, 1, 1, 1, 1, encode_error, RpcError("unknown procedure: 999")))))
    assert type(got) is NoSupport
    assert got.message == "unknown procedure: 999"


def test_a_malformed_error_is_an_error() -> None:
    assert "decode" in decode_error(Message(call(b"\0\0"))).message


def test_a_message_over_the_limit_is_not_made() -> None:
    with pytest.raises(EncodeError):
        call(bytes(MESSAGE_MAX))
    with pytest.raises(EncodeError):
        call(type_=4, fds=33)


@given(st.lists(st.binary(max_size=40), max_size=6), st.data())
def test_frames_are_found_wherever_the_chunks_end(payloads: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(call(payload, serial=number) for number, payload in enumerate(payloads))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    framing = Framing()
    found = [
        message
        for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)
        for message in framing.feed(stream[start:end])
    ]
    assert [(message.serial, message.payload) for message in found] == list(enumerate(payloads))


@pytest.mark.parametrize("length", [0, 3, 4, 27, MESSAGE_MAX + 5, 0x7FFFFFFF, 0xFFFFFFFF])
def test_an_impossible_length_ends_the_conversation(length: int) -> None:
    with pytest.raises(ProtocolError):
        Framing().feed(struct.pack(">I", length))


def test_the_limit_may_change() -> None:
    framing = Framing(limit=100)
    assert framing.feed(call(bytes(76)))
    with pytest.raises(ProtocolError, match="too large, want 100"):
        framing.feed(call(bytes(77)))
    framing = Framing(limit=100)
    framing.limit = 200
    assert framing.feed(call(bytes(77)))


def test_descriptors_follow_their_message() -> None:
    framing = Framing()
    data = call(b"abcd", type_=4, fds=2)
    assert framing.feed(data) == []
    assert framing.feed(b"\0", [10]) == []
    (message,) = framing.feed(b"\0", [11])
    assert (message.payload, message.fds) == (b"abcd", [10, 11])
    assert framing.stray == []


def test_a_descriptor_may_come_with_the_end_of_its_message() -> None:
    framing = Framing()
    (message,) = framing.feed(call(b"abcd", type_=5, fds=1) + b"\0", [10])
    assert message.fds == [10]
    (after,) = framing.feed(call())
    assert after.fds == ()


def test_a_message_may_announce_no_descriptor() -> None:
    (message,) = Framing().feed(call(struct.pack(">I", 0) + b"abcd", type_=4))
    assert (message.payload, message.fds) == (b"abcd", [])


def test_descriptors_that_nobody_announced_are_stray() -> None:
    framing = Framing()
    framing.feed(call(), [10])
    assert framing.stray == [10]
    assert framing.abandon() == [10]


def test_a_descriptor_byte_without_descriptor_ends_the_conversation() -> None:
    framing = Framing()
    framing.feed(call(type_=4, fds=1))
    with pytest.raises(ProtocolError):
        framing.feed(b"\0")


def test_too_many_descriptors_end_the_conversation() -> None:
    data = bytearray(call(struct.pack(">I", 33), type_=4))
    with pytest.raises(ProtocolError, match="too many FDs"):
        Framing().feed(bytes(data))


def test_descriptors_of_a_broken_conversation_are_given_back() -> None:
    framing = Framing()
    framing.feed(call(type_=4, fds=3))
    framing.feed(b"\0", [10])
    assert framing.abandon() == [10]
