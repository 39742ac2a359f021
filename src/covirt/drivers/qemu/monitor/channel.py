# SPDX-License-Identifier: LGPL-2.1-or-later
"""Moves bytes through a connected UNIX socket, with descriptors where wanted."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice, takewhile

_CHUNK = 256 * 1024
_PIECES = 64


class Channel:
    """A socket that hands over what arrives and sends what it is given, in order.

    It owns the socket. `received` is called with each piece, `ended` once when the peer has closed (None) or the
    socket failed; after `close` neither is called again.
    """

    def __init__(
        self,
        connected: socket.socket,
        received: Callable[[bytes], None],
        ended: Callable[[OSError | None], None],
    ) -> None:
        connected.setblocking(False)
        self._socket = connected
        self._received = received
        self._ended = ended
        self._outgoing: deque[tuple[memoryview, Sequence[int]]] = deque()
        self._flushing = False
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(connected.fileno(), self._readable)

    def send(self, data: bytes, fds: Sequence[int] = ()) -> None:
        """Send bytes, and descriptors with the first of them, as soon as the socket takes them.

        What is given in one turn of the loop goes out together: one system call, and one wake-up of the peer.
        """
        self._outgoing.append((memoryview(data), tuple(fds)))
        if not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def close(self) -> None:
        """Close the socket; what has not been sent is dropped."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket.fileno())
            self._loop.remove_writer(self._socket.fileno())
            self._socket.close()
        self._outgoing.clear()

    def _readable(self) -> None:
        try:
            data = self._socket.recv(_CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(error)
            return
        if data:
            self._received(data)
        else:
            self._end(None)

    def _end(self, error: OSError | None) -> None:
        self.close()
        self._ended(error)

    def _flush(self) -> None:
        """Send what the socket takes; come back when it takes more."""
        if self._socket.fileno() < 0:
            return
        try:
            while self._outgoing:
                self._send_some()
        except (BlockingIOError, InterruptedError):
            self._loop.add_writer(self._socket.fileno(), self._flush)
            return
        except OSError:
            # The peer has closed its end; what it still said is read first, then comes the end of file.
            self._outgoing.clear()
        self._flushing = False
        self._loop.remove_writer(self._socket.fileno())

    def _send_some(self) -> None:
        """Send as many pieces as go together: descriptors travel with the first piece of a message only."""
        plain = (not fds for _, fds in islice(self._outgoing, 1, _PIECES))
        count = 1 + sum(1 for _ in takewhile(bool, plain))
        pieces = [data for data, _ in islice(self._outgoing, count)]
        fds = self._outgoing[0][1]
        sent = socket.send_fds(self._socket, pieces, fds) if fds else self._socket.sendmsg(pieces)
        while sent:
            data, _ = self._outgoing.popleft()
            if sent < len(data):
                self._outgoing.appendleft((data[sent:], ()))
                return
            sent -= len(data)
