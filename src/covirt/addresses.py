# SPDX-License-Identifier: LGPL-2.1-or-later
"""Numeric IP addresses, and what one asks of them: networks, ranges, wildcards."""

from __future__ import annotations

import ipaddress
import socket

from covirt.errors import InternalError, SystemCallFailed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LARGEST_RANGE = 65535
"""A range may not reach further than this beyond its start."""


def parse_address(text: str, family: int = socket.AF_UNSPEC) -> Address:
    """Read a numeric address as the C library does, old spellings like `127.1` or `0x7f000001` included."""
    try:
        found = socket.getaddrinfo(text, None, family=family, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return ipaddress.ip_address(found[0][4][0])
    except (OSError, ValueError, UnicodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else problem
        raise SystemCallFailed(f"Cannot parse socket address '{text}': {reason}") from None


def format_address(address: Address) -> str:
    """The form that the C library gives; Python's own has no dots in IPv6 addresses that hold an IPv4 address."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    return socket.inet_ntop(family, address.packed)


def numeric_family(text: str) -> socket.AddressFamily | None:
    """The family of a numeric address; None for anything else, as a host name."""
    try:
        address = parse_address(text)
    except SystemCallFailed:
        return None
    return socket.AF_INET if address.version == 4 else socket.AF_INET6


def is_numeric_localhost(text: str) -> bool:
    """Whether a text is the address that every machine has for itself."""
    if numeric_family(text) is None:
        return False
    address = parse_address(text)
    return str(address) in ("127.0.0.1", "::1")


def same_network(one: Address, other: Address, netmask: Address) -> bool | None:
    """Whether two addresses are in one network; None when the question makes no sense."""
    if not one.version == other.version == netmask.version or not is_netmask(netmask):
        return None
    return int(one) & int(netmask) == int(other) & int(netmask)


def is_netmask(address: Address) -> bool:
    """Whether all one bits stand before all zero bits."""
    host = int(address) ^ (1 << address.max_prefixlen) - 1
    return host & host + 1 == 0


def range_size(start: Address, end: Address, network: Address | None = None, prefix: int = 0) -> int:
    """How many addresses there are from start to end; the range must make sense, and lie in the network if given."""
    shown = f"{format_address(start)} - {format_address(end)}"
    if start.version != end.version:
        raise InternalError(f"mismatch of address family in range {shown}")
    if network is not None:
        _check_inside(start, end, network, prefix)
    distance = int(end) - int(start)
    too_large = InternalError(f"range {shown} is too large (> {LARGEST_RANGE})")
    if start.version == 6:
        # Only the last group of an IPv6 address may differ.
        if int(start) >> 16 != int(end) >> 16:
            raise too_large
        if distance < 0:
            raise InternalError(f"range {shown} start larger than end")
        return distance + 1
    if distance < 0:
        raise InternalError(f"range {shown} is reversed ")
    if distance > LARGEST_RANGE:
        raise too_large
    return distance + 1


def _check_inside(start: Address, end: Address, network: Address, prefix: int) -> None:
    shown, place = f"{format_address(start)} - {format_address(end)}", f"{format_address(network)}/{prefix}"
    if start.version != network.version:
        raise InternalError(f"mismatch of address family in range {shown} for network {format_address(network)}")
    if not 0 <= prefix <= network.max_prefixlen:
        raise InternalError(f"bad prefix {prefix} for network {format_address(network)} when checking range {shown}")
    whole = ipaddress.ip_network(f"{network}/{prefix}", strict=False)
    if start not in whole or end not in whole:
        raise InternalError(f"range {shown} is not entirely within network {place}")
    if network.version == 4 and start == whole.network_address:
        raise InternalError(f"start of range {shown} in network {place} is the network address")
    if network.version == 4 and end == whole.broadcast_address:
        raise InternalError(f"end of range {shown} in network {place} is the broadcast address")
