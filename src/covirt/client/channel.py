# SPDX-License-Identifier: LGPL-2.1-or-later
"""What carries calls and events between client objects and whoever answers them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from covirt.api.call import Call
from covirt.api.event import Event
from covirt.api.handles import Handle
from covirt.api.stream import StreamEnd

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call gave back."""

    result: Any
    fds: Sequence[int] = ()


class Channel(Protocol):
    """A way to make calls."""

    uri: str
    read_only: bool

    @property
    def alive(self) -> bool:
        """Can calls still be made?"""

    @property
    def encrypted(self) -> bool:
        """Can nobody on the way read them?"""

    @property
    def secure(self) -> bool:
        """Is the way encrypted, or entirely on this machine?"""

    async def perform(
        self,
        call: Call[Any, ..., Any],
        subject: Handle,
        args: tuple[Any, ...],
        *,
        stream: StreamEnd | None = None,
        fds: Sequence[int] = (),
    ) -> Reply:
        """Make a call; `args` are all parameters after the subject, in order.

        The given end of a stream is the answering side's; the caller keeps the other one.
        """

    def events(self, kind: type[E], subject: Handle | None) -> AbstractAsyncContextManager[AsyncIterator[E]]:
        """Listen to events of one class, of all objects or only one, as long as the context lasts."""

    async def close(self) -> None:
        """End it; calls that are under way fail."""
