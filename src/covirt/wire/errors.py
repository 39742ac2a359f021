# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can be wrong with bytes or with values that are to become bytes."""

from __future__ import annotations

from covirt.errors import RpcError


class ProtocolError(RpcError):
    """The peer broke the rules of the protocol; the connection cannot go on."""


class DecodeError(RpcError):
    """A payload does not have the layout that its procedure says; the connection can go on."""

    def __init__(self, reason: str) -> None:
        """Give libvirt's message, and the reason as a hint."""
        super().__init__("Unable to decode message payload", hint=reason)


class EncodeError(RpcError):
    """A value cannot be laid out as its procedure says; this is the caller's fault, not the peer's."""

    def __init__(self, reason: str) -> None:
        """Give libvirt's message, and the reason as a hint."""
        super().__init__("Unable to encode message payload", hint=reason)
