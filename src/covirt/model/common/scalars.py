# SPDX-License-Identifier: LGPL-2.1-or-later
"""Spellings of single values that several documents share: ports, paths, IP addresses, world wide names."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from covirt.errors import InternalError, InvalidArg
from covirt.xml import Number, Scalar
from covirt.xml.scalars import INT32_MAX, BadValue, Enumeration, read_number

NonZero = Annotated[int, Number(nonzero=True)]
"""A C unsigned int that may be left out, but not be zero."""

AnyBase = Annotated[int, Number(base=0)]
"""A C unsigned int that is read in any base and written in base 10."""

NonNegativeAnyBase = Annotated[int, Number(high=INT32_MAX, base=0)]
"""A C int, not negative, read in any base and written in base 10."""


@dataclass(frozen=True, slots=True)
class OrDefault(Enumeration):
    """A word of an enumeration, or one that says nothing and reads as absent."""

    nothing: str = "default"

    def read(self, text: str) -> StrEnum | None:  # type: ignore[override]
        """The member, or None."""
        return None if text == self.nothing else Enumeration.read(self, text)


class PortNumber(Scalar):
    """A TCP or UDP port."""

    __slots__ = ()

    def read(self, text: str) -> int:
        """The number, at most 65535."""
        port = read_number(text)
        if port is None or port < 0:
            raise InvalidArg(f"failed to parse port number '{text}'")
        if port > 0xFFFF:
            raise InvalidArg(f"port '{text}' out of range")
        return port


Port = Annotated[int, PortNumber()]


class PathText(Scalar):
    """A path in which repeated and trailing slashes are taken away."""

    __slots__ = ()

    def read(self, text: str) -> str:
        """The path in its plain form."""
        return plain_path(text)


Path = Annotated[str, PathText()]


def plain_path(path: str) -> str:
    """A path without repeated or trailing slashes; two slashes in front stay, as do URIs."""
    scheme = path.find("://")
    if scheme >= 0 and path.find("/") > scheme:
        return path
    head = "//" if re.match(r"//(?!/)", path) else ""
    rest = re.sub(r"/+", "/", path[len(head) :])
    if rest.endswith("/") and (head or len(rest) > 1):
        rest = rest[:-1]
    return head + rest


class IpAddressText(Scalar):
    """A numeric IPv4 or IPv6 address, written in its shortest form."""

    __slots__ = ()

    def read(self, text: str) -> str:
        """The address in its usual form."""
        address = plain_ip(text)
        if address is None:
            raise BadValue
        return address


IpAddress = Annotated[str, IpAddressText()]


def plain_ip(text: str) -> str | None:
    """The usual form of a numeric address; None when it is not one."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            return socket.inet_ntop(family, socket.inet_pton(family, text))
        except (OSError, ValueError):
            continue
    try:
        return socket.inet_ntoa(socket.inet_aton(text)) if re.fullmatch(r"[0-9a-fA-FxX.]+", text) else None
    except OSError:
        return None


def ip_family(address: str) -> str:
    """The word for the family of an address in its usual form: "ipv4" or "ipv6"."""
    return "ipv6" if ":" in address else "ipv4"


def ip_number(address: str) -> Any:
    """The address as the standard library's object, for arithmetic."""
    return ipaddress.ip_address(address)


def check_wwn(wwn: str) -> None:
    """Refuse what is not 16 hexadecimal digits, with or without 0x in front."""
    if not re.fullmatch(r"(0x)?[0-9a-fA-F]{16}", wwn):
        raise InternalError(f"Malformed wwn: {wwn}")
