# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams of bytes and holes beside a call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from covirt.api.handles import Connect
from covirt.api.stream import Hole, StreamEnd, stream_pair
from covirt.errors import InternalError, InvalidStream
from libvirt._asking import guarded, reply
from libvirt._base import Wrapped
from libvirt._errors import libvirtError
from libvirt._events import implementation_for_events
from libvirt._link import Link

if TYPE_CHECKING:
    from libvirt import virConnect

T = TypeVar("T")

NONBLOCK = 1
STOP_AT_HOLE = 1
WOULD_BLOCK = -2
AT_HOLE = -3
READABLE, WRITABLE, ERROR, HANGUP = 1, 2, 4, 8
CHUNK = 262120


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


class virStream(Wrapped):
    """A stream; `newStream` makes one, a call such as `openConsole` connects it."""

    def __init__(self, conn: virConnect, _obj: Any = None) -> None:
        """Made by `newStream`."""
        self._conn = conn
        self._o: StreamCapsule | None = _obj
        self.cb: Callable[..., Any] | None = None
        self.opaque: Any = None

    def __del__(self) -> None:
        """Have nobody called back any more."""
        capsule, self._o = self._o, None
        if capsule is not None and capsule.watch is not None:
            capsule.watch.stop()

    def connect(self) -> virConnect:
        """The connection that it belongs to."""
        return self._conn

    def c_pointer(self) -> int:
        """A number that is this object's alone."""
        return id(self._o)

    # Being connected, being done

    def _attach(self, about: Wrapped, call: str, *args: Any) -> Any:
        """Make a call that wants a stream."""
        if self._o is None:
            raise TypeError("the stream is gone")
        ours, theirs = stream_pair()
        result = reply(about, call, args, stream=theirs).result
        self._o.end = ours
        return result

    def abort(self) -> int:
        """Give up; what is on its way is lost."""
        self._do("virStreamAbort", lambda end: end.abort())
        self._done()
        return 0

    def finish(self) -> int:
        """End it, and wait until the other side is done too."""
        self._do("virStreamFinish", lambda end: end.finish())
        self._done()
        return 0

    def _done(self) -> None:
        assert self._o is not None
        self._o.end = None

    def _do(self, function: str, work: Callable[[StreamEnd], Coroutine[Any, Any, T]]) -> T:
        """Do something with our end on the background loop."""

        def run(link: Link, _: Any) -> T:
            assert self._o is not None
            end = self._o.end
            if end is None:
                raise InvalidStream(f"stream is not open in {function}")
            return link.background.run(work(end))

        done: T = guarded(self, function, run)
        return done

    @property
    def _blocks(self) -> bool:
        return self._o is not None and not self._o.flags & NONBLOCK

    # Bytes

    def recv(self, nbytes: int) -> bytes | int:
        """Up to so many bytes; empty at the end, -2 when none are there and the stream does not block."""
        return self._receive("virStreamRecv", nbytes, 0)

    def recvFlags(self, nbytes: int, flags: int = 0) -> bytes | int:
        """Like `recv`; with VIR_STREAM_RECV_STOP_AT_HOLE it gives -3 at a hole."""
        return self._receive("virStreamRecvFlags", nbytes, flags)

    def _receive(self, function: str, nbytes: int, flags: int) -> bytes | int:
        capsule, blocks = self._o, self._blocks

        async def work(end: StreamEnd) -> bytes | int:
            assert capsule is not None
            if not capsule.hole:
                if not blocks and not end.readable:
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

        return self._do(function, work)

    def send(self, data: bytes) -> int:
        """Send bytes; tells how many were taken, or -2 when none can be and the stream does not block."""
        octets, blocks = bytes(data), self._blocks

        async def work(end: StreamEnd) -> int:
            if not blocks and not end.writable:
                return WOULD_BLOCK
            await end.send(octets)
            return len(octets)

        return self._do("virStreamSend", work)

    def recvHole(self, flags: int = 0) -> int:
        """The length of the hole at which the stream stands; 0 when it does not."""
        capsule = self._o

        async def work(end: StreamEnd) -> int:
            assert capsule is not None
            length, capsule.hole = capsule.hole, 0
            return length

        return self._do("virStreamRecvHole", work)

    def sendHole(self, length: int, flags: int = 0) -> int:
        """Send a hole."""

        async def work(end: StreamEnd) -> int:
            await end.send_hole(length)
            return 0

        return self._do("virStreamSendHole", work)

    # Everything at once

    def recvAll(self, handler: Callable[[virStream, bytes, Any], int | None], opaque: Any) -> None:
        """Give everything that comes to a function."""
        self._must_block("recvAll")
        while data := self._some(self.recv(CHUNK), "virStreamRecv"):
            self._asked(lambda data=data: handler(self, data, opaque), "recvAll")  # type: ignore[misc]

    def sendAll(self, handler: Callable[[virStream, int, Any], bytes], opaque: Any) -> None:
        """Send what a function gives, until it gives nothing."""
        self._must_block("sendAll")
        while data := self._asked(lambda: handler(self, CHUNK, opaque), "sendAll"):
            self.send(data)

    def sparseRecvAll(
        self,
        handler: Callable[[virStream, bytes, Any], int | None],
        holeHandler: Callable[[virStream, int, Any], int | None],
        opaque: Any,
    ) -> None:
        """Give everything that comes to a function, and holes to another one."""
        self._must_block("sparseRecvAll")
        while True:
            got = self.recvFlags(CHUNK, STOP_AT_HOLE)
            if got == AT_HOLE:
                length = self.recvHole()
                self._asked(lambda length=length: holeHandler(self, length, opaque), "sparseRecvAll")  # type: ignore[misc]
                continue
            data = self._some(got, "virStreamRecvFlags")
            if not data:
                return
            self._asked(lambda data=data: handler(self, data, opaque), "sparseRecvAll")  # type: ignore[misc]

    def sparseSendAll(
        self,
        handler: Callable[[virStream, int, Any], bytes],
        holeHandler: Callable[[virStream, Any], tuple[bool, int]],
        skipHandler: Callable[[virStream, int, Any], int | None],
        opaque: Any,
    ) -> None:
        """Send what one function gives, and holes where another one finds them."""
        self._must_block("sparseSendAll")
        while True:
            inside, length = self._asked(lambda: holeHandler(self, opaque), "sparseSendAll")
            if not inside and length > 0:
                self.sendHole(length)
                self._asked(lambda length=length: skipHandler(self, length, opaque), "sparseSendAll")  # type: ignore[misc]
                continue
            left = length
            while left > 0:
                want = min(left, CHUNK)
                data = self._asked(lambda want=want: handler(self, want, opaque), "sparseSendAll")  # type: ignore[misc]
                if not data:
                    return
                self.send(data)
                left -= len(data)
            if not length:
                return

    def _must_block(self, method: str) -> None:
        if not self._blocks:
            raise libvirtError(f"cannot use {method} with nonblocking stream")

    def _some(self, got: bytes | int, function: str) -> bytes:
        if isinstance(got, int):
            raise libvirtError(f"{function}() failed")
        return got

    def _asked(self, work: Callable[[], Any], method: str) -> Any:
        """Ask one of the caller's functions; when it fails, the stream is given up."""
        try:
            result = work()
        except Exception:
            self._give_up()
            raise
        if isinstance(result, int) and result < 0:
            self._give_up()
            raise RuntimeError(f"{method} handler returned {result}")
        return result

    def _give_up(self) -> None:
        if self._o is not None and self._o.end is not None:
            self.abort()

    # Callbacks

    def eventAddCallback(self, events: int, cb: Callable[[virStream, int, Any], Any], opaque: Any) -> None:
        """Have a function called when something can be done with the stream."""

        def add(link: Link, _: Any) -> None:
            capsule = self._o
            assert capsule is not None
            if capsule.end is None:
                raise InvalidStream("stream is not open in virStreamEventAddCallback")
            if capsule.watch is not None:
                raise InternalError("multiple stream callbacks not supported")
            implementation_for_events()
            self.cb, self.opaque = cb, opaque
            data = {"stream": self, "cb": cb, "opaque": opaque}
            capsule.watch = Watch(self, capsule.end, link, events, data)

        guarded(self, "virStreamEventAddCallback", add)

    def eventUpdateCallback(self, events: int) -> int:
        """Change what is waited for."""
        self._watching("virStreamEventUpdateCallback").update(events)
        return 0

    def eventRemoveCallback(self) -> int:
        """Have nobody called back any more."""
        self._watching("virStreamEventRemoveCallback").stop()
        assert self._o is not None
        self._o.watch = None
        self.cb = self.opaque = None
        return 0

    def _watching(self, function: str) -> Watch:
        def find(_: Link, __: Any) -> Watch:
            assert self._o is not None
            if self._o.watch is None:
                raise InternalError("no stream callback registered")
            return self._o.watch

        watch: Watch = guarded(self, function, find)
        return watch

    def _dispatchStreamEventCallback(self, events: int, cbData: dict[str, Any]) -> int:
        """Tell the function of `eventAddCallback`."""
        cbData["cb"](self, events, cbData["opaque"])
        return 0


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


