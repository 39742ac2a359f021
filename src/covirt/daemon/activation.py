# SPDX-License-Identifier: LGPL-2.1-or-later
"""What systemd hands over: sockets that already listen, and where to say that the daemon is ready."""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping
from enum import StrEnum

from covirt.runtime.log import get

log = get("daemon.activation")

_FIRST = 3


class Role(StrEnum):
    """What a handed over socket is for; the value is the end of its unit's name."""

    READ_WRITE = ""
    READ_ONLY = "-ro"
    ADMIN = "-admin"
    TCP = "-tcp"
    TLS = "-tls"


def handed_over(program: str, env: MutableMapping[str, str]) -> dict[Role, list[socket.socket]]:
    """The sockets that were handed to this process; the variables that tell of them are taken away."""
    count, pid = int(env.pop("LISTEN_FDS", "0")), env.pop("LISTEN_PID", None)
    names = env.pop("LISTEN_FDNAMES", "").split(":")
    found: dict[Role, list[socket.socket]] = {}
    if pid is None or int(pid) != os.getpid():
        return found
    for at in range(count):
        fd = _FIRST + at
        os.set_inheritable(fd, False)
        name = names[at] if at < len(names) else ""
        sock = socket.socket(fileno=fd)
        found.setdefault(_role(program, name, sock), []).append(sock)
    return found


def _role(program: str, name: str, sock: socket.socket) -> Role:
    """What a unit's name says; without a name, what the address says."""
    stem = name.removesuffix(".socket")
    for role in Role:
        if stem == f"{program}{role}":
            return role
    if sock.family != socket.AF_UNIX:
        return Role.TLS if sock.getsockname()[1] == 16514 else Role.TCP
    path = str(sock.getsockname())
    if path.endswith("-admin-sock"):
        return Role.ADMIN
    return Role.READ_ONLY if path.endswith("-sock-ro") else Role.READ_WRITE


def notify(state: str, env: MutableMapping[str, str]) -> None:
    """Tell the service manager how we are, if there is one."""
    address = env.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        try:
            sock.sendto(state.encode(), address)
        except OSError as error:
            log.warning("the service manager does not listen", address=address, error=str(error))
