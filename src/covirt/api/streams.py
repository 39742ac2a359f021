# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams and the event loop, as the C interface numbers them."""

from __future__ import annotations

from covirt.api.enums import Flags


class StreamFlags(Flags, prefix="VIR_STREAM_"):
    """How a stream behaves."""

    NONBLOCK = 1


class StreamEventType(Flags, prefix="VIR_STREAM_EVENT_"):
    """What can be done with a stream now."""

    READABLE = 1
    WRITABLE = 1 << 1
    ERROR = 1 << 2
    HANGUP = 1 << 3


class StreamRecvFlags(Flags, prefix="VIR_STREAM_RECV_"):
    """How to receive."""

    STOP_AT_HOLE = 1


class EventHandleType(Flags, prefix="VIR_EVENT_HANDLE_"):
    """What can be done with a descriptor now."""

    READABLE = 1
    WRITABLE = 1 << 1
    ERROR = 1 << 2
    HANGUP = 1 << 3


class TypedParameterFlags(Flags, prefix="VIR_TYPED_PARAM_"):
    """What a caller understands of parameters."""

    STRING_OKAY = 1 << 2
