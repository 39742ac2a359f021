# SPDX-License-Identifier: LGPL-2.1-or-later
"""IP addresses and routes that an interface gets."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Annotated, ClassVar

from covirt.errors import Error, InvalidArg, XmlError
from covirt.model.common.scalars import NonZero, ip_family, plain_ip
from covirt.xml import At, Reading
from covirt.xml.scalars import read_number


@dataclass(slots=True, kw_only=True)
class InterfaceIp:
    """An address of an interface, and that of its peer."""

    address: Annotated[str, At("@address", missing="Missing required address in <ip>")]
    family: Annotated[str | None, At("@family")] = None
    prefix: Annotated[str | None, At("@prefix")] = None
    peer: Annotated[str | None, At("@peer")] = None

    def after_parse(self, reading: Reading) -> None:
        """Addresses are of one family, the prefix fits it."""
        family = self.family if self.family in ("ipv4", "ipv6") else None
        self.address = _address(self.address, family, XmlError(f"Invalid address '{self.address}' in <ip>"))
        self.family = ip_family(self.address)
        if self.prefix is not None:
            length = read_number(self.prefix)
            if length is None or not 0 <= length <= (128 if self.family == "ipv6" else 32):
                raise XmlError(f"Invalid prefix value '{self.prefix}' in <ip>")
            self.prefix = str(length) if length else None
        if self.peer is not None:
            self.peer = _address(self.peer, self.family, InvalidArg(f"Invalid peer '{self.peer}' in <ip>"))


def _address(text: str, family: str | None, refusal: Error) -> str:
    address = plain_ip(text)
    if address is None or family not in (None, ip_family(address)):
        raise refusal
    return address


@dataclass(slots=True, kw_only=True)
class Route:
    """A route of an interface."""

    OWNER: ClassVar[str] = "guest interface"

    family: Annotated[str | None, At("@family")] = None
    address: Annotated[str | None, At("@address")] = None
    netmask: Annotated[str | None, At("@netmask")] = None
    prefix: Annotated[int | None, At("@prefix")] = None
    gateway: Annotated[str | None, At("@gateway")] = None
    metric: Annotated[NonZero | None, At("@metric")] = None

    def after_parse(self, reading: Reading) -> None:
        """Check and write addresses in their usual form."""
        for name in ("address", "gateway"):
            if getattr(self, name) is None:
                raise self._wrong(f"Missing required {name} attribute in route definition")
        network = self._read("network address", self.address or "")
        gateway = self._read("gateway address", self.gateway or "")
        if self.family in (None, "ipv4"):
            self._check_ipv4(network, gateway)
        elif self.family == "ipv6":
            self._check_ipv6(network, gateway)
        else:
            raise self._wrong(f"Unrecognized family '{self.family}' in route definition")
        mask = self.netmask or str(self.prefix or 0)
        if str(ipaddress.ip_network(f"{network}/{mask}", strict=False).network_address) != network:
            raise self._wrong(f"Address '{self.address}' in route definition is not a network address")
        self.address, self.gateway = network, gateway

    def _wrong(self, message: str) -> XmlError:
        return XmlError(f"{self.OWNER}: {message}")

    def _read(self, what: str, text: str) -> str:
        address = plain_ip(text)
        if address is None:
            raise self._wrong(f"Bad {what} '{text}' in route definition")
        return address

    def _check_ipv4(self, network: str, gateway: str) -> None:
        told = "No family" if self.family is None else "IPv4 family"
        if ip_family(network) == "ipv6":
            raise self._wrong(f"{told} specified for non-IPv4 address '{self.address}' in route definition")
        if ip_family(gateway) == "ipv6":
            raise self._wrong(f"{told} specified for non-IPv4 gateway '{self.address}' in route definition")
        if self.netmask is not None:
            netmask = self._read("netmask address", self.netmask)
            if ip_family(netmask) == "ipv6":
                raise self._wrong(f"Invalid netmask '{self.netmask}' for address '{self.address}' (both must be IPv4)")
            if self.prefix is not None:
                raise self._wrong("Route definition cannot have both a prefix and a netmask")
            self.netmask = netmask
        if (self.prefix or 0) > 32:
            raise self._wrong(f"Invalid prefix {self.prefix} specified in route definition, must be 0 - 32")

    def _check_ipv6(self, network: str, gateway: str) -> None:
        if ip_family(network) == "ipv4":
            raise self._wrong(f"ipv6 family specified for non-IPv6 address '{self.address}' in route definition")
        if self.netmask is not None:
            raise self._wrong(f"Specifying netmask invalid for IPv6 address '{self.address}' in route definition")
        if ip_family(gateway) == "ipv4":
            raise self._wrong(f"ipv6 specified for non-IPv6 gateway address '{self.gateway}' in route definition")
        if (self.prefix or 0) > 128:
            raise self._wrong(f"Invalid prefix {self.prefix} specified in route definition, must be 0 - 128")


@dataclass(slots=True, kw_only=True)
class HostRoute(Route):
    """A route of the host's end of an interface."""

    OWNER: ClassVar[str] = "interface host IP"


@dataclass(slots=True, kw_only=True)
class HostdevRoute(Route):
    """A route of an interface of the host that is moved into a container."""

    OWNER: ClassVar[str] = "Domain hostdev device"
