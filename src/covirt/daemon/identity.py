# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who is at the other end of a socket, as far as the kernel knows."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import socket
import struct
from dataclasses import dataclass

from covirt.api.request import ClientIdentity
from covirt.runtime.exits import start_time

_SO_PEERSEC = 31
_CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class Peer:
    """The process at the other end of a UNIX socket."""

    pid: int
    uid: int
    gid: int


def peer_of(sock: socket.socket) -> Peer | None:
    """The process that connected; none for sockets of the network."""
    if sock.family != socket.AF_UNIX:
        return None
    return Peer(*_CREDENTIALS.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)))


def identity_of(sock: socket.socket) -> ClientIdentity:
    """All that can be known about the peer at once."""
    peer = peer_of(sock)
    if peer is None:
        return ClientIdentity()
    return ClientIdentity(
        user_name=user_name(peer.uid),
        user_id=peer.uid,
        group_name=group_name(peer.gid),
        group_id=peer.gid,
        process_id=peer.pid,
        process_time=start_time(peer.pid),
        selinux_context=_context(sock),
    )


def user_name(uid: int) -> str | None:
    """The name of a user; an unknown one has none."""
    with contextlib.suppress(KeyError):
        return pwd.getpwuid(uid).pw_name
    return None


def group_name(gid: int) -> str | None:
    """The name of a group; an unknown one has none."""
    with contextlib.suppress(KeyError):
        return grp.getgrgid(gid).gr_name
    return None


def _context(sock: socket.socket) -> str | None:
    """The security label of the peer, where labels are in use."""
    try:
        return os.fsdecode(sock.getsockopt(socket.SOL_SOCKET, _SO_PEERSEC, 256).rstrip(b"\0"))
    except OSError:
        return None
