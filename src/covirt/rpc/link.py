# SPDX-License-Identifier: LGPL-2.1-or-later
"""Links: connected sockets in the event loop, which carry bytes and descriptors.

A link calls `on_data` with each chunk, the descriptors that came with its last byte, and `on_lost` once when it is at
its end. What is written goes out at once if the socket takes it, and waits in a queue if not; `backlog` tells how much
waits. `TlsLink` does the same inside a TLS session.
"""

from __future__ import annotations

import array
import asyncio
import os
import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

CHUNK = 128 * 1024
_TOGETHER = 32
_ANCILLARY = socket.CMSG_SPACE(64 * 4)

Data = bytes | bytearray | memoryview


class Link:
    """A stream socket."""

    def __init__(
        self,
        sock: socket.socket,
        on_data: Callable[[bytes, Sequence[int]], None],
        on_lost: Callable[[OSError | None], None],
    ) -> None:
        """Take over a connected socket; nothing is read before `resume`."""
        self.sock = sock
        self.on_data = on_data
        self.on_lost = on_lost
        self.on_drained: Callable[[], None] | None = None
        self.backlog = 0
        self.closed = False
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Data | int] = deque()
        self._reading = self._writing = self._corked = self._closing = False
        self._carries_fds = sock.family == socket.AF_UNIX
        sock.setblocking(False)

    # Reading

    def resume(self) -> None:
        """Read what comes."""
        if not self._reading and not self.closed:
            self._loop.add_reader(self.sock.fileno(), self._readable)
            self._reading = True

    def pause(self) -> None:
        """Read nothing for now, so that the peer has to wait."""
        if self._reading:
            self._loop.remove_reader(self.sock.fileno())
            self._reading = False

    def _readable(self) -> None:
        try:
            data, fds = self._receive()
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._lose(error)
            return
        if data:
            self._deliver(data, fds)
        else:
            self._lose(None)

    def _receive(self) -> tuple[bytes, Sequence[int]]:
        if not self._carries_fds:
            return self.sock.recv(CHUNK), ()
        data, ancillary, _, _ = self.sock.recvmsg(CHUNK, _ANCILLARY, socket.MSG_CMSG_CLOEXEC)
        return data, _descriptors(ancillary) if ancillary else ()

    def _deliver(self, data: bytes, fds: Sequence[int]) -> None:
        self.on_data(data, fds)

    # Writing

    def write(self, data: Data, fds: Sequence[int] = ()) -> None:
        """Send a message, and after its last byte the descriptors, which the link then closes."""
        if self.closed or self._closing:
            _close(fds)
            return
        if fds:
            self._enqueue(data)
            self._queue.extend(fds)
        elif self._queue or self._corked:
            self._enqueue(data)
            return
        else:
            sent = self._send(data)
            if sent == len(data):
                return
            self._enqueue(memoryview(data)[sent:])
        if not self._corked:
            self._flush()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send what is written in this block with as few system calls as can be."""
        self._corked = True
        try:
            yield
        finally:
            self._corked = False
            if self._queue and not self._writing:
                self._flush()

    def _enqueue(self, data: Data) -> None:
        self._queue.append(data)
        self.backlog += len(data)

    def _send(self, data: Data) -> int:
        try:
            return self.sock.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError as error:
            self._loop.call_soon(self._lose, error)
            return len(data)

    def _flush(self) -> None:
        """Send as much of the queue as the socket takes."""
        try:
            while self._queue:
                if not self._flush_some():
                    break
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            self._loop.call_soon(self._lose, error)
            return
        self._watch_writable(bool(self._queue))
        if not self._queue:
            if self._closing:
                self._lose(None)
            elif self.on_drained:
                self.on_drained()

    def _flush_some(self) -> bool:
        """Send the front of the queue; false if the socket did not take all of it."""
        if isinstance(self._queue[0], int):
            socket.send_fds(self.sock, [b"\0"], [self._queue[0]])
            _close([self._queue.popleft()])  # type: ignore[list-item]
            return True
        parts: list[Data] = []
        for item in self._queue:
            if isinstance(item, int) or len(parts) == _TOGETHER:
                break
            parts.append(item)
        sent = self.sock.sendmsg(parts)
        self.backlog -= sent
        for part in parts:
            if sent < len(part):
                self._queue[0] = memoryview(part)[sent:]
                return False
            sent -= len(part)
            self._queue.popleft()
        return True

    def _watch_writable(self, wanted: bool) -> None:
        if wanted != self._writing:
            self._writing = wanted
            if wanted:
                self._loop.add_writer(self.sock.fileno(), self._flush)
            else:
                self._loop.remove_writer(self.sock.fileno())

    # The end

    def close(self) -> None:
        """End it when all that was written is sent."""
        if self.closed or self._closing:
            return
        self.pause()
        self._closing = True
        if not self._queue:
            self._lose(None)

    def abort(self) -> None:
        """End it at once."""
        self._lose(None)

    def _lose(self, error: OSError | None) -> None:
        if self.closed:
            return
        self.pause()
        self._watch_writable(False)
        self.closed = True
        _close([item for item in self._queue if isinstance(item, int)])
        self._queue.clear()
        self.backlog = 0
        self.sock.close()
        self.on_lost(error)


class TlsLink(Link):
    """A TLS session on a stream socket.

    `on_secure` is called when the handshake has succeeded; before it nothing is delivered, and nothing may be written.
    """

    def __init__(
        self,
        sock: socket.socket,
        context: ssl.SSLContext,
        on_data: Callable[[bytes, Sequence[int]], None],
        on_lost: Callable[[OSError | None], None],
        on_secure: Callable[[], None],
        *,
        server_side: bool,
        server_hostname: str | None = None,
    ) -> None:
        """Take over a connected socket and shake hands."""
        super().__init__(sock, on_data, on_lost)
        self._carries_fds = False
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(
            self._incoming, self._outgoing, server_side=server_side, server_hostname=server_hostname
        )
        self._on_secure = on_secure
        self._secure = False
        if not server_side:
            self._shake()

    def write(self, data: Data, fds: Sequence[int] = ()) -> None:
        """Send a message encrypted; descriptors cannot go this way."""
        if fds:
            _close(fds)
            raise ValueError("descriptors do not pass through TLS")
        if not self.closed:
            self.tls.write(data)
            super().write(self._outgoing.read())

    def _deliver(self, data: bytes, fds: Sequence[int]) -> None:
        self._incoming.write(data)
        if not self._secure and not self._shake():
            return
        while not self.closed:
            try:
                plain = self.tls.read(CHUNK)
            except ssl.SSLWantReadError:
                break
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                self._lose(None)
                return
            except ssl.SSLError as error:
                self._lose(error)
                return
            if not plain:
                self._lose(None)
                return
            self.on_data(plain, ())
        if self._outgoing.pending and not self.closed:
            super().write(self._outgoing.read())

    def _shake(self) -> bool:
        """Go on with the handshake; true when it is done."""
        try:
            self.tls.do_handshake()
            self._secure = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            if self._outgoing.pending:
                super().write(self._outgoing.read())
            self._loop.call_soon(self._lose, error)
            return False
        if self._outgoing.pending:
            super().write(self._outgoing.read())
        if self._secure:
            self._on_secure()
        return self._secure


def _descriptors(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    """The descriptors among what came beside the bytes."""
    found = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            found.frombytes(data[: len(data) - len(data) % found.itemsize])
    return list(found)


def _close(fds: Sequence[int]) -> None:
    for fd in fds:
        os.close(fd)


close_fds = _close
"""Close descriptors that nobody has use for."""
