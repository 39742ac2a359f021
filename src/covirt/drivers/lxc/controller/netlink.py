# SPDX-License-Identifier: LGPL-2.1-or-later
"""The few netlink requests that a container's network needs, in the namespace of the process that sends them."""

from __future__ import annotations

import ipaddress
import os
import socket
import struct

_NEWLINK, _NEWADDR, _NEWROUTE = 16, 20, 24
_REQUEST, _ACK, _EXCL, _CREATE = 0x1, 0x4, 0x200, 0x400
_IFNAME, _NET_NS_PID = 3, 19
_UP = 1
_IFA_ADDRESS, _IFA_LOCAL = 1, 2
_DST, _OIF, _GATEWAY, _PRIORITY = 1, 4, 5, 6
_MAIN_TABLE, _BOOT, _UNIVERSE, _UNICAST = 254, 3, 0, 1


def set_up(name: str) -> None:
    """Bring an interface up."""
    _ask(_NEWLINK, struct.pack("=BxHiII", 0, 0, socket.if_nametoindex(name), _UP, _UP))


def rename(name: str, new: str) -> None:
    """Give an interface another name."""
    body = struct.pack("=BxHiII", 0, 0, socket.if_nametoindex(name), 0, 0)
    _ask(_NEWLINK, body + _attribute(_IFNAME, new.encode() + b"\0"))


def move(name: str, pid: int) -> None:
    """Move an interface into the network namespace of a process."""
    body = struct.pack("=BxHiII", 0, 0, socket.if_nametoindex(name), 0, 0)
    _ask(_NEWLINK, body + _attribute(_NET_NS_PID, struct.pack("=I", pid)))


def add_address(name: str, address: str, prefix: int, peer: str | None = None) -> None:
    """Give an interface an address."""
    local = ipaddress.ip_address(address)
    other = ipaddress.ip_address(peer) if peer else local
    body = struct.pack("=BBBBi", _family(local), prefix, 0, _UNIVERSE, socket.if_nametoindex(name))
    body += _attribute(_IFA_LOCAL, local.packed) + _attribute(_IFA_ADDRESS, other.packed)
    _ask(_NEWADDR, body, _CREATE | _EXCL)


def add_route(name: str, network: str, prefix: int, gateway: str, metric: int | None = None) -> None:
    """Send what is for a network through a gateway."""
    target, through = ipaddress.ip_address(network), ipaddress.ip_address(gateway)
    body = struct.pack("=BBBBBBBBI", _family(through), prefix, 0, 0, _MAIN_TABLE, _BOOT, _UNIVERSE, _UNICAST, 0)
    if prefix:
        body += _attribute(_DST, target.packed)
    body += _attribute(_GATEWAY, through.packed) + _attribute(_OIF, struct.pack("=i", socket.if_nametoindex(name)))
    if metric is not None:
        body += _attribute(_PRIORITY, struct.pack("=I", metric))
    _ask(_NEWROUTE, body, _CREATE | _EXCL)


def _family(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> int:
    return int(socket.AF_INET if address.version == 4 else socket.AF_INET6)


def _attribute(kind: int, data: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def _ask(kind: int, body: bytes, flags: int = 0) -> None:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE) as sock:
        sock.bind((0, 0))
        sock.send(struct.pack("=IHHII", 16 + len(body), kind, _REQUEST | _ACK | flags, 1, 0) + body)
        answer = sock.recv(65536)
    number = -int(struct.unpack_from("=i", answer, 16)[0])
    if number:
        raise OSError(number, os.strerror(number))
