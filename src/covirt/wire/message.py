# SPDX-License-Identifier: LGPL-2.1-or-later
"""One message: a length, a header of six numbers, sometimes a count of descriptors, and a payload."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from covirt.wire.errors import DecodeError, EncodeError

LENGTH_SIZE = 4
HEADER_SIZE = 24
START = LENGTH_SIZE + HEADER_SIZE
MESSAGE_MAX = 32 * 1024 * 1024
"""Header and payload together; the length word comes on top."""
PAYLOAD_MAX = MESSAGE_MAX - HEADER_SIZE
STREAM_CHUNK = 262120
"""The largest data packet that every version of libvirt can take."""
FDS_MAX = 32

_LENGTH = struct.Struct(">I")
_HEAD = struct.Struct(">IIIiiIi")
_read_head = _HEAD.unpack_from
_write_length = _LENGTH.pack_into


class MessageType(IntEnum):
    """What a message is."""

    CALL = 0
    REPLY = 1
    EVENT = 2
    STREAM = 3
    CALL_WITH_FDS = 4
    REPLY_WITH_FDS = 5
    STREAM_HOLE = 6


class Status(IntEnum):
    """How a call went, or what a stream packet means."""

    OK = 0
    ERROR = 1
    CONTINUE = 2


CALL, REPLY, EVENT, STREAM, CALL_WITH_FDS, REPLY_WITH_FDS, STREAM_HOLE = map(int, MessageType)
OK, ERROR, CONTINUE = map(int, Status)

Encode = Callable[[bytearray, Any], None]


class Message:
    """A received message. The payload is `frame[start:]`; type and status are as received, perhaps unknown."""

    __slots__ = ("fds", "frame", "procedure", "program", "serial", "start", "status", "type", "version")

    def __init__(self, frame: bytes) -> None:
        """Read the header of a complete frame of at least `START` bytes."""
        _, self.program, self.version, self.procedure, self.type, self.serial, self.status = _read_head(frame)
        self.frame = frame
        self.start = START
        self.fds: Sequence[int] = ()

    @property
    def payload(self) -> bytes:
        """A copy of the payload."""
        return self.frame[self.start :]

    def decode(self, decode: Callable[[bytes, int], Any]) -> Any:
        """The payload as a value."""
        return decode(self.frame, self.start)

    def __repr__(self) -> str:
        """The header, for logs."""
        try:
            kind = MessageType(self.type).name
        except ValueError:
            kind = f"type {self.type}"
        return (
            f"<{kind} {self.program:#x}/{self.version} procedure {self.procedure} serial {self.serial}"
            f" status {self.status}, {len(self.frame)} bytes>"
        )


def compose(
    program: int,
    version: int,
    procedure: int,
    type_: int,
    serial: int,
    status: int = OK,
    encode: Encode | None = None,
    value: Any = None,
    fds: int = 0,
) -> bytearray:
    """The bytes of a message whose payload `encode` lays out; `fds` counts the descriptors that will follow."""
    out = bytearray(_HEAD.pack(START, program, version, procedure, type_, serial, status))
    if fds:
        if fds > FDS_MAX:
            raise EncodeError(f"{fds} descriptors where {FDS_MAX} is the limit")
        out += _LENGTH.pack(fds)
    if encode is not None:
        encode(out, value)
    if len(out) != START:
        if len(out) > MESSAGE_MAX + LENGTH_SIZE:
            raise EncodeError(f"a message of {len(out)} bytes is too long")
        _write_length(out, 0, len(out))
    return out


def raw(out: bytearray, data: Any) -> None:
    """Lay out bytes as they are: the payload of a data packet."""
    out += data


def count_fds(frame: bytes) -> int:
    """How many descriptors a message with descriptors announces."""
    if len(frame) < START + LENGTH_SIZE:
        raise DecodeError("no count of descriptors")
    return int(_LENGTH.unpack_from(frame, START)[0])
