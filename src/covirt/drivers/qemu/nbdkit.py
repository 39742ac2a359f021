# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line of nbdkit, which reads a network disk in QEMU's place and serves it over a socket."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from covirt.drivers.qemu.devices.storage import cookie_text, web_address
from covirt.drivers.qemu.ready.nbdkit import PLUGINS
from covirt.errors import NoSupport
from covirt.model.common.secret import Auth
from covirt.model.common.storage_network import NetworkLocation, StorageProtocol
from covirt.model.common.storage_source import StorageSource

READAHEAD = "filter-readahead"
"""The ability to read ahead."""

Give = Callable[[Auth | str], int]
"""Gives a secret or a text to the program through a pipe: nobody can see it there. The number is the pipe's end."""


@dataclass(slots=True, kw_only=True)
class NbdkitCommand:
    """How nbdkit is started."""

    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def nbdkit_command(
    binary: str, socket: str, source: StorageSource, give: Give, *, readonly: bool, abilities: Collection[str] = ()
) -> NbdkitCommand:
    """Serve a source on a socket."""
    location = source.actual
    if not isinstance(location, NetworkLocation) or location.protocol not in PLUGINS:
        protocol = location.protocol if isinstance(location, NetworkLocation) else location.type
        raise NoSupport(f"protocol '{protocol}' is not supported by nbdkit")
    arguments = [binary, "--unix", socket, "--foreground"]
    if readonly:
        arguments.append("--readonly")
    if location.readahead and READAHEAD in abilities:
        arguments += ["--filter=readahead"]
    plugin = PLUGINS[location.protocol]
    settings = _ssh(source, location, give) if plugin == "ssh" else _curl(source, location, give)
    arguments += [plugin, *(f"{name}={value}" for name, value in settings)]
    agent = location.identity.agentsock if location.identity else None
    return NbdkitCommand(arguments=arguments, environment={"SSH_AUTH_SOCK": agent} if agent else {})


def _auth(auth: Auth, give: Give) -> Iterator[tuple[str, object]]:
    yield "user", auth.username
    yield "password", f"-{give(auth)}"


def _curl(source: StorageSource, location: NetworkLocation, give: Give) -> Iterator[tuple[str, object]]:
    # A server may send us from plain to encrypted.
    yield "protocols", "http,https" if location.protocol is StorageProtocol.HTTP else location.protocol
    yield "url", web_address(location)
    if source.auth:
        yield from _auth(source.auth, give)
    if cookies := cookie_text(location):
        yield "cookie", f"-{give(cookies)}"
    if location.ssl_verify is False:
        yield "sslverify", "false"
    if location.timeout:
        yield "timeout", location.timeout


def _ssh(source: StorageSource, location: NetworkLocation, give: Give) -> Iterator[tuple[str, object]]:
    host, identity = location.hosts[0], location.identity
    yield "host", host.name
    yield "port", host.port
    yield "path", location.name
    if source.auth:
        yield from _auth(source.auth, give)
    elif identity:
        if identity.keyfile:
            yield "identity", identity.keyfile
        if identity.username:
            yield "user", identity.username
    if not location.host_key_check:
        yield "verify-remote-host", "false"
    if location.known_hosts:
        yield "known-hosts", location.known_hosts
