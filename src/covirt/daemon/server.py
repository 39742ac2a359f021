# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server: a set of programs, the clients that use them, and how many there may be.

A daemon has two: one for the hypervisor's calls and one for its own administration.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from covirt.api.call import Call
from covirt.api.request import ClientIdentity, RequestSession
from covirt.daemon.connection import ClientConnection, Origin
from covirt.daemon.pipeline import Session
from covirt.runtime.log import get
from covirt.runtime.tasks import Tasks

if TYPE_CHECKING:
    from covirt.daemon.auth import Authentication
    from covirt.daemon.dispatch import Dispatcher
    from covirt.daemon.listener import Listener

log = get("daemon.server")


@dataclass(slots=True, kw_only=True)
class Limits:
    """How much clients may take; all can be changed while the server runs."""

    max_clients: int = 5000
    max_anonymous_clients: int = 20
    max_client_requests: int = 5
    max_client_backlog: int = 256 * 1024 * 1024
    keepalive_interval: int = 5
    keepalive_count: int = 5
    min_workers: int = 5
    max_workers: int = 20
    prio_workers: int = 5


class ClientState(RequestSession, Protocol):
    """What a server keeps for one client beyond its connection."""

    def session_for(self, call: Call[Any, ..., Any]) -> Session:
        """The session that a call needs; raises when there is none."""

    async def close(self) -> None:
        """Let go of everything."""


class Server:
    """One server of a daemon."""

    def __init__(
        self,
        name: str,
        dispatcher: Dispatcher,
        limits: Limits,
        make_state: Callable[[ClientConnection], ClientState],
        on_idle_change: Callable[[], None] = lambda: None,
    ) -> None:
        """Start without listeners and clients."""
        self.name = name
        self.dispatcher = dispatcher
        self.programs = dispatcher.programs
        self.limits = limits
        self.new_state = make_state
        self.clients: dict[int, ClientConnection] = {}
        self.listeners: list[Listener] = []
        self.active_calls = 0
        self._next_id = 1
        self._ending = Tasks(f"server {name}")
        self._on_idle_change = on_idle_change
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def unauthenticated(self) -> int:
        """How many clients have not proved who they are."""
        return sum(not client.authenticated for client in self.clients.values())

    def add_client(self, origin: Origin, identity: ClientIdentity, authentication: Authentication) -> ClientConnection:
        """Somebody has connected."""
        client = ClientConnection(self, self._next_id, origin, identity, authentication)
        self._next_id += 1
        self.clients[client.id] = client
        self._empty.clear()
        self._on_idle_change()
        self.check_limits()
        return client

    def end_client(self, client: ClientConnection) -> None:
        """A connection is gone; what belonged to it is let go in the background."""
        if self.clients.pop(client.id, None) is None:
            return
        self._ending.start(self._finish(client), f"end of client {client.id}")
        self.check_limits()

    async def _finish(self, client: ClientConnection) -> None:
        await client.finish()
        if not self.clients:
            self._empty.set()
        self._on_idle_change()

    def check_limits(self) -> None:
        """Accept clients while there is room for one more, of either sort."""
        limits = self.limits
        room = len(self.clients) < limits.max_clients and (
            not limits.max_anonymous_clients or self.unauthenticated < limits.max_anonymous_clients
        )
        for listener in self.listeners:
            listener.accept_more(room)

    def start(self) -> None:
        """Accept clients."""
        self.check_limits()

    def stop_listening(self) -> None:
        """Accept no client any more."""
        for listener in self.listeners:
            listener.close()
        self.listeners.clear()

    async def close(self, grace: float) -> None:
        """Let calls under way end, for a while, and then end all connections."""
        self.stop_listening()
        await asyncio.gather(*(client.drain(grace) for client in self.clients.values()))
        for client in list(self.clients.values()):
            client.close()
        await self._ending.wait()
        for client in list(self.clients.values()):
            client.abort()
        await self._ending.wait()
        await self._ending.close()
