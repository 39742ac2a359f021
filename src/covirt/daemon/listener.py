# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sockets on which clients arrive."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from covirt.api.request import ClientIdentity
from covirt.daemon.connection import ClientConnection, Origin, Transport
from covirt.daemon.identity import identity_of
from covirt.errors import SystemCallFailed
from covirt.rpc.link import Link, TlsLink
from covirt.runtime.log import get

if TYPE_CHECKING:
    from covirt.daemon.auth import Authentication
    from covirt.daemon.server import Server

log = get("daemon.listener")

BACKLOG = 1024
_PAUSE = 1.0
_AT_ONCE = 16


class Listener:
    """One listening socket and what is true of those who come by it."""

    def __init__(
        self,
        server: Server,
        sock: socket.socket,
        *,
        transport: Transport,
        authentication: Callable[[Origin, ClientIdentity], Authentication],
        read_only: bool = False,
        tls: Callable[[], ssl.SSLContext] | None = None,
        check_certificate: Callable[[ssl.SSLObject], str | None] | None = None,
        path: Path | None = None,
    ) -> None:
        """Take over a bound socket; nobody is accepted before the server says so."""
        self.server = server
        self.sock = sock
        self.transport = transport
        self.read_only = read_only
        self.path = path
        self._authentication = authentication
        self._tls = tls
        self._check_certificate = check_certificate
        self._loop = asyncio.get_running_loop()
        self._wanted = self._accepting = self._pausing = False
        sock.setblocking(False)

    def accept_more(self, wanted: bool) -> None:
        """Accept clients, or let them wait."""
        self._wanted = wanted
        should = wanted and not self._pausing and self.sock.fileno() >= 0
        if should and not self._accepting:
            self._loop.add_reader(self.sock.fileno(), self._arrived)
        elif not should and self._accepting:
            self._loop.remove_reader(self.sock.fileno())
        self._accepting = should

    def close(self) -> None:
        """Accept nobody any more; a socket with a name loses it."""
        self.accept_more(False)
        self.sock.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def _arrived(self) -> None:
        for _ in range(_AT_ONCE):
            if not self._accepting:
                return
            try:
                sock, address = self.sock.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._pause(error)
                return
            self._welcome(sock, address)

    def _pause(self, error: OSError) -> None:
        """Without free descriptors nobody can be accepted; try again when some may be free."""
        if error.errno not in (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS):
            log.error("no client can be accepted", error=str(error))
        log.warning("clients have to wait", error=str(error))
        self._pausing = True
        self.accept_more(self._wanted)
        self._loop.call_later(_PAUSE, self._resume)

    def _resume(self) -> None:
        self._pausing = False
        self.accept_more(self._wanted)

    def _welcome(self, sock: socket.socket, address: object) -> None:
        if self.transport is not Transport.UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        origin = Origin(transport=self.transport, address=_shown(sock, address), read_only=self.read_only)
        identity = identity_of(sock)
        client = self.server.add_client(origin, identity, self._authentication(origin, identity))
        if self._tls is None:
            client.attach(Link(sock, client.receive, client.lost))
        else:
            self._welcome_tls(client, sock, self._tls())

    def _welcome_tls(self, client: ClientConnection, sock: socket.socket, context: ssl.SSLContext) -> None:
        """Shake hands, look at the certificate, and say with one byte that the client is welcome."""

        def secure() -> None:
            refusal = None
            try:
                name = self._check_certificate(link.tls) if self._check_certificate else None
            except Exception as error:
                refusal = error
            if refusal is not None:
                log.warning("a certificate is refused", client=client, reason=str(refusal))
                link.abort()
                return
            cipher = link.tls.cipher()
            client.origin = replace(client.origin, key_bits=cipher[2] if cipher else 0)
            if name:
                client.identity = replace(client.identity, x509_name=name)
            link.write(b"\1")

        link = TlsLink(sock, context, client.receive, client.lost, secure, server_side=True)
        client.attach(link)


def _shown(sock: socket.socket, address: object) -> str:
    """The address in the form of the admin interface."""
    if sock.family == socket.AF_UNIX or not isinstance(address, tuple):
        return "127.0.0.1:0"
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def bind_unix(path: Path, mode: int, group: int | None = None) -> socket.socket:
    """A socket with a name; a leftover name that nobody listens on is taken over."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        old = os.umask(~mode & 0o777)
        try:
            sock.bind(str(path))
        finally:
            os.umask(old)
        if group is not None:
            os.chown(path, -1, group)
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise SystemCallFailed.from_oserror(error, f"Failed to bind socket to '{path}'") from error
    return sock


def bind_tcp(host: str | None, port: str) -> list[socket.socket]:
    """Sockets for all addresses that a host name and a port or service name stand for."""
    found = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_ADDRCONFIG
    )
    sockets: list[socket.socket] = []
    for family, kind, protocol, _, address in found:
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            sock.bind(address)
            sock.listen(BACKLOG)
        except OSError as error:
            sock.close()
            for other in sockets:
                other.close()
            raise SystemCallFailed.from_oserror(error, f"Unable to bind to port {port}") from error
        sockets.append(sock)
    return sockets
