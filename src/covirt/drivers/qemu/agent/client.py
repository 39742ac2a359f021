# SPDX-License-Identifier: LGPL-2.1-or-later
"""The connection to the guest agent of one guest."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from covirt.drivers.qemu.agent.errors import AgentGarbage, AgentRefused
from covirt.drivers.qemu.agent.protocol import AgentProtocol, AgentReply, Message, Synced
from covirt.drivers.qemu.monitor.channel import Channel
from covirt.errors import (
    AgentCommandTimeout,
    AgentUnresponsive,
    Error,
    ErrorDomain,
    InternalError,
    SystemCallFailed,
)
from covirt.runtime.sockets import connect_unix

#: How long an agent may take to answer, in seconds, unless somebody says otherwise.
PATIENCE = 5.0

_GONE = "Guest agent disappeared while executing command"


class GuestEvent(StrEnum):
    """What can happen to a guest in place of an answer of its agent."""

    SHUTDOWN = "shutdown"
    RESET = "reset"
    SUSPEND = "suspend"


class Agent:
    """A channel over which commands are executed in the guest, one after the other.

    It is open as long as the guest's side of the channel is; whoever watches the guest tells of events that answer a
    command (`notify`) and closes the agent when the guest's side has gone.
    """

    def __init__(self, connected: socket.socket, *, name: str = "") -> None:
        self.name = name
        #: How long commands of `agent.commands` may take; None for ever.
        self.patience: float | None = PATIENCE
        self._protocol = AgentProtocol()
        self._in_sync = False
        self._turn = asyncio.Lock()
        self._waiting: asyncio.Future[Message | None] | None = None
        self._awaited: GuestEvent | None = None
        self._failure: Error | None = None
        self._ended = asyncio.Event()
        self._channel = Channel(connected, self._receive, self._hung_up)

    @classmethod
    async def connect(cls, path: Path | str, *, name: str = "") -> Self:
        """Connect to the channel's socket that QEMU listens on."""
        try:
            connected = await connect_unix(path)
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, "failed to connect to agent socket") from error
        return cls(connected, name=name)

    @property
    def closed(self) -> bool:
        """Whether no command can be executed any more."""
        return self._failure is not None

    async def execute(
        self,
        command: str,
        arguments: Mapping[str, object] | None = None,
        *,
        within: float | None = PATIENCE,
        or_event: GuestEvent | None = None,
    ) -> Any:
        """Execute a command in the guest and return what it returns.

        `within` are the seconds the agent has for it, None for any time. With `or_event` the command is done as well
        when that happens to the guest, with the result None.
        """
        message: dict[str, object] = {"execute": command}
        if arguments:
            message["arguments"] = arguments
        reply = await self.send(message, within=within, or_event=or_event)
        return None if reply is None else reply["return"]

    async def send(
        self, message: Mapping[str, object], *, within: float | None = PATIENCE, or_event: GuestEvent | None = None
    ) -> Mapping[str, Any] | None:
        """Send a whole command and return the whole reply; a reply that is an error raises `AgentRefused`."""
        async with self._turn:
            await self._synchronize(within)
            self._awaited = or_event
            try:
                reply = await self._ask(self._protocol.command(message), within)
            finally:
                self._awaited = None
        name = message.get("execute")
        if not isinstance(reply, AgentReply):
            return None
        if "error" in reply.message:
            raise AgentRefused(name if isinstance(name, str) else "<unknown>", reply.message["error"])
        return reply.message

    def notify(self, event: GuestEvent) -> None:
        """Tell what has happened to the guest; a command that waits for it is done."""
        if self._awaited is event:
            self._awaited = None
            self._answer(None)

    async def wait_closed(self) -> None:
        """Wait for the end of the connection."""
        await self._ended.wait()

    def close(self) -> None:
        """End the connection; the agent in the guest lives on."""
        self._end(None)

    # Inside

    async def _synchronize(self, within: float | None) -> None:
        """Make sure that the next reply is to the next command."""
        if self._in_sync:
            return
        patience = min(limit for limit in (PATIENCE, self.patience, within) if limit is not None)
        for first in (True, False):
            number = time.time_ns() // 1_000_000
            try:
                answer = await self._ask(self._protocol.synchronize(number, first=first), patience)
            except AgentCommandTimeout:
                message = f"guest agent didn't respond to synchronization within '{patience:g}' seconds"
                raise AgentUnresponsive(message, domain=ErrorDomain.QEMU) from None
            if isinstance(answer, Synced) and answer.done:
                self._in_sync = True
                return
        raise InternalError("Missing agent reply object", domain=ErrorDomain.QEMU)

    async def _ask(self, data: bytes, within: float | None) -> Message | None:
        if self._failure is not None:
            raise AgentUnresponsive(_GONE, domain=ErrorDomain.QEMU)
        self._waiting = asyncio.get_running_loop().create_future()
        self._channel.send(data)
        try:
            async with asyncio.timeout(within):
                return await self._waiting
        except BaseException as error:
            self._in_sync = False
            self._protocol.give_up()
            if isinstance(error, TimeoutError):
                message = f"guest agent didn't respond to command within '{within:g}' seconds"
                raise AgentCommandTimeout(message, domain=ErrorDomain.QEMU) from None
            raise
        finally:
            self._waiting = None

    def _receive(self, data: bytes) -> None:
        try:
            messages = self._protocol.receive(data)
        except AgentGarbage as garbage:
            self._end(garbage)
            return
        for message in messages:
            self._answer(message)

    def _answer(self, message: Message | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(message)

    def _hung_up(self, error: OSError | None) -> None:
        self._end(None)

    def _end(self, reason: Error | None) -> None:
        if self._failure is not None:
            return
        self._channel.close()
        self._failure = reason or AgentUnresponsive(_GONE, domain=ErrorDomain.QEMU)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(self._failure)
        self._ended.set()
