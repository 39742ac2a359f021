# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls to drivers inside this process: the same pipeline as the daemon's, without the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from covirt.api.call import Call
from covirt.api.event import Event
from covirt.api.handles import Handle
from covirt.api.stream import StreamEnd
from covirt.client.channel import Reply
from covirt.daemon.driver_pool import DriverPool, Lease
from covirt.daemon.pipeline import Session
from covirt.drivers import for_scheme
from covirt.drivers.driver import Surroundings
from covirt.errors import NoSupport
from covirt.uri import Uri

E = TypeVar("E", bound=Event)
EMBEDDED = "/embed"

_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Surroundings, DriverPool]] = WeakKeyDictionary()


class EmbeddedChannel:
    """A session with the drivers of this process."""

    encrypted = False
    secure = True

    def __init__(self, session: Session, lease: Lease) -> None:
        """Made by `open_embedded`."""
        self.uri = str(session.uri)
        self.read_only = session.read_only
        self._session = session
        self._lease = lease

    @property
    def alive(self) -> bool:
        """Has it not been closed?"""
        return not self._session.closed

    async def perform(
        self,
        call: Call[Any, ..., Any],
        subject: Handle,
        args: tuple[Any, ...],
        *,
        stream: StreamEnd | None = None,
        fds: Sequence[int] = (),
    ) -> Reply:
        """Make a call."""
        answer = await self._session.perform(call, subject, args, stream=stream, fds=fds)
        return Reply(answer.result, answer.fds)

    @asynccontextmanager
    async def events(self, kind: type[E], subject: Handle | None) -> AsyncIterator[AsyncIterator[E]]:
        """Listen to events of one class."""
        driver = self._session.drivers.get(kind.declared.theme.family)
        if driver is None:
            raise NoSupport(kind.declared.name)
        match = None if subject is None else (lambda event: event.subject == subject)
        with driver.bus.subscribe(kind, match) as subscription:
            yield aiter(subscription)

    async def close(self) -> None:
        """End the session; drivers that nobody else uses are closed."""
        if self.alive:
            await self._session.close()
            await self._lease.close()


def served_here(uri: Uri) -> bool:
    """Do drivers inside this process serve the URI?"""
    if uri.transport or uri.host:
        return False
    entry = for_scheme(uri.driver)
    return entry is not None and (entry.in_process or uri.path == EMBEDDED)


async def open_embedded(
    uri: Uri, *, read_only: bool = False, surroundings: Surroundings | None = None
) -> EmbeddedChannel:
    """Connect to the driver of the URI inside this process."""
    where = surroundings or Surroundings()
    pools = _pools.setdefault(asyncio.get_running_loop(), {})
    pool = pools.setdefault(where, DriverPool(where))
    lease = await pool.open(uri)
    return EmbeddedChannel(Session(uri, lease.drivers, read_only=read_only), lease)
