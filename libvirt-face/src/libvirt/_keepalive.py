# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pinging the other side of a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.client.connection import RemoteChannel
from covirt.errors import ErrorDomain, InternalError, NoSupport
from libvirt._eventloop import registered

if TYPE_CHECKING:
    from libvirt._link import Link

_NO_LOOP = "the caller doesn't support keepalive protocol; perhaps it's missing event loop implementation"


def start(link: Link, interval: int, count: int) -> int:
    """Ping after so many silent seconds, give up after so many pings; 1 when the other side does not answer pings."""
    channel = link.channel
    if not isinstance(channel, RemoteChannel):
        raise NoSupport("virConnectSetKeepAlive", domain=ErrorDomain.DOMAIN)
    if registered() is None:
        raise InternalError(_NO_LOOP, domain=ErrorDomain.REMOTE)
    if interval > 0 and link.keeps_alive:
        raise InternalError("keepalive interval already set", domain=ErrorDomain.RPC)

    async def work() -> bool:
        return await channel.keep_alive(interval, count)

    answered = link.background.run(work())
    link.keeps_alive = answered and interval > 0
    return 0 if answered else 1
