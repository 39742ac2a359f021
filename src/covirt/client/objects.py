# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the generated client objects stand on: a handle, and the channel by which calls about it go."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from types import ModuleType, TracebackType
from typing import Any, Generic, Self, TypeVar

from covirt.api.call import Call
from covirt.api.event import Event
from covirt.api.handles import Connect, Handle
from covirt.api.params import ParamName, TypedParams, Value
from covirt.api.stream import StreamEnd, stream_pair
from covirt.client.channel import Channel, Reply
from covirt.errors import InvalidConn

H = TypeVar("H", bound=Handle)
R = TypeVar("R")
E = TypeVar("E", bound=Event)


GivenParams = TypedParams | Mapping[str, Value | list[str]]
"""How people give parameters: a plain mapping will do."""


def typed_params(given: GivenParams, theme: ModuleType) -> TypedParams:
    """Parameters with their types, which the names that a theme declares give."""
    if isinstance(given, TypedParams):
        return given
    known = [item for item in vars(theme).values() if isinstance(item, type) and issubclass(item, ParamName)]
    return TypedParams.guess(given, known)


class ClientObject(Generic[H]):
    """An object of the API: calls are its methods, `handle` is its name."""

    __slots__ = ("channel", "handle")

    def __init__(self, channel: Channel, handle: H) -> None:
        """Name an object behind a channel; nothing is asked."""
        self.channel = channel
        self.handle = handle

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.handle == other.handle and self.channel is other.channel

    def __hash__(self) -> int:
        return hash(self.handle)

    def __repr__(self) -> str:
        return f"<{self.handle}>"

    async def call(self, call: Call[H, ..., R], *args: Any, **kwargs: Any) -> R:
        """Make any declared call about this object; the result is as declared, with handles."""
        result: R = (await self._perform(call, call.complete(*args, **kwargs))).result
        return result

    async def _perform(self, call: Call[Any, ..., Any], args: tuple[Any, ...], *, fds: Sequence[int] = ()) -> Reply:
        if not self.channel.alive:
            raise InvalidConn(call.spelled, about=self.handle)
        return await self.channel.perform(call, self.handle, args, fds=fds)

    async def _stream(self, call: Call[Any, ..., Any], args: tuple[Any, ...]) -> tuple[Any, StreamEnd]:
        if not self.channel.alive:
            raise InvalidConn(call.spelled, about=self.handle)
        ours, theirs = stream_pair()
        reply = await self.channel.perform(call, self.handle, args, stream=theirs)
        return reply.result, ours


class ConnectionObject(ClientObject[Connect]):
    """What a connection has beside its calls: it can be listened to and it ends."""

    __slots__ = ()

    def __init__(self, channel: Channel) -> None:
        """Take over a channel."""
        super().__init__(channel, Connect())

    def events(
        self, kind: type[E], about: ClientObject[Any] | Handle | None = None
    ) -> AbstractAsyncContextManager[AsyncIterator[E]]:
        """Listen: `async with conn.events(Lifecycle) as events: async for event in events: ...`."""
        subject = about.handle if isinstance(about, ClientObject) else about
        return self.channel.events(kind, subject)

    @property
    def alive(self) -> bool:
        """Can calls still be made?"""
        return self.channel.alive

    async def close(self) -> None:
        """End the connection."""
        await self.channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
