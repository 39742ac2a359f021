# SPDX-License-Identifier: LGPL-2.1-or-later
"""Errors as payload: what a reply or a stream packet with the status ERROR carries."""

from __future__ import annotations

from covirt.errors import Error, ErrorCode, ErrorDomain, ErrorLevel, received
from covirt.wire.errors import DecodeError
from covirt.wire.message import Message
from covirt.wire.xdr import types as t
from covirt.wire.xdr.plan import Plan

_STRING = t.Optional(t.Text())
_DOMAIN = t.Struct("domain", (t.Field("name", t.Text()), t.Field("uuid", t.FixedOpaque(16)), t.Field("id", t.INT)))
_NETWORK = t.Struct("network", (t.Field("name", t.Text()), t.Field("uuid", t.FixedOpaque(16))))

LAYOUT = t.Struct(
    "error",
    (
        t.Field("code", t.INT),
        t.Field("domain", t.INT),
        t.Field("message", _STRING),
        t.Field("level", t.INT),
        t.Field("dom", t.Optional(_DOMAIN)),
        t.Field("str1", _STRING),
        t.Field("str2", _STRING),
        t.Field("str3", _STRING),
        t.Field("int1", t.INT),
        t.Field("int2", t.INT),
        t.Field("net", t.Optional(_NETWORK)),
    ),
)
_plan = Plan(LAYOUT)


def encode_error(out: bytearray, error: BaseException) -> None:
    """Lay out an error. What is not one of ours is told without its inner details."""
    if not isinstance(error, Error):
        text = "Library function returned error but did not set virError"
        code, domain, level = ErrorCode.INTERNAL_ERROR, ErrorDomain.RPC, ErrorLevel.ERROR
        _plan.encode(out, (code, domain, text, level, None, None, None, None, 0, 0, None))
        return
    _plan.encode(
        out,
        (
            error.code,
            error.domain,
            _plain(error.message),
            error.level,
            None,
            _plain(error.str1),
            _plain(error.str2),
            _plain(error.str3),
            error.int1,
            error.int2,
            None,
        ),
    )


def _plain(text: str | None) -> str | None:
    """Text that fits: up to a NUL, and not over the limit of a string."""
    if text is None or (len(text) < t.STRING_MAX // 4 and "\0" not in text):
        return text
    return text.partition("\0")[0][: t.STRING_MAX // 4]


def decode_error(message: Message) -> Error:
    """The error that a message carries; a message that carries none properly is an error itself.

    An unknown procedure is a call that the peer is too old for, so it becomes "not supported"; libvirt does the same.
    """
    try:
        code, domain, text, level, _, str1, str2, str3, int1, int2, _ = message.decode(_plan.decode)
    except DecodeError as error:
        return error
    if code == ErrorCode.RPC and level == ErrorLevel.ERROR and text and text.startswith("unknown procedure"):
        code = ErrorCode.NO_SUPPORT
    return received(code, text, domain=domain, level=level, str1=str1, str2=str2, str3=str3, int1=int1, int2=int2)
