# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon as a whole: its servers and sockets, its life from start to end.

daemon = Daemon(Places.of(root), settings)
await daemon.run()
"""

from __future__ import annotations

import asyncio
import grp
import os
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from covirt.access.authority import Authority
from covirt.access.polkit import PolkitAccess
from covirt.api.connect.auth import AuthType
from covirt.api.request import ClientIdentity
from covirt.api.themes import Program
from covirt.daemon import calls
from covirt.daemon.activation import Role, handed_over, notify
from covirt.daemon.admin_state import AdminState
from covirt.daemon.auth import Authentication, SaslPolicy
from covirt.daemon.client_state import HypervisorState
from covirt.daemon.connection import ClientConnection, Origin, Transport
from covirt.daemon.dispatch import Dispatcher
from covirt.daemon.driver_pool import DriverPool
from covirt.daemon.listener import Listener, bind_tcp, bind_unix
from covirt.daemon.logs import DaemonLogs
from covirt.daemon.pipeline import AccessManager, Everything
from covirt.daemon.sasl_users import SaslUsers
from covirt.daemon.server import Server
from covirt.daemon.settings import AuthName, DaemonSettings
from covirt.daemon.tls import ServerTls
from covirt.drivers.driver import Surroundings
from covirt.errors import ErrorDomain, InternalError
from covirt.runtime.log import get
from covirt.runtime.roots import Roots

log = get("daemon")

GRACE = 10.0
_METHODS = {AuthName.NONE: AuthType.NONE, AuthName.SASL: AuthType.SASL, AuthName.POLKIT: AuthType.POLKIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What is decided at the command line."""

    root: Path | None = None
    program: str = "libvirtd"
    listen: bool = False
    timeout: int = 0
    privileged: bool
    also: tuple[str, ...] = ()
    """Other daemons whose sockets are served, too, such as virtqemud."""

    @property
    def roots(self) -> Roots:
        """Where everything lies."""
        if self.root is not None:
            return Roots.system(sysconf=self.root / "etc", run=self.root / "run", var=self.root / "var")
        return Roots.system() if self.privileged else Roots.session()


class Daemon:
    """A running daemon."""

    def __init__(self, setup: Setup, settings: DaemonSettings) -> None:
        """Make its parts; nothing listens yet."""
        self.setup = setup
        self.settings = settings
        self.logs = DaemonLogs(settings.log_level, settings.log_filters or "", settings.log_outputs or "")
        self.authority = Authority()
        self.pool = DriverPool(Surroundings(root=setup.root, privileged=setup.privileged))
        self.timeout = setup.timeout
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        self._idle: asyncio.TimerHandle | None = None
        self._tls: ServerTls | None = None
        users = SaslUsers(setup.roots.config / "sasl_users")
        self._sasl = SaslPolicy(users, settings.sasl_allowed_username_list, settings.tcp_min_ssf)
        access = self._access()
        main = Dispatcher((Program.REMOTE, Program.QEMU, Program.LXC), calls.HYPERVISOR)
        admin = Dispatcher((Program.ADMIN,), calls.ADMIN)
        self.main = Server(
            setup.program,
            main,
            settings.limits(),
            lambda client: HypervisorState(client, self.pool, access, self._default_uri()),
            self._idle_changed,
        )
        self.admin = Server("admin", admin, settings.admin_limits(), lambda client: AdminState(client, self))

    @property
    def servers(self) -> Mapping[str, Server]:
        """All servers by name."""
        return {self.main.name: self.main, self.admin.name: self.admin}

    async def run(self) -> None:
        """Serve until somebody ends it."""
        self.logs.start()
        try:
            await self.start()
            self._loop.add_signal_handler(signal.SIGHUP, self.reload)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
                self._loop.add_signal_handler(number, self.shut_down)
            notify("READY=1", os.environ)
            await self._end.wait()
            notify("STOPPING=1", os.environ)
            await self.close()
        finally:
            self.logs.stop()

    async def start(self) -> None:
        """Listen."""
        given = handed_over(self.setup.program, os.environ)
        if given:
            self._use(given)
        else:
            self._listen()
        if self.setup.listen:
            self._listen_network()
        self.main.start()
        self.admin.start()
        self._idle_changed()
        log.info("listening", directory=str(self._socket_directory()))

    async def close(self) -> None:
        """Listen no more, let calls under way end, and then end everything."""
        if self._idle is not None:
            self._idle.cancel()
        await asyncio.gather(self.main.close(GRACE), self.admin.close(GRACE))
        await self.pool.close()
        await self.authority.close()

    # Sockets

    def _socket_directory(self) -> Path:
        return Path(self.settings.unix_sock_dir) if self.settings.unix_sock_dir else self.setup.roots.run

    def _listen(self) -> None:
        """The UNIX sockets at their usual places."""
        system = self.setup.privileged
        group = _group(self.settings.unix_sock_group) if system else None
        prefixes = ("libvirt" if self.setup.program == "libvirtd" else self.setup.program, *self.setup.also)
        for prefix in prefixes:
            path = self._socket_directory() / f"{prefix}-sock"
            self._add_unix(bind_unix(path, self._rw_mode(), group), path, Role.READ_WRITE)
            if system:
                path = self._socket_directory() / f"{prefix}-sock-ro"
                mode = int(self.settings.unix_sock_ro_perms, 8)
                self._add_unix(bind_unix(path, mode, group), path, Role.READ_ONLY)
            path = self._socket_directory() / f"{prefix}-admin-sock"
            mode = int(self.settings.unix_sock_admin_perms, 8)
            self._add_unix(bind_unix(path, mode, group), path, Role.ADMIN)

    def _rw_mode(self) -> int:
        if self.settings.unix_sock_rw_perms is not None:
            return int(self.settings.unix_sock_rw_perms, 8)
        return 0o777 if self._unix_method(Role.READ_WRITE) is AuthType.POLKIT else 0o700

    def _use(self, given: Mapping[Role, list[socket.socket]]) -> None:
        """Sockets that were handed over."""
        for role, sockets in given.items():
            for sock in sockets:
                if role is Role.TLS:
                    self._add_network(sock, Transport.TLS)
                elif role is Role.TCP:
                    self._add_network(sock, Transport.TCP)
                else:
                    self._add_unix(sock, None, role)

    def _listen_network(self) -> None:
        if self.settings.listen_tls:
            for sock in bind_tcp(self.settings.listen_addr, self.settings.tls_port):
                self._add_network(sock, Transport.TLS)
        if self.settings.listen_tcp:
            for sock in bind_tcp(self.settings.listen_addr, self.settings.tcp_port):
                self._add_network(sock, Transport.TCP)

    def _add_unix(self, sock: socket.socket, path: Path | None, role: Role) -> None:
        server = self.admin if role is Role.ADMIN else self.main
        method = AuthType.NONE if role is Role.ADMIN else self._unix_method(role)
        server.listeners.append(
            Listener(
                server,
                sock,
                transport=Transport.UNIX,
                authentication=self._authentication(method),
                read_only=role is Role.READ_ONLY,
                path=path,
            )
        )

    def _add_network(self, sock: socket.socket, transport: Transport) -> None:
        secure = transport is Transport.TLS
        method = _METHODS[self.settings.auth_tls if secure else self.settings.auth_tcp]
        if secure and self._tls is None:
            self._tls = ServerTls(self.settings)
        self.main.listeners.append(
            Listener(
                self.main,
                sock,
                transport=transport,
                authentication=self._authentication(method),
                tls=self._tls.context if self._tls is not None and secure else None,
                check_certificate=self._tls.check if self._tls is not None and secure else None,
            )
        )

    # Who clients are and what they may do

    def _unix_method(self, role: Role) -> AuthType:
        stated = self.settings.auth_unix_ro if role is Role.READ_ONLY else self.settings.auth_unix_rw
        if stated is not None:
            return _METHODS[stated]
        return AuthType.POLKIT if self.setup.privileged else AuthType.NONE

    def _authentication(self, method: AuthType) -> _MakeAuthentication:
        return _MakeAuthentication(method, self._sasl, self.authority)

    def _access(self) -> AccessManager:
        wanted = [name for name in self.settings.access_drivers or [] if name != "none"]
        if not wanted:
            return Everything()
        if wanted != ["polkit"]:
            raise InternalError(f"Failed to find security driver '{wanted[0]}'", domain=ErrorDomain.ACCESS)
        return PolkitAccess(self.authority)

    def _default_uri(self) -> str:
        """What clients get that name no URI."""
        return f"qemu:///{'system' if self.setup.privileged else 'session'}"

    # What an administrator may do

    def shut_down(self) -> None:
        """End the daemon; guests run on."""
        self._end.set()

    def reload(self) -> None:
        """Read keys and certificates again, and drop what is cached of settings."""
        log.info("reloading")
        notify("RELOADING=1", os.environ)
        self.reload_tls()
        notify("READY=1", os.environ)

    def reload_tls(self) -> None:
        """Read keys and certificates again."""
        if self._tls is not None:
            self._tls.reload()

    def set_timeout(self, seconds: int) -> None:
        """End the daemon when nobody has been there for so long; 0 means never."""
        self.timeout = seconds
        self._idle_changed()

    def _idle_changed(self) -> None:
        """Count from the moment when the last client went and no driver is in use."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self.timeout > 0 and not self.main.clients:
            self._idle = self._loop.call_later(self.timeout, self.shut_down)


@dataclass(frozen=True, slots=True)
class _MakeAuthentication:
    """Begins the authentication of each client of a socket."""

    method: AuthType
    sasl: SaslPolicy
    authority: Authority

    def __call__(self, origin: Origin, identity: ClientIdentity) -> Authentication:
        """For one client."""
        return Authentication(self.method, origin, identity, sasl=self.sasl, polkit=self.authority)


def _group(name: str | None) -> int | None:
    if name is None:
        return None
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise InternalError(f"Failed to lookup group '{name}'") from None


__all__ = ["ClientConnection", "Daemon", "Setup"]
