# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams of bytes and holes beside a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from libvirt._base import Wrapped
from libvirt._errors import libvirtError

if TYPE_CHECKING:
    from libvirt import virConnect

NONBLOCK = 1
STOP_AT_HOLE = 1
AT_HOLE = -3
CHUNK = 262120


class virStream(Wrapped):
    """A stream; `newStream` makes one, a call such as `openConsole` connects it."""

    def __init__(self, conn: virConnect, _obj: Any = None) -> None:
        """Made by `newStream`."""
        self._conn = conn
        self._o = _obj
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
        from libvirt import _streaming

        return _streaming.attach(self, about, call, args)

    def abort(self) -> int:
        """Give up; what is on its way is lost."""
        from libvirt import _streaming

        _streaming.abort(self)
        return 0

    def finish(self) -> int:
        """End it, and wait until the other side is done too."""
        from libvirt import _streaming

        _streaming.finish(self)
        return 0

    # Bytes

    def recv(self, nbytes: int) -> bytes | int:
        """Up to so many bytes; empty at the end, -2 when none are there and the stream does not block."""
        from libvirt import _streaming

        return _streaming.receive(self, "virStreamRecv", nbytes, 0)

    def recvFlags(self, nbytes: int, flags: int = 0) -> bytes | int:
        """Like `recv`; with VIR_STREAM_RECV_STOP_AT_HOLE it gives -3 at a hole."""
        from libvirt import _streaming

        return _streaming.receive(self, "virStreamRecvFlags", nbytes, flags)

    def send(self, data: bytes) -> int:
        """Send bytes; tells how many were taken, or -2 when none can be and the stream does not block."""
        from libvirt import _streaming

        return _streaming.send(self, data)

    def recvHole(self, flags: int = 0) -> int:
        """The length of the hole at which the stream stands; 0 when it does not."""
        from libvirt import _streaming

        return _streaming.receive_hole(self)

    def sendHole(self, length: int, flags: int = 0) -> int:
        """Send a hole."""
        from libvirt import _streaming

        _streaming.send_hole(self, length)
        return 0

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
        if self._o is None or self._o.flags & NONBLOCK:
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
        from libvirt import _streaming

        _streaming.watch(self, events, {"stream": self, "cb": cb, "opaque": opaque})
        self.cb, self.opaque = cb, opaque

    def eventUpdateCallback(self, events: int) -> int:
        """Change what is waited for."""
        from libvirt import _streaming

        _streaming.watching(self, "virStreamEventUpdateCallback").update(events)
        return 0

    def eventRemoveCallback(self) -> int:
        """Have nobody called back any more."""
        from libvirt import _streaming

        _streaming.watching(self, "virStreamEventRemoveCallback").stop()
        self._o.watch = self.cb = self.opaque = None
        return 0

    def _dispatchStreamEventCallback(self, events: int, cbData: dict[str, Any]) -> int:
        """Tell the function of `eventAddCallback`."""
        cbData["cb"](self, events, cbData["opaque"])
        return 0
