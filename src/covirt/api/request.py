# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a handler is told about the call it answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from covirt.api.call import Call
from covirt.api.handles import Handle
from covirt.api.stream import StreamEnd
from covirt.uri import Uri

D = TypeVar("D")
F = TypeVar("F")
H = TypeVar("H", bound=Handle)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientIdentity:
    """Who made the connection, as far as it is known."""

    user_name: str | None = None
    user_id: int | None = None
    group_name: str | None = None
    group_id: int | None = None
    process_id: int | None = None
    process_time: int | None = None
    sasl_user: str | None = None
    x509_name: str | None = None
    selinux_context: str | None = None

    def __str__(self) -> str:
        """The best name that there is."""
        known = self.sasl_user or self.x509_name or self.user_name
        return known or (f"user {self.user_id}" if self.user_id is not None else "an unknown client")


class RequestSession(Protocol):
    """What a handler may know of the connection the call came by."""

    @property
    def uri(self) -> Uri:
        """What it is connected to."""

    @property
    def read_only(self) -> bool:
        """May nothing be changed by it?"""

    @property
    def client(self) -> ClientIdentity:
        """Who made it."""

    @property
    def closed(self) -> bool:
        """Has it ended?"""

    def on_close(self, key: object, callback: Any) -> None:
        """Have a function called when the connection ends; a callback of None takes it back."""

    async def authorize(self, call: Call[Any, ..., Any], args: tuple[Any, ...], subject: Handle) -> None:
        """Raise AccessDenied unless the client has the rights that the call asks for on this object."""

    async def visible(self, call: Call[Any, ..., Any], handles: Iterable[H]) -> list[H]:
        """Those objects that the client may know of."""


@dataclass(slots=True)
class Request(Generic[D, F]):
    """One call on its way through a driver; `found` is the object that the driver has for the subject."""

    driver: D
    call: Call[Any, ..., Any]
    subject: Handle
    args: tuple[Any, ...]
    found: F
    session: RequestSession
    stream: StreamEnd | None = None
    fds: Sequence[int] = ()
    reply_fds: list[int] = field(default_factory=list)
    authorized: bool = False

    @property
    def guest(self) -> F:
        """The same as `found`, for calls about a domain."""
        return self.found

    @property
    def client(self) -> ClientIdentity:
        """Who asks."""
        return self.session.client

    @property
    def read_only(self) -> bool:
        """May the connection change nothing?"""
        return self.session.read_only

    @property
    def byte_stream(self) -> StreamEnd:
        """The driver's end of the stream of a call that has one."""
        assert self.stream is not None, f"{self.call.qualified} has no stream"
        return self.stream

    async def authorize(self, subject: Handle) -> None:
        """Check the call's rights on an object that only the handler knows, as one that is about to be defined."""
        self.authorized = True
        await self.session.authorize(self.call, self.args, subject)

    async def visible(self, handles: Iterable[H]) -> list[H]:
        """Those objects that the client may know of; for results that are not handles themselves."""
        return await self.session.visible(self.call, handles)
