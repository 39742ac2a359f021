# SPDX-License-Identifier: LGPL-2.1-or-later
"""The keepalive program: is the peer still there? Time is given by the caller, in seconds."""

from __future__ import annotations

from enum import Enum, IntEnum

from covirt.errors import ErrorDomain, InternalError
from covirt.wire.message import EVENT, Message, compose

PROGRAM = 0x6B656570
VERSION = 1
INTERVAL_MAX = 2147483


class Procedure(IntEnum):
    """The two messages; neither has a payload."""

    PING = 1
    PONG = 2


PING = bytes(compose(PROGRAM, VERSION, Procedure.PING, EVENT, 0))
PONG = bytes(compose(PROGRAM, VERSION, Procedure.PONG, EVENT, 0))


def is_keepalive(message: Message) -> bool:
    """Does a message belong to this program?"""
    return (message.program, message.version, message.type) == (PROGRAM, VERSION, EVENT)


class Due(Enum):
    """What has to happen when the time is over."""

    NOTHING = "nothing"
    PING = "ping"
    DEAD = "dead"


class Keepalive:
    """Counts silent intervals; any message from the peer starts the count afresh.

    After `count` pings without an answer, one more silent interval ends the connection. An interval of zero or less
    switches it off.
    """

    def __init__(self, interval: int, count: int, now: float) -> None:
        """Start counting."""
        if interval > INTERVAL_MAX:
            raise InternalError(f"keepalive interval {interval} too large", domain=ErrorDomain.RPC)
        self.interval = interval
        self.count = count
        self._left = count
        self._start = now

    def heard(self, now: float) -> None:
        """Something came from the peer."""
        self._left = self.count
        self._start = now

    @property
    def deadline(self) -> float | None:
        """When to ask `due` the next time; None if it is switched off."""
        return self._start + self.interval if self.interval > 0 else None

    def due(self, now: float) -> Due:
        """What has to happen now; sending a ping is taken as done."""
        if self.interval <= 0 or now < self._start + self.interval:
            return Due.NOTHING
        if self._left == 0:
            return Due.DEAD
        self._left -= 1
        self._start = now
        return Due.PING


def timeout_error() -> InternalError:
    """What those get who wait for a peer that is gone."""
    return InternalError("connection closed due to keepalive timeout", domain=ErrorDomain.RPC)
