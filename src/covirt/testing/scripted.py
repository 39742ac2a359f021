# SPDX-License-Identifier: LGPL-2.1-or-later
"""Peers that a test plays line by line: a QEMU behind its monitor, a guest agent behind its channel."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Mapping
from typing import Any

GREETING = {"QMP": {"version": {"qemu": {"major": 8, "minor": 2, "micro": 0}, "package": ""}, "capabilities": ["oob"]}}


class ScriptedPeer:
    """The far end of a connection that speaks JSON lines."""

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._far.setblocking(False)
        self._received = bytearray()
        self.fds: list[int] = []

    @property
    def socket(self) -> socket.socket:
        """The end for the code under test, which owns it from now on."""
        return self._near

    def send_bytes(self, data: bytes) -> None:
        """Send anything."""
        self._far.sendall(data)

    def send(self, message: Mapping[str, Any]) -> None:
        """Send one message."""
        self.send_bytes(json.dumps(message).encode() + b"\r\n")

    async def next(self) -> dict[str, Any]:
        """The next message from the code under test, which must come soon."""
        async with asyncio.timeout(5):
            return await self.next_whenever()

    async def next_whenever(self) -> dict[str, Any]:
        """The next message, however long it takes; descriptors that come with it are kept in `fds`."""
        while (end := self._received.find(b"\n")) < 0:
            await self._readable()
            data, fds, _, _ = socket.recv_fds(self._far, 65536, 8)
            if not data:
                raise EOFError("the code under test has closed the connection")
            self.fds += fds
            self._received += data
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        message: dict[str, Any] = json.loads(line.strip(b"\xff"))
        return message

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._far.fileno(), ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._far.fileno())

    def hang_up(self) -> None:
        """Close this end."""
        self._far.close()

    def close(self) -> None:
        """Close what is left."""
        self._far.close()
        self._near.close()
        for fd in self.fds:
            os.close(fd)
        self.fds.clear()


class ScriptedQemu(ScriptedPeer):
    """A QEMU behind its monitor: what it is asked and what it answers, in the words of the test."""

    async def greet(self) -> None:
        """Greet, and agree to the capabilities."""
        self.send(GREETING)
        command = await self.expect("qmp_capabilities")
        self.reply(command)

    async def expect(self, command: str, arguments: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Wait for a command, which must be this one, and give it with its id."""
        message = await self.next()
        asked = message.get("execute"), message.get("arguments")
        if asked != (command, arguments):
            raise AssertionError(f"expected {(command, arguments)}, got {asked}")
        return message

    def reply(self, command: Mapping[str, Any], value: Any = None) -> None:
        """Answer a command."""
        self.send({"return": {} if value is None else value, "id": command["id"]})

    def refuse(self, command: Mapping[str, Any], description: str, qemu_class: str = "GenericError") -> None:
        """Answer a command with an error."""
        self.send({"error": {"class": qemu_class, "desc": description}, "id": command["id"]})

    def event(self, name: str, **data: Any) -> None:
        """Tell that something has happened."""
        self.send({"event": name, "data": data, "timestamp": {"seconds": 1234567890, "microseconds": 5}})
