# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the hypervisor server keeps for one client: its open driver and its subscriptions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from covirt.api.call import Call
from covirt.api.handles import Handle
from covirt.api.request import ClientIdentity
from covirt.api.themes import Family
from covirt.daemon.driver_pool import DriverPool, Lease
from covirt.daemon.pipeline import AccessManager, Session
from covirt.daemon.subscriptions import Subscriptions
from covirt.errors import ErrorDomain, InternalError
from covirt.runtime.bus import Subscription
from covirt.uri import Uri

if TYPE_CHECKING:
    from covirt.daemon.connection import ClientConnection

H = TypeVar("H", bound=Handle)


class HypervisorState:
    """A client of the hypervisor server; closed until it opens a URI."""

    def __init__(self, connection: ClientConnection, pool: DriverPool, access: AccessManager, default: str) -> None:
        """Begin without a driver; `default` is the URI for clients that name none."""
        self.connection = connection
        self.default = default
        self.subscriptions = Subscriptions(self)
        self.close_listening: Subscription[Any] | None = None
        self.read_only = connection.origin.read_only
        self._pool = pool
        self._access = access
        self._session: Session | None = None
        self._lease: Lease | None = None

    async def open(self, name: str, *, read_only: bool) -> None:
        """Open a driver; a second time is an error and loses the first one too, as libvirt has it."""
        if self._session is not None:
            await self.close()
            raise InternalError("connection already open", domain=ErrorDomain.RPC)
        uri = Uri.parse(name or self.default)
        self.read_only = read_only or self.connection.origin.read_only
        self._lease = await self._pool.open(uri)
        self._session = Session(
            uri,
            self._lease.drivers,
            client=self.connection.identity,
            read_only=self.read_only,
            access=self._access,
        )

    async def close(self) -> None:
        """Let go of driver and subscriptions."""
        self.subscriptions.close()
        if self.close_listening is not None:
            self.close_listening.close()
            self.close_listening = None
        session, self._session = self._session, None
        lease, self._lease = self._lease, None
        if session is not None:
            await session.close()
        if lease is not None:
            await lease.close()

    @property
    def session(self) -> Session:
        """The open session; raises when there is none."""
        if self._session is None:
            raise InternalError("hypervisor connection not open", domain=ErrorDomain.RPC)
        return self._session

    def session_for(self, call: Call[Any, ..., Any]) -> Session:
        """The session that a call needs."""
        if self._session is None and call.family is not Family.HYPERVISOR:
            raise InternalError("connection not open", domain=ErrorDomain.RPC)
        return self.session

    # What handlers may ask of a session

    @property
    def uri(self) -> Uri:
        """What the client has opened."""
        return self.session.uri

    @property
    def client(self) -> ClientIdentity:
        """Who the client is."""
        return self.connection.identity

    @property
    def closed(self) -> bool:
        """Is the connection gone?"""
        return self.connection.closed

    def on_close(self, key: object, callback: Any) -> None:
        """Have a function called when the connection ends."""
        self.session.on_close(key, callback)

    async def authorize(self, call: Call[Any, ..., Any], args: tuple[Any, ...], subject: Handle) -> None:
        """Raise AccessDenied unless the client has the rights."""
        await self.session.authorize(call, args, subject)

    async def visible(self, call: Call[Any, ..., Any], handles: Iterable[H]) -> list[H]:
        """Those objects that the client may know of."""
        return await self.session.visible(call, handles)
