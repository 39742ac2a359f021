# SPDX-License-Identifier: LGPL-2.1-or-later
"""From a target to a connected socket; each step may block, so the event loop's users call it in a thread."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from covirt.client.transports.commands import command_environment, ext_command, ssh_command
from covirt.client.transports.places import Certificates, Daemon, daemon_of
from covirt.client.transports.target import Target, Transport
from covirt.errors import ErrorDomain, RpcError, SystemCallFailed


@dataclass(slots=True)
class Opened:
    """A connected socket, and what stands behind it."""

    sock: socket.socket
    process: subprocess.Popen[bytes] | None = None

    def complaint(self) -> str:
        """What the command that carries the connection had to say; may be asked when the connection is gone."""
        if self.process is None or self.process.stderr is None:
            return ""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1.0)
        os.set_blocking(self.process.stderr.fileno(), False)
        return (self.process.stderr.read() or b"").decode(errors="replace").strip()

    def close(self) -> None:
        """Let go of the command; closing its input is what ends it."""
        self.sock.close()
        if self.process is None:
            return
        if self.process.stderr is not None:
            self.process.stderr.close()
        try:
            self.process.wait(0.5)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait()


def open_socket(target: Target, env: Mapping[str, str], *, autostart: bool = True) -> Opened:
    """Connect by the way that the target names."""
    match target.transport:
        case Transport.UNIX:
            return Opened(_open_unix(daemon_of(target, env), env, autostart=autostart and target.session))
        case Transport.TCP | Transport.TLS:
            return Opened(_open_tcp(target.host or "localhost", target.port))
        case Transport.EXT:
            return _open_command(ext_command(target), env)
        case _:
            return _open_command(ssh_command(target, env), env)


def _open_unix(daemon: Daemon, env: Mapping[str, str], *, autostart: bool) -> socket.socket:
    """Connect to a daemon; a user's own daemon is started if it does not run."""
    try:
        return _connect_unix(daemon.socket)
    except (FileNotFoundError, ConnectionRefusedError) as error:
        if not autostart or env.get("LIBVIRT_AUTOSTART") == "0":
            raise _failed(error, f"Failed to connect socket to '{daemon.socket}'") from error
    except OSError as error:
        raise _failed(error, f"Failed to connect socket to '{daemon.socket}'") from error
    return _start_daemon(daemon, env)


def _connect_unix(path: Path) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(str(path))
    except BaseException:
        sock.close()
        raise
    return sock


def _start_daemon(daemon: Daemon, env: Mapping[str, str]) -> socket.socket:
    """Start a user's daemon on a socket that already listens, so that nobody waits for it to appear."""
    run = daemon.socket.parent
    run.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(run / f"{daemon.program}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with contextlib.suppress(OSError):
            return _connect_unix(daemon.socket)  # somebody else was faster
        daemon.socket.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
            listening.bind(str(daemon.socket))
            listening.listen(128)
            _run_daemon(daemon, listening, env)
        return _connect_unix(daemon.socket)


_ACTIVATE = """
exec 3<&0 </dev/null
export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES="$1"
shift
exec "$@"
"""
"""Hand over a socket as systemd does; the number of the process must be that of the daemon itself."""


def _run_daemon(daemon: Daemon, listening: socket.socket, env: Mapping[str, str]) -> None:
    program = env.get("VIRTD_PATH") or env.get("LIBVIRTD_PATH") or daemon.program
    name = f"{daemon.program}.socket"
    process = subprocess.Popen(
        ["/bin/sh", "-c", _ACTIVATE, "sh", name, program, "--timeout=120"],
        stdin=listening.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(env),
        start_new_session=True,
    )
    _started.append(process)


_started: list[subprocess.Popen[bytes]] = []
"""Daemons that this process has started; they outlive it."""


def _open_tcp(host: str, port: int) -> socket.socket:
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise SystemCallFailed(
            f"Unable to resolve address '{host}' service '{port}': {error.strerror}", domain=ErrorDomain.RPC
        ) from error
    problem: OSError | None = None
    for family, kind, protocol, _, address in addresses:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        except OSError as error:
            sock.close()
            problem = error
    assert problem is not None
    raise _failed(problem, f"unable to connect to server at '{host}:{port}'")


def _open_command(argv: list[str], env: Mapping[str, str]) -> Opened:
    """Run a command with a socket as its standard input and output."""
    ours, theirs = socket.socketpair()
    try:
        process = subprocess.Popen(
            argv,
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=subprocess.PIPE,
            env=command_environment(env),
        )
    except OSError as error:
        ours.close()
        raise _failed(error, f"cannot run {argv[0]}") from error
    finally:
        theirs.close()
    return Opened(ours, process)


def _failed(error: OSError, what: str) -> SystemCallFailed:
    failed = SystemCallFailed.from_oserror(error, what)
    failed.domain = ErrorDomain.RPC
    return failed


def tls_context(target: Target, uid: int, home: Path) -> ssl.SSLContext:
    """The client's side of TLS: whom it trusts and who it is."""
    files = Certificates.of(target, uid, home)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if target.no_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        if files.ca.exists() or not target.no_verify:
            context.load_verify_locations(str(files.ca))
        if files.crl.exists():
            context.load_verify_locations(str(files.crl))
            context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF
        if files.cert.exists() and files.key.exists():
            context.load_cert_chain(str(files.cert), str(files.key))
    except FileNotFoundError as error:
        raise SystemCallFailed.from_oserror(error, f"Cannot read CA certificate '{files.ca}'") from error
    except ssl.SSLError as error:
        raise RpcError(f"Unable to load certificates: {error.reason}") from error
    return context
