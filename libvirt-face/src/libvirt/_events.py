# SPDX-License-Identifier: LGPL-2.1-or-later
"""How events reach callbacks: they are collected on the background loop and handed out by the program's event loop."""

from __future__ import annotations

import asyncio
import itertools
import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from covirt.api.catalogue import all_events
from covirt.api.domain.events import GraphicsAddress, GraphicsIdentity
from covirt.api.event import Event
from covirt.api.handles import Handle
from covirt.api.params import TypedParams
from covirt.api.themes import Program
from covirt.client.connection import RemoteChannel
from covirt.errors import Error, InternalError, InvalidArg, OperationInvalid
from libvirt._dispatch import dispatcher_of
from libvirt._eventloop import Implementation, add_handle, registered, virEventRemoveHandle
from libvirt._link import PyCapsule
from libvirt._shapes import params, plain

if TYPE_CHECKING:
    from libvirt import virConnect
    from libvirt._link import Link

READABLE = 1
_SPELLED = {
    "domain": "Domain",
    "network": "Network",
    "storage": "StoragePool",
    "nodedev": "NodeDevice",
    "secret": "Secret",
}
_FAMILIES = {"hypervisor": "domain"}


def function_of(family: str, what: str) -> str:
    """The C function that subscribes or unsubscribes."""
    return f"virConnect{_SPELLED[family]}Event{what}Any"


@dataclass(slots=True)
class Subscription:
    """One callback that waits for events."""

    family: str
    task: asyncio.Task[None] | None = None
    live: bool = True


class Mailbox:
    """Work that the background loop leaves for the program's event loop."""

    def __init__(self) -> None:
        """Have the event loop look when there is some."""
        self._letters: deque[Callable[[], None]] = deque()
        self._fd = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._lock = threading.Lock()
        self._watch: int | None = add_handle(self._fd, READABLE, self._empty, self, Mailbox._free)

    def post(self, letter: Callable[[], None]) -> None:
        """Leave work; any thread may."""
        self._letters.append(letter)
        with self._lock:
            if self._fd >= 0:
                os.eventfd_write(self._fd, 1)

    def close(self) -> None:
        """Have nobody look any more."""
        watch, self._watch = self._watch, None
        if watch is not None:
            virEventRemoveHandle(watch)

    def _empty(self, watch: int, fd: int, events: int, data: Any) -> None:
        """Do all that was left."""
        try:
            os.eventfd_read(self._fd)
        except OSError:
            return
        for _ in range(len(self._letters)):
            self._letters.popleft()()

    def _free(self) -> None:
        with self._lock:
            os.close(self._fd)
            self._fd = -1


class Desk:
    """The subscriptions of one connection."""

    def __init__(self, link: Link) -> None:
        """Nobody waits yet."""
        self._link = link
        self._subscriptions: dict[int, Subscription] = {}
        self._numbers = itertools.count()
        self._mailbox: Mailbox | None = None
        self._closing: tuple[virConnect, dict[str, Any]] | None = None

    @property
    def mailbox(self) -> Mailbox:
        """Where work for the program's event loop is left."""
        if self._mailbox is None:
            self._mailbox = Mailbox()
        return self._mailbox

    def subscribe(
        self, conn: virConnect, family: str, number: int, subject: Handle | None, data: dict[str, Any]
    ) -> int:
        """Call back at events of a kind, and give the number of this wish."""
        kind = kind_of(family, number)
        if kind is None:
            function = function_of(family, "Register")
            raise InvalidArg.of_function(function, "eventID", f"eventID in {function} must be known")
        dispatcher = dispatcher_of(kind)

        def deliver(event: Event) -> None:
            capsule, values = arguments(event, self._link)
            getattr(conn, dispatcher)(capsule, *values, data)

        return self.listen(family, kind, subject, deliver)

    def listen(
        self,
        family: str,
        kind: type[Event],
        subject: Handle | None,
        deliver: Callable[[Any], None],
        wanted: Callable[[Any], bool] = lambda _: True,
    ) -> int:
        """Have events of a kind handed out."""
        implementation_for_events()
        mailbox = self.mailbox
        given = next(self._numbers)
        wish = self._subscriptions[given] = Subscription(family)
        try:
            self._link.background.run(self._begin(wish, kind, subject, mailbox, deliver, wanted))
        except BaseException:
            del self._subscriptions[given]
            raise
        self._link.take()
        return given

    async def _begin(
        self,
        wish: Subscription,
        kind: type[Event],
        subject: Handle | None,
        mailbox: Mailbox,
        deliver: Callable[[Any], None],
        wanted: Callable[[Any], bool],
    ) -> None:
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def once(event: Event) -> None:
            if wish.live:
                deliver(event)

        async def follow() -> None:
            try:
                async with self._link.channel.events(kind, subject) as events:
                    ready.set_result(None)
                    async for event in events:
                        if wanted(event):
                            mailbox.post(lambda event=event: once(event))  # type: ignore[misc]
            except Error as error:
                if not ready.done():
                    ready.set_exception(error)

        wish.task = asyncio.create_task(follow())
        await ready

    def unsubscribe(self, family: str, number: int, function: str) -> None:
        """End a wish."""
        wish = self._subscriptions.get(number)
        if wish is None or wish.family != family:
            here = f"could not find event callback {number} for deletion"
            remote = isinstance(self._link.channel, RemoteChannel)
            raise InvalidArg(f"event callback id {number} not registered" if remote else here)
        del self._subscriptions[number]
        wish.live = False
        if self._link.background.here:
            self._link.background.start(_stop(wish))
        else:
            self._link.background.run(_stop(wish))
        self._link.let_go()

    def on_close(self, conn: virConnect | None, data: dict[str, Any] | None) -> None:
        """Call back when the connection is lost, or do not any more."""
        if conn is None or data is None:
            if self._closing is None:
                raise OperationInvalid("A different callback was requested")
            self._closing = None
            self._link.let_go()
            return
        if self._closing is not None:
            raise OperationInvalid("A close callback is already registered")
        implementation_for_events()
        _ = self.mailbox
        self._closing = (conn, data)
        self._link.take()

    def lost(self, reason: Error) -> None:
        """The connection is lost; the background loop calls this."""
        if self._closing is not None and self._mailbox is not None:
            conn, data = self._closing
            self._mailbox.post(lambda: (conn._dispatchCloseCallback(close_reason(reason), data), None)[1])

    def close(self) -> None:
        """The connection ends."""
        if self._mailbox is not None:
            self._mailbox.close()


async def _stop(wish: Subscription) -> None:
    if wish.task is not None:
        wish.task.cancel()
        await asyncio.wait([wish.task])


def implementation_for_events() -> Implementation:
    """The event loop, without which nobody could be called back."""
    found = registered()
    if found is None:
        raise InternalError("could not initialize domain event timer")
    return found


def kind_of(family: str, number: int) -> type[Event] | None:
    """The event that has this number in a family."""
    for kind in all_events(Program.REMOTE):
        declared = kind.declared
        if declared.id == number and _FAMILIES.get(declared.theme.family.value, declared.theme.family.value) == family:
            return kind
    return None


def close_reason(error: Error) -> int:
    """Why a connection was lost: 1 the other side ended it, 2 it did not answer pings, 0 anything else."""
    message = str(error)
    if "keepalive" in message:
        return 2
    return 1 if message.startswith("End of file") else 0


def arguments(event: Event, link: Link) -> tuple[PyCapsule, list[Any]]:
    """The capsule of the object an event is about, and everything else it tells, in order."""
    values = [getattr(event, field.name) for field in fields(event)]  # type: ignore[arg-type]
    (subject,) = (value for value in values if isinstance(value, Handle))
    return PyCapsule(subject, link), [_told(value) for value in values if value is not subject]


def _told(value: Any) -> Any:
    match value:
        case TypedParams():
            return params(value)
        case GraphicsAddress():
            return {"family": int(value.family), "node": value.node, "service": value.service}
        case list():
            return [(item.type, item.name) if isinstance(item, GraphicsIdentity) else item for item in value]
        case _:
            return plain(value)
