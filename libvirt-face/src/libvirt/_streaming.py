# SPDX-License-Identifier: LGPL-2.1-or-later
"""What streams do on the background loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from covirt.api.handles import Connect
from covirt.api.stream import Hole, StreamEnd, stream_pair
from covirt.errors import ErrorDomain, InternalError, NoSupport
from libvirt._asking import guarded, reply
from libvirt._events import implementation_for_events
from libvirt._link import Link

if TYPE_CHECKING:
    from libvirt import virStream
    from libvirt._base import Wrapped

T = TypeVar("T")

NONBLOCK = 1
STOP_AT_HOLE = 1
WOULD_BLOCK = -2
AT_HOLE = -3
READABLE, WRITABLE, ERROR = 1, 2, 4


class StreamCapsule:
    """What a stream keeps in `_o`: our end, once a call has connected it, and what it has not taken yet."""

    __slots__ = ("end", "flags", "handle", "hole", "link", "watch")

    def __init__(self, link: Link, flags: int) -> None:
        """A stream that is not connected."""
        self.link = link
        self.flags = flags
        self.handle = Connect()
        self.end: StreamEnd | None = None
        self.hole: int = 0
        self.watch: Watch | None = None
        link.take()

    def __del__(self) -> None:
        """Let the connection go."""
        self.link.let_go()


StreamCapsule.__name__ = "PyCapsule"


def attach(stream: virStream, about: Wrapped, call: str, args: tuple[Any, ...]) -> Any:
    """Make a call that wants a stream."""
    if stream._o is None:
        raise TypeError("the stream is gone")
    ours, theirs = stream_pair()
    result = reply(about, call, args, stream=theirs).result
    stream._o.end = ours
    return result


def do(stream: virStream, function: str, work: Callable[[StreamEnd, StreamCapsule], Coroutine[Any, Any, T]]) -> T:
    """Do something with our end on the background loop."""

    def run(link: Link, _: Any) -> T:
        capsule: StreamCapsule = stream._o
        if capsule.end is None:
            raise NoSupport(function, domain=ErrorDomain.STREAMS)
        return link.background.run(work(capsule.end, capsule))

    done: T = guarded(stream, function, run)
    return done


def finish(stream: virStream) -> None:
    """End it, and wait until the other side is done too."""
    do(stream, "virStreamFinish", lambda end, _: end.finish())
    stream._o.end = None


def abort(stream: virStream) -> None:
    """Give up, if there is anything to give up."""
    if stream._o.end is None:
        return
    do(stream, "virStreamAbort", lambda end, _: end.abort())
    stream._o.end = None


def receive(stream: virStream, function: str, nbytes: int, flags: int) -> bytes | int:
    """Bytes, or the number that says why there are none."""

    async def work(end: StreamEnd, capsule: StreamCapsule) -> bytes | int:
        if not capsule.hole:
            if capsule.flags & NONBLOCK and not end.readable:
                return WOULD_BLOCK
            piece = await end.receive(nbytes)
            if not isinstance(piece, Hole):
                return piece
            capsule.hole = piece.length
        if flags & STOP_AT_HOLE:
            return AT_HOLE
        zeroes = min(capsule.hole, nbytes)
        capsule.hole -= zeroes
        return bytes(zeroes)

    return do(stream, function, work)


def send(stream: virStream, data: bytes) -> int:
    """Send bytes; tells how many were taken, or that none can be."""
    octets = bytes(data)

    async def work(end: StreamEnd, capsule: StreamCapsule) -> int:
        if capsule.flags & NONBLOCK and not end.writable:
            return WOULD_BLOCK
        await end.send(octets)
        return len(octets)

    return do(stream, "virStreamSend", work)


def receive_hole(stream: virStream) -> int:
    """The length of the hole at which the stream stands."""

    async def work(end: StreamEnd, capsule: StreamCapsule) -> int:
        length, capsule.hole = capsule.hole, 0
        return length

    return do(stream, "virStreamRecvHole", work)


def send_hole(stream: virStream, length: int) -> None:
    """Send a hole."""
    do(stream, "virStreamSendHole", lambda end, _: end.send_hole(length))


def watch(stream: virStream, events: int, data: dict[str, Any]) -> None:
    """Have a function called when something can be done with the stream."""

    def add(link: Link, _: Any) -> None:
        capsule: StreamCapsule = stream._o
        if capsule.end is None:
            raise NoSupport("virStreamEventAddCallback", domain=ErrorDomain.STREAMS)
        if capsule.watch is not None:
            raise InternalError("multiple stream callbacks not supported")
        implementation_for_events()
        capsule.watch = Watch(stream, capsule.end, link, events, data)

    guarded(stream, "virStreamEventAddCallback", add)


def watching(stream: virStream, function: str) -> Watch:
    """The callback that there is."""

    def find(_: Link, __: Any) -> Watch:
        found: Watch | None = stream._o.watch
        if found is None:
            raise InternalError("no stream callback registered")
        return found

    found: Watch = guarded(stream, function, find)
    return found


class Watch:
    """Waits on the background loop until something can be done, has it told, and waits again."""

    def __init__(self, stream: virStream, end: StreamEnd, link: Link, events: int, data: dict[str, Any]) -> None:
        """Begin to wait."""
        self._stream: virStream | None = stream
        self._end = end
        self._link = link
        self._events = events
        self._data = data
        self._mailbox = link.desk.mailbox
        self._task: asyncio.Task[None] | None = None
        self._arm()

    def update(self, events: int) -> None:
        """Wait for something else."""
        self._events = events
        self._arm()

    def stop(self) -> None:
        """Wait no more."""
        self._stream = None
        self._events = 0
        self._arm()

    def _arm(self) -> None:
        self._link.background.loop.call_soon_threadsafe(self._start)

    def _start(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._events and self._stream is not None:
            self._task = asyncio.ensure_future(self._wait())

    async def _wait(self) -> None:
        waits = []
        if self._events & READABLE:
            waits.append(asyncio.ensure_future(self._end.wait_readable()))
        if self._events & WRITABLE:
            waits.append(asyncio.ensure_future(self._end.wait_writable()))
        if not waits:
            waits.append(asyncio.ensure_future(self._end.wait_broken()))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self._mailbox.post(self._tell)

    def _tell(self) -> None:
        """The program's event loop calls back, and then waiting goes on."""
        stream = self._stream
        if stream is None:
            return
        seen = READABLE * self._end.readable | WRITABLE * self._end.writable
        told = seen & self._events | (ERROR if self._end.broken else 0)
        if told:
            stream._dispatchStreamEventCallback(told, self._data)
        if self._stream is not None:
            self._arm()
