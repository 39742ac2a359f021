# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who tells what happened does not wait for those who listen."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from enum import Enum
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from covirt.runtime.log import get

log = get("runtime.bus")

E = TypeVar("E")
Match = Callable[[Any], bool]


class Overflow(Enum):
    """What becomes of a subscriber that does not keep up."""

    DROP_OLDEST = "drop oldest"
    """It loses the oldest events and learns how many (`dropped`)."""
    CLOSE = "close"
    """Its subscription ends after what it has, with `overflowed` set."""


class Bus:
    """Carries events from whoever publishes to all who subscribed, in the order they were published."""

    def __init__(self) -> None:
        """Begin without subscribers."""
        self._subscriptions: dict[Subscription[Any], None] = {}

    def publish(self, event: object) -> None:
        """Hand an event to all subscribers; never waits, never fails."""
        for subscription in tuple(self._subscriptions):
            subscription._offer(event)

    def subscribe(
        self, kind: type[E], match: Match | None = None, *, limit: int = 1000, overflow: Overflow = Overflow.DROP_OLDEST
    ) -> Subscription[E]:
        """Listen to events of a class, and of those only what `match` says yes to; at most `limit` wait unread."""
        queue = _Queue(limit, overflow)
        return self._add(Subscription(self, kind, match, queue))

    def on(self, kind: type[E], callback: Callable[[E], None], match: Match | None = None) -> Subscription[E]:
        """Call a quick function at each event, inside `publish`; its failure is logged and harms nobody else."""
        return self._add(Subscription(self, kind, match, callback))

    def close(self) -> None:
        """End all subscriptions; readers get what they have and then stop."""
        for subscription in tuple(self._subscriptions):
            subscription.close()

    def _add(self, subscription: Subscription[E]) -> Subscription[E]:
        self._subscriptions[subscription] = None
        return subscription


class Subscription(Generic[E]):
    """One listener: iterate over it with `async for`; a `with` block ends it."""

    def __init__(self, bus: Bus, kind: type[E], match: Match | None, sink: _Queue | Callable[[E], None]) -> None:
        """Made by `Bus.subscribe` and `Bus.on`."""
        self._bus, self._kind, self._match, self._sink = bus, kind, match, sink

    @property
    def dropped(self) -> int:
        """How many events were lost because nobody read in time."""
        return self._sink.dropped if isinstance(self._sink, _Queue) else 0

    @property
    def overflowed(self) -> bool:
        """Whether the subscription was ended because nobody read in time."""
        return isinstance(self._sink, _Queue) and self._sink.overflowed

    def close(self) -> None:
        """Stop listening; what already waits can still be read."""
        self._bus._subscriptions.pop(self, None)
        if isinstance(self._sink, _Queue):
            self._sink.close()

    def _offer(self, event: Any) -> None:
        if not isinstance(event, self._kind):
            return
        try:
            if self._match is not None and not self._match(event):
                return
            if isinstance(self._sink, _Queue):
                if not self._sink.put(event):
                    self.close()
            else:
                self._sink(event)
        except Exception as failure:
            log.error("a listener failed", event=type(event).__name__, error=failure)

    def __enter__(self) -> Self:
        """Begin the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self.close()

    def __aiter__(self) -> AsyncIterator[E]:
        """Read the events as they come; ends when the subscription is closed."""
        return self

    async def __anext__(self) -> E:
        """Wait for the next event."""
        if not isinstance(self._sink, _Queue):
            raise TypeError("a callback's subscription cannot be read")
        event: E = await self._sink.get()
        return event


class _Queue:
    """Unread events of one reader."""

    def __init__(self, limit: int, overflow: Overflow) -> None:
        self.dropped = 0
        self.overflowed = False
        self._limit, self._overflow = limit, overflow
        self._events: deque[Any] = deque()
        self._closed = False
        self._news = asyncio.Event()

    def put(self, event: object) -> bool:
        """Add an event; False when the reader is to be closed instead."""
        if len(self._events) >= self._limit:
            self.dropped += 1
            if self._overflow is Overflow.CLOSE:
                self.overflowed = True
                return False
            self._events.popleft()
        self._events.append(event)
        self._news.set()
        return True

    def close(self) -> None:
        self._closed = True
        self._news.set()

    async def get(self) -> Any:
        while not self._events:
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()
