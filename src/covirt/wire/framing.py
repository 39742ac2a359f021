# SPDX-License-Identifier: LGPL-2.1-or-later
"""From chunks of a byte stream to whole messages, with the descriptors that belong to them.

Descriptors follow the last byte of their message, each one with a byte of its own that says nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from covirt.wire.errors import DecodeError, ProtocolError
from covirt.wire.message import (
    CALL_WITH_FDS,
    FDS_MAX,
    LENGTH_SIZE,
    MESSAGE_MAX,
    REPLY_WITH_FDS,
    START,
    Message,
    count_fds,
)

_read_length = struct.Struct(">I").unpack_from


class Framing:
    """Collects chunks until they make messages.

    `limit` is the largest length that is accepted, header and payload together; it may be changed at any time, as
    when a peer has proved who it is. Descriptors that no message announced end in `stray`; the owner of the
    connection has to close them, as well as those in `pending` when the connection ends.
    """

    def __init__(self, limit: int = MESSAGE_MAX) -> None:
        """Begin at a message boundary."""
        self.limit = limit
        self.stray: list[int] = []
        self.pending: list[int] = []
        self._rest = bytearray()
        self._need = LENGTH_SIZE
        self._waiting: Message | None = None
        self._missing = 0

    def feed(self, data: bytes, fds: Sequence[int] = ()) -> list[Message]:
        """The messages that are complete with this chunk; `fds` are the descriptors that came with its last byte."""
        if fds:
            self.pending += fds
        rest = self._rest
        if rest:
            rest += data
            if len(rest) < self._need:
                return []
            data = bytes(rest)
            rest.clear()
        messages: list[Message] = []
        at = self._cut(data, messages)
        if at < len(data):
            rest += memoryview(data)[at:]
        if self.pending and self._waiting is None:
            self.stray += self.pending
            self.pending = []
        return messages

    def _cut(self, data: bytes, messages: list[Message]) -> int:
        """Take whole messages off the front and say where the rest begins."""
        at, size = 0, len(data)
        while True:
            if self._waiting is not None:
                at = self._take_fds(at, size, messages)
                if self._waiting is not None:
                    self._need = 1
                    return at
            if size - at < LENGTH_SIZE:
                self._need = LENGTH_SIZE
                return at
            (length,) = _read_length(data, at)
            if not START <= length <= self.limit + LENGTH_SIZE:
                raise _bad_length(length, self.limit)
            if size - at < length:
                self._need = length
                return at
            message = Message(data if length == size else data[at : at + length])
            at += length
            if message.type == CALL_WITH_FDS or message.type == REPLY_WITH_FDS:
                self._announce(message)
            else:
                messages.append(message)

    def _announce(self, message: Message) -> None:
        """Hold a message back until its descriptors are there."""
        try:
            count = count_fds(message.frame)
        except DecodeError:
            raise ProtocolError("Unable to decode number of FDs") from None
        if count > FDS_MAX:
            raise ProtocolError(f"Received too many FDs {count}, expected {FDS_MAX} maximum")
        message.start = START + LENGTH_SIZE
        message.fds = []
        self._waiting, self._missing = message, count

    def _take_fds(self, at: int, size: int, messages: list[Message]) -> int:
        """Give descriptors to the message that waits for them; one byte goes with each."""
        message = self._waiting
        assert message is not None
        take = min(size - at, self._missing)
        if take > len(self.pending):
            raise ProtocolError("a byte came without the file descriptor that it should carry")
        message.fds = [*message.fds, *self.pending[:take]]
        del self.pending[:take]
        self._missing -= take
        if not self._missing:
            messages.append(message)
            self._waiting = None
        return at + take

    def abandon(self) -> list[int]:
        """All descriptors that were received and not handed out; the caller closes them."""
        held = self.stray + self.pending + (list(self._waiting.fds) if self._waiting else [])
        self.stray, self.pending, self._waiting = [], [], None
        return held


def _bad_length(length: int, limit: int) -> ProtocolError:
    """What to raise for a length word that cannot be."""
    if length < LENGTH_SIZE:
        return ProtocolError(f"packet {length} bytes received from server too small, want {LENGTH_SIZE}")
    if length < START:
        return ProtocolError("Unable to decode message header")
    return ProtocolError(f"packet {length - LENGTH_SIZE} bytes received from server too large, want {limit}")
