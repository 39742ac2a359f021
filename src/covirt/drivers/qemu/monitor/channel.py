# SPDX-License-Identifier: LGPL-2.1-or-later
"""Moves bytes through a connected UNIX socket, with descriptors where wanted."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Sequence

_CHUNK = 256 * 1024


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
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(connected.fileno(), self._readable)

    def send(self, data: bytes, fds: Sequence[int] = ()) -> None:
        """Send bytes, and descriptors with the first of them, as soon as the socket takes them."""
        self._outgoing.append((memoryview(data), tuple(fds)))
        if len(self._outgoing) == 1:
            self._flush()

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
        try:
            while self._outgoing:
                data, fds = self._outgoing[0]
                sent = socket.send_fds(self._socket, [data], fds) if fds else self._socket.send(data)
                if sent < len(data):
                    # The descriptors went with the first byte.
                    self._outgoing[0] = (data[sent:], ())
                else:
                    self._outgoing.popleft()
        except (BlockingIOError, InterruptedError):
            self._loop.add_writer(self._socket.fileno(), self._flush)
            return
        except OSError:
            # The peer has closed its end; what it still said is read first, then comes the end of file.
            self._outgoing.clear()
        self._loop.remove_writer(self._socket.fileno())
