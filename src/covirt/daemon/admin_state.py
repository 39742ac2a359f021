# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the admin server keeps for a client, and what it may do with the daemon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from covirt.api.call import Call
from covirt.api.handles import Handle
from covirt.api.request import ClientIdentity
from covirt.daemon.pipeline import Session
from covirt.errors import ErrorDomain, NoSupport
from covirt.uri import Uri

if TYPE_CHECKING:
    from covirt.daemon.connection import ClientConnection
    from covirt.daemon.logs import DaemonLogs
    from covirt.daemon.server import Server

H = TypeVar("H", bound=Handle)


class Control(Protocol):
    """What an administrator may do with the daemon."""

    @property
    def servers(self) -> Mapping[str, Server]:
        """All servers by name."""

    @property
    def logs(self) -> DaemonLogs:
        """Where the log goes."""

    def shut_down(self) -> None:
        """End the daemon."""

    def set_timeout(self, seconds: int) -> None:
        """End the daemon when nobody has been there for so long; 0 means never."""

    def reload_tls(self) -> None:
        """Read keys and certificates again."""


class AdminState:
    """A client of the admin server."""

    def __init__(self, connection: ClientConnection, control: Control) -> None:
        """Begin closed."""
        self.connection = connection
        self.control = control
        self.opened = False
        self.uri = Uri(scheme="libvirtd", path="/system")
        self.read_only = False

    @property
    def client(self) -> ClientIdentity:
        """Who the client is."""
        return self.connection.identity

    @property
    def closed(self) -> bool:
        """Is the connection gone?"""
        return self.connection.closed

    def session_for(self, call: Call[Any, ..., Any]) -> Session:
        """There are no drivers here."""
        raise NoSupport(call.spelled, domain=ErrorDomain.ADMIN)

    def on_close(self, key: object, callback: Any) -> None:
        """Nothing here ends with a connection."""
        raise NoSupport("on_close", domain=ErrorDomain.ADMIN)

    async def authorize(self, call: Call[Any, ..., Any], args: tuple[Any, ...], subject: Handle) -> None:
        """Who may connect to the admin socket may do everything."""

    async def visible(self, call: Call[Any, ..., Any], handles: Iterable[H]) -> list[H]:
        """Who may connect to the admin socket sees everything."""
        return list(handles)

    async def close(self) -> None:
        """Nothing is kept."""
