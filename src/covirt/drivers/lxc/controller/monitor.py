# SPDX-License-Identifier: LGPL-2.1-or-later
"""The controller's socket: the daemon listens there to what happens, JSON lines, and comes back after a restart.

Whoever connects is told first what is now (`running` with the pid of init), then what happens. Only the daemon's user
can reach the socket.
"""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any


class Monitor:
    """All who listen."""

    def __init__(self, listening: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to take connections."""
        listening.setblocking(False)
        self._listening, self._loop = listening, loop
        self._peers: set[socket.socket] = set()
        self._state: dict[str, Any] | None = None
        self.heard = asyncio.Event()
        """Has somebody been told something?"""
        loop.add_reader(listening, self._accept)

    def say(self, message: dict[str, Any], *, lasting: bool = False) -> None:
        """Tell everybody; what is `lasting` is told to those who come later, too."""
        if lasting:
            self._state = message
        for peer in tuple(self._peers):
            self._send(peer, message)

    def close(self) -> None:
        """Say goodbye by closing."""
        self._loop.remove_reader(self._listening)
        for peer in tuple(self._peers):
            self._drop(peer)
        self._listening.close()

    def _accept(self) -> None:
        try:
            peer, _ = self._listening.accept()
        except (BlockingIOError, ConnectionError):
            return
        peer.setblocking(False)
        self._peers.add(peer)
        self._loop.add_reader(peer, self._heard, peer)
        if self._state is not None:
            self._send(peer, self._state)

    def _heard(self, peer: socket.socket) -> None:
        """Nobody asks anything here: what can be heard is the end, and who talks is not the daemon."""
        self._drop(peer)

    def _send(self, peer: socket.socket, message: dict[str, Any]) -> None:
        """Messages are few and short; who does not even take these does not listen."""
        data = json.dumps(message).encode() + b"\n"
        try:
            sent = peer.send(data)
        except OSError:
            sent = 0
        if sent < len(data):
            self._drop(peer)
        else:
            self.heard.set()

    def _drop(self, peer: socket.socket) -> None:
        if peer in self._peers:
            self._peers.discard(peer)
            self._loop.remove_reader(peer)
            peer.close()
