# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a URI says about the way to a daemon, and which URI the daemon is then told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from covirt.errors import ErrorDomain, InvalidArg
from covirt.uri import Uri

C = TypeVar("C", bound=StrEnum)


class Transport(StrEnum):
    """The ways to a daemon."""

    UNIX = "unix"
    TCP = "tcp"
    TLS = "tls"
    SSH = "ssh"
    LIBSSH = "libssh"
    LIBSSH2 = "libssh2"
    EXT = "ext"


class Mode(StrEnum):
    """Which daemon is wanted: the one of a driver, the one for all, or whichever is there."""

    AUTO = "auto"
    LEGACY = "legacy"
    DIRECT = "direct"


class Proxy(StrEnum):
    """What passes bytes on at the far end of ssh."""

    AUTO = "auto"
    NETCAT = "netcat"
    NATIVE = "native"


PORTS = {Transport.TCP: 16509, Transport.TLS: 16514}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A way to a daemon, in all its details; `name` is the URI that the daemon gets."""

    transport: Transport
    driver: str | None
    name: str
    host: str | None = None
    user: str | None = None
    port: int = 0
    session: bool = False
    read_only: bool = False
    socket: str | None = None
    command: str | None = None
    netcat: str | None = None
    keyfile: str | None = None
    auth: str | None = None
    authfile: str | None = None
    known_hosts: str | None = None
    known_hosts_verify: str | None = None
    sshauth: str | None = None
    pkipath: str | None = None
    tls_priority: str | None = None
    no_verify: bool = False
    no_tty: bool = False
    no_sanity: bool = False
    mode: Mode = Mode.AUTO
    proxy: Proxy = Proxy.AUTO


_TEXTS = (
    "socket", "command", "netcat", "keyfile", "auth", "authfile", "known_hosts", "known_hosts_verify", "sshauth",
    "pkipath", "tls_priority",
)  # fmt: skip
_SWITCHES = ("no_verify", "no_tty", "no_sanity")
_OURS = ("name", "mode", "proxy", *_TEXTS, *_SWITCHES)


def target_of(uri: Uri | None, *, uid: int, read_only: bool = False, mode: str | None = None) -> Target:
    """Read a URI; `mode` is the default of the client's configuration. Without a URI the local daemon is meant."""
    if uri is None:
        return Target(transport=Transport.UNIX, driver=None, name="", session=uid != 0, read_only=read_only)
    transport = _transport(uri)
    driver = None if uri.driver == "remote" else uri.driver
    values: dict[str, Any] = {name: uri.parameter(name) for name in _TEXTS}
    values |= {name: _switch(uri, name) for name in _SWITCHES}
    session = uri.path == "/session" or (uid != 0 and uri.driver == "test")
    ssh = transport in (Transport.SSH, Transport.LIBSSH, Transport.LIBSSH2)
    return Target(
        transport=transport,
        driver=driver,
        name=_name(uri),
        host=uri.host or ("localhost" if transport not in (Transport.UNIX, Transport.EXT) else None),
        user=uri.user,
        port=uri.port or PORTS.get(transport, 0),
        session=session,
        read_only=read_only,
        mode=_choice(uri, "mode", Mode, mode or "auto", lambda text: f"Unknown remote mode '{text}'"),
        proxy=_choice(uri, "proxy", Proxy, _default_proxy(uri, session), lambda text: f"Unnkown proxy type '{text}'")
        if ssh
        else Proxy.AUTO,
        **values,
    )


def _transport(uri: Uri) -> Transport:
    """The transport named in the scheme, or the usual one."""
    if uri.transport is None:
        return Transport.TLS if uri.host else Transport.UNIX
    try:
        transport = Transport(uri.transport)
    except ValueError:
        raise InvalidArg(
            "transport in URL not recognised (should be unix|ssh|libssh2|libssh|tls|tcp|ext)",
            domain=ErrorDomain.REMOTE,
            about=str(uri),
        ) from None
    if transport is Transport.UNIX and uri.host:
        raise InvalidArg(
            f"using unix socket and remote server '{uri.host}' is not supported.", domain=ErrorDomain.REMOTE
        )
    return transport


def _name(uri: Uri) -> str:
    """The URI that the daemon is told: all that concerns the way to it is left out."""
    stated = uri.parameter("name")
    if stated is not None:
        return stated
    if uri.driver == "remote":
        return ""
    return str(uri.local().without(_OURS))


def _default_proxy(uri: Uri, session: bool) -> str:
    if uri.parameter("socket") or uri.parameter("netcat"):
        return Proxy.NETCAT
    return Proxy.NATIVE if session else Proxy.AUTO


def _switch(uri: Uri, name: str) -> bool:
    text = uri.parameter(name)
    if text is None:
        return False
    try:
        return int(text, 10) != 0
    except ValueError:
        raise InvalidArg(f"Failed to parse value of URI component {name}", domain=ErrorDomain.REMOTE) from None


def _choice(uri: Uri, name: str, kind: type[C], default: str, refusal: Callable[[str], str]) -> C:
    text = uri.parameter(name) or default
    try:
        return kind(text)
    except ValueError:
        raise InvalidArg(refusal(text), domain=ErrorDomain.REMOTE) from None
