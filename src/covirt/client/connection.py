# SPDX-License-Identifier: LGPL-2.1-or-later
"""A channel to a daemon: opens, authenticates, keeps subscriptions, and opens again when it may.

    channel = await open_remote(Uri.parse("qemu+ssh://host/system"))

With `reconnect`, a lost connection is opened again at the next call or while somebody listens to events. Calls that
were under way fail at once, for nobody knows whether they were done; subscriptions are renewed, and `on_reconnect`
is told.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from covirt.api.call import Call
from covirt.api.catalogue import event_by_number
from covirt.api.connect import open as opening
from covirt.api.connect.open import ConnectFlags, DriverFeature
from covirt.api.event import Event
from covirt.api.handles import Connect, Handle
from covirt.api.stream import StreamEnd
from covirt.api.themes import Program
from covirt.client.authenticate import authenticate
from covirt.client.channel import Reply
from covirt.client.conversation import Conversation, closed_error
from covirt.client.credentials import Credentials
from covirt.client.registration import Registration, registration_of
from covirt.client.transports.opening import Opened, open_socket, tls_context
from covirt.client.transports.target import Target, Transport, target_of
from covirt.errors import Error, RpcError
from covirt.rpc.codec import event_codec_of
from covirt.rpc.link import Link, TlsLink
from covirt.runtime.bus import Bus
from covirt.runtime.log import get
from covirt.uri import Uri
from covirt.wire.message import Message

log = get("client.connection")

E = TypeVar("E", bound=Event)
_CONNECT = Connect()
_PROGRAMS = {program.number: program for program in Program}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a connection behaves."""

    read_only: bool = False
    reconnect: bool = False
    keepalive: tuple[int, int] | None = (5, 5)
    timeout: float | None = None
    """Seconds that any call may take; a single call is limited with `asyncio.timeout`."""
    credentials: Credentials = field(default_factory=Credentials)
    mode: str | None = None


@dataclass(slots=True)
class _Subscription:
    """One listener's wish, and the number that it has on the present connection."""

    registration: Registration
    subject: Handle | None
    users: int = 0
    number: int | None = None
    bus: Bus = field(default_factory=Bus)


class RemoteChannel:
    """Calls to a daemon."""

    def __init__(self, uri: Uri | None, target: Target, options: Options) -> None:
        """Made by `open_remote`."""
        self.uri = "" if uri is None else str(uri)
        self.read_only = options.read_only
        self.target = target
        self.options = options
        self.on_reconnect: Callable[[], None] | None = None
        self.on_lost: Callable[[Error], None] | None = None
        self._conversation: Conversation | None = None
        self._opened: Opened | None = None
        self._closed = False
        self._lock = asyncio.Lock()
        self._subscriptions: dict[tuple[Registration, Handle | None], _Subscription] = {}
        self._numbers: dict[tuple[str, int], _Subscription] = {}

    # What everybody may know

    @property
    def alive(self) -> bool:
        """Can calls still be made?"""
        if self._closed:
            return False
        return self.options.reconnect or (self._conversation is not None and self._conversation.ended is None)

    @property
    def encrypted(self) -> bool:
        """Can nobody on the way read the calls?"""
        return self.target.transport not in (Transport.UNIX, Transport.TCP, Transport.EXT)

    @property
    def secure(self) -> bool:
        """Is the way encrypted, or entirely on this machine?"""
        return self.encrypted or self.target.transport is Transport.UNIX

    # Calls

    async def perform(
        self,
        call: Call[Any, ..., Any],
        subject: Handle,
        args: tuple[Any, ...],
        *,
        stream: StreamEnd | None = None,
        fds: Sequence[int] = (),
    ) -> Reply:
        """Make a call."""
        conversation = self._conversation
        if conversation is None or conversation.ended is not None:
            conversation = await self._again()
        if self.options.timeout is None:
            return await conversation.ask(call, subject, args, stream=stream, fds=fds)
        async with asyncio.timeout(self.options.timeout):
            return await conversation.ask(call, subject, args, stream=stream, fds=fds)

    async def ask(self, call: Call[Any, ..., Any], *args: Any, subject: Handle = _CONNECT) -> Any:
        """Make a call about the connection, or another object, and give its result."""
        return (await self.perform(call, subject, args)).result

    # Opening

    async def open(self) -> None:
        """Connect, show who we are, and open the driver."""
        conversation = await self._connect()
        try:
            await self._introduce(conversation)
        except BaseException as error:
            if isinstance(error, Error) and conversation.ended is not None:
                error.hint = self._complaint() or error.hint
            await conversation.close()
            self._let_go()
            raise
        self._conversation = conversation

    async def _again(self) -> Conversation:
        """Open a lost connection again, if that is wanted; several who ask wait for the same attempt."""
        if self._closed or not self.options.reconnect:
            raise closed_error()
        async with self._lock:
            current = self._conversation
            if current is not None and current.ended is None:
                return current
            await self.open()
            assert self._conversation is not None
            for wish in self._subscriptions.values():
                await self._register(wish)
        if self.on_reconnect is not None:
            self.on_reconnect()
        return self._conversation

    async def _connect(self) -> Conversation:
        loop = asyncio.get_running_loop()
        opened = await loop.run_in_executor(None, partial(open_socket, self.target, os.environ))
        conversation = Conversation(self._event, self._ended)
        self._opened = opened
        if self.target.transport is not Transport.TLS:
            conversation.attach(Link(opened.sock, conversation.receive, conversation.lost))
            return conversation
        await self._secure(conversation, opened)
        return conversation

    async def _secure(self, conversation: Conversation, opened: Opened) -> None:
        """Shake hands, and wait for the byte with which the server says that it likes our certificate."""
        welcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def receive(data: bytes, fds: Sequence[int]) -> None:
            if not welcome.done():
                if data[:1] != b"\1":
                    welcome.set_exception(RpcError("server verification (of our certificate or IP address) failed"))
                    return
                welcome.set_result(None)
                data = data[1:]
            if data:
                conversation.receive(data, fds)

        def lost(error: OSError | None) -> None:
            if not welcome.done():
                reason = str(error) if error else "the server ended the connection"
                welcome.set_exception(RpcError(f"TLS handshake failed: {reason}"))
            conversation.lost(error)

        context = tls_context(self.target, os.geteuid(), Path.home())
        link = TlsLink(
            opened.sock, context, receive, lost, lambda: None, server_side=False, server_hostname=self.target.host
        )
        conversation.attach(link)
        await welcome

    async def _introduce(self, conversation: Conversation) -> None:
        """All that has to be said before the first real call."""
        await authenticate(conversation, self.target, self.options.credentials)
        if self.options.keepalive is not None:
            reply = await conversation.ask(opening.supports_feature, _CONNECT, (DriverFeature.PROGRAM_KEEPALIVE,))
            if reply.result:
                conversation.keep_alive(*self.options.keepalive)
        flags = ConnectFlags.RO if self.options.read_only else ConnectFlags(0)
        await conversation.ask(opening.open, _CONNECT, (self.target.name, flags))
        if not self.uri:
            self.uri = (await conversation.ask(opening.get_uri, _CONNECT, ())).result

    # Events

    @asynccontextmanager
    async def events(self, kind: type[E], subject: Handle | None) -> AsyncIterator[AsyncIterator[E]]:
        """Listen to events of one class, of all objects or only one."""
        key = (registration_of(kind), subject)
        wish = self._subscriptions.get(key)
        if wish is None:
            wish = self._subscriptions[key] = _Subscription(key[0], subject)
        wish.users += 1
        try:
            if wish.number is None:
                await self._register(wish)
            with wish.bus.subscribe(kind) as subscription:
                yield aiter(subscription)
        finally:
            wish.users -= 1
            if not wish.users:
                await self._unregister(key, wish)

    async def _register(self, wish: _Subscription) -> None:
        registration = wish.registration
        reply = await self.perform(registration.register, _CONNECT, registration.arguments(wish.subject))
        wish.number = int(reply.result)
        self._numbers[registration.space, wish.number] = wish

    async def _unregister(self, key: tuple[Registration, Handle | None], wish: _Subscription) -> None:
        self._subscriptions.pop(key, None)
        if wish.number is None:
            return
        self._numbers.pop((wish.registration.space, wish.number), None)
        if self._conversation is not None and self._conversation.ended is None:
            await self.perform(wish.registration.deregister, _CONNECT, (wish.number,))

    def _event(self, message: Message) -> None:
        """A message that the daemon sent of its own accord."""
        program = _PROGRAMS.get(message.program)
        kind = event_by_number(program, message.procedure) if program else None
        if kind is None:
            log.debug("an unknown event is passed over", event=message)
            return
        number, event = event_codec_of(kind.declared).decode(message)
        wish = self._numbers.get((registration_of(kind).space, number if number is not None else -1))
        if wish is not None:
            wish.bus.publish(event)

    async def keep_alive(self, interval: int, count: int) -> bool:
        """Ping the daemon when it was silent for so many seconds, with 0 never; False if it does not answer pings."""
        if not await self.ask(opening.supports_feature, DriverFeature.PROGRAM_KEEPALIVE):
            return False
        if self._conversation is not None:
            self._conversation.keep_alive(max(interval, 0), count)
        return True

    # The end

    def _ended(self, reason: Error) -> None:
        self._numbers.clear()
        for wish in self._subscriptions.values():
            wish.number = None
        if self.on_lost is not None and not self._closed:
            self.on_lost(reason)

    def _complaint(self) -> str:
        """What the command that carries the connection had to say."""
        return self._opened.complaint() if self._opened is not None else ""

    def _let_go(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    async def close(self) -> None:
        """End it; calls that are under way fail."""
        if self._closed:
            return
        self._closed = True
        conversation = self._conversation
        if conversation is not None:
            if conversation.ended is None:
                try:
                    await conversation.ask(opening.close, _CONNECT, ())
                except Error as error:
                    log.debug("the daemon did not answer the goodbye", error=str(error))
            await conversation.close()
        for wish in self._subscriptions.values():
            wish.bus.close()
        self._let_go()


async def open_remote(uri: Uri | None, options: Options | None = None) -> RemoteChannel:
    """Connect to the daemon that a URI names; without one, to the local daemon."""
    options = options or Options()
    target = target_of(uri, uid=os.geteuid(), read_only=options.read_only, mode=options.mode)
    channel = RemoteChannel(uri, target, options)
    await channel.open()
    return channel
