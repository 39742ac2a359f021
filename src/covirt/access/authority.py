# SPDX-License-Identifier: LGPL-2.1-or-later
"""Polkit's authority on the system bus."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError

from covirt.api.request import ClientIdentity
from covirt.errors import AuthUnavailable, ErrorDomain
from covirt.runtime.log import get

log = get("access.authority")

_NAME = "org.freedesktop.PolicyKit1"
_PATH = "/org/freedesktop/PolicyKit1/Authority"
_INTERFACE = "org.freedesktop.PolicyKit1.Authority"
_INTERACTIVE = 1
_TIMEOUT = 120.0


class Authority:
    """Asks polkit; connects to the bus when first needed, and again when the bus was gone."""

    def __init__(self, address: str | None = None) -> None:
        """Use the system bus, or the one at an address."""
        self._address = address
        self._bus: MessageBus | None = None
        self._lock = asyncio.Lock()

    async def allows(
        self,
        action: str,
        identity: ClientIdentity,
        *,
        details: Mapping[str, str] | None = None,
        interactive: bool = True,
    ) -> bool:
        """May the client's process do this? A process that is not known may do nothing."""
        if identity.process_id is None or identity.user_id is None:
            return False
        subject = (
            "unix-process",
            {
                "pid": Variant("u", identity.process_id),
                "start-time": Variant("t", identity.process_time or 0),
                "uid": Variant("i", identity.user_id),
            },
        )
        flags = _INTERACTIVE if interactive else 0
        body = [list(subject), action, dict(details or {}), flags, ""]
        message = Message(
            destination=_NAME,
            path=_PATH,
            interface=_INTERFACE,
            member="CheckAuthorization",
            signature="(sa{sv})sa{ss}us",
            body=body,
        )
        ((authorized, challenge, _),) = (await self._call(message)).body
        if challenge:
            log.info("polkit wants a person to prove who it is", action=action, client=str(identity))
        return bool(authorized)

    async def _call(self, message: Message) -> Message:
        bus = await self._connect()
        try:
            async with asyncio.timeout(_TIMEOUT):
                reply = await bus.call(message)
        except (DBusError, OSError, EOFError, TimeoutError) as error:
            raise AuthUnavailable(f"polkit: {error}", domain=ErrorDomain.POLKIT) from error
        if reply is None or reply.message_type is MessageType.ERROR:
            reason = reply.body[0] if reply is not None and reply.body else "no answer"
            raise AuthUnavailable(f"polkit: {reason}", domain=ErrorDomain.POLKIT)
        return reply

    async def _connect(self) -> MessageBus:
        async with self._lock:
            if self._bus is None or not self._bus.connected:
                try:
                    self._bus = await MessageBus(self._address, BusType.SYSTEM).connect()
                except (OSError, DBusError, EOFError) as error:
                    raise AuthUnavailable(f"the system bus: {error}", domain=ErrorDomain.POLKIT) from error
            return self._bus

    async def close(self) -> None:
        """Leave the bus."""
        if self._bus is not None:
            self._bus.disconnect()
            self._bus = None
