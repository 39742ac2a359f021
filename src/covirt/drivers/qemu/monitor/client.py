# SPDX-License-Identifier: LGPL-2.1-or-later
"""The QMP monitor of one QEMU process: moves the bytes of the protocol through a UNIX socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from covirt.drivers.qemu.monitor.channel import Channel
from covirt.drivers.qemu.monitor.errors import MonitorClosed, MonitorEnded
from covirt.drivers.qemu.monitor.protocol import Greeting, QmpEvent, QmpProtocol, Reply
from covirt.errors import Error, OperationTimeout, SystemCallFailed
from covirt.runtime.bus import Bus
from covirt.runtime.sockets import connect_unix


class Monitor:
    """A connection over which commands are executed, any number at a time, and events arrive on a bus.

    It owns its socket. It ends when QEMU does, when QEMU sends garbage, or by `close`; then every command that
    waits, and every later one, fails with a `MonitorGone`, and `wait_closed` returns.
    """

    def __init__(self, connected: socket.socket, *, name: str = "", bus: Bus | None = None) -> None:
        self.name = name
        self.events = bus or Bus()
        self.greeting: Greeting | None = None
        self._loop = asyncio.get_running_loop()
        self._protocol = QmpProtocol()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._passing_fds = asyncio.Lock()
        self._greeted = self._loop.create_future()
        self._ended = self._loop.create_future()
        self._channel = Channel(connected, self._receive, self._hung_up)

    @classmethod
    async def connect(
        cls, path: Path | str, *, name: str = "", bus: Bus | None = None, within: float | None = 30.0
    ) -> Self:
        """Connect to a monitor that listens at a path, and get ready to execute commands."""
        try:
            connected = await connect_unix(path)
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, f"failed to connect to monitor socket {path}") from error
        return await cls.open(connected, name=name, bus=bus, within=within)

    @classmethod
    async def open(
        cls, connected: socket.socket, *, name: str = "", bus: Bus | None = None, within: float | None = 30.0
    ) -> Self:
        """Get ready to execute commands over a connected socket, which is ours from now on."""
        monitor = cls(connected, name=name, bus=bus)
        try:
            async with asyncio.timeout(within):
                await monitor._negotiate()
        except TimeoutError:
            monitor.close()
            raise OperationTimeout(f"QEMU did not greet on its monitor (vm='{name}')") from None
        except BaseException:
            monitor.close()
            raise
        return monitor

    @property
    def closed(self) -> bool:
        """Whether no command can be executed any more."""
        return self._ended.done()

    async def execute(
        self,
        command: str,
        arguments: Mapping[str, object] | None = None,
        *,
        fds: Sequence[int] = (),
        within: float | None = None,
    ) -> Any:
        """Execute a command and return what it returns, if it does so within that many seconds.

        `fds` are passed along with it (getfd, add-fd); they stay open here. Who is cancelled, or has no time left,
        gives up only the waiting: QEMU executes the command all the same.
        """
        if not fds:
            return await self._execute(command, arguments, (), within)
        # QEMU forgets descriptors it has not used when the next ones arrive, so one command with some at a time.
        async with self._passing_fds:
            return await self._execute(command, arguments, fds, within)

    async def __call__(self, command: str, arguments: Mapping[str, object] | None = None) -> Any:
        """Execute a command without anything special."""
        return await self._execute(command, arguments, (), None)

    async def wait_closed(self) -> Error:
        """Wait for the end, and tell what it was."""
        reason: Error = await asyncio.shield(self._ended)
        return reason

    def close(self) -> None:
        """End the connection; QEMU runs on and can be connected to again."""
        self._end(MonitorClosed("QEMU monitor was closed"))

    async def __aenter__(self) -> Self:
        """Begin the block."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    # Inside

    async def _negotiate(self) -> None:
        await self._greeted
        identity, data = self._protocol.negotiate()
        ready = self._waiting[identity] = self._loop.create_future()
        self._channel.send(data)
        await ready

    async def _execute(
        self, command: str, arguments: Mapping[str, object] | None, fds: Sequence[int], within: float | None
    ) -> Any:
        if self._ended.done():
            raise self._gone()
        identity, data = self._protocol.command(command, arguments)
        reply = self._waiting[identity] = self._loop.create_future()
        self._channel.send(data, fds)
        try:
            if within is None:
                return await reply
            async with asyncio.timeout(within):
                return await reply
        except TimeoutError:
            message = f"QEMU did not answer command '{command}' within {within:g} seconds (vm='{self.name}')"
            raise OperationTimeout(message) from None
        finally:
            if self._waiting.pop(identity, None):
                self._protocol.forget(identity)

    def _gone(self) -> Error:
        """A fresh error for why the connection ended; exceptions carry the traceback of one raise only."""
        reason: Error = self._ended.result()
        return type(reason)(reason.detail)

    def _receive(self, data: bytes) -> None:
        try:
            messages = self._protocol.receive(data)
        except Error as garbage:
            self._end(garbage)
            return
        for message in messages:
            self._handle(message)

    def _hung_up(self, error: OSError | None) -> None:
        if error is None:
            self._end(MonitorEnded(f"End of file from qemu monitor (vm='{self.name}')"))
        else:
            self._end(MonitorEnded(f"Unable to read from monitor: {error.strerror}"))

    def _handle(self, message: Greeting | Reply | QmpEvent) -> None:
        match message:
            case QmpEvent():
                self.events.publish(message)
            case Greeting():
                self.greeting = message
                if not self._greeted.done():
                    self._greeted.set_result(None)
            case Reply():
                waiting = self._waiting.pop(message.id, None)
                if waiting is None or waiting.done():
                    return
                if message.error is not None:
                    waiting.set_exception(message.error)
                else:
                    waiting.set_result(message.value)

    def _end(self, reason: Error) -> None:
        if self._ended.done():
            return
        self._channel.close()
        self._ended.set_result(reason)
        waiting = [*self._waiting.values(), self._greeted]
        self._waiting.clear()
        for future in waiting:
            if not future.done():
                future.set_exception(self._gone())
        if not self._greeted.cancelled():
            # So that nobody complains when nobody waits for the greeting.
            self._greeted.exception()
