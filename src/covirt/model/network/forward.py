# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a network is connected to the rest of the world."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from covirt.addresses import format_address, parse_address, range_size
from covirt.errors import ConfigUnsupported, SystemCallFailed, XmlDetail, XmlError
from covirt.model.common.copying import changed
from covirt.model.common.pci import PciSlot
from covirt.xml import At, Choice, Context, Reading, YesNo


class ForwardMode(StrEnum):
    """The kinds of connection; without any, guests reach only the host and each other."""

    NONE = "none"
    NAT = "nat"
    ROUTE = "route"
    OPEN = "open"
    BRIDGE = "bridge"
    PRIVATE = "private"
    VEPA = "vepa"
    PASSTHROUGH = "passthrough"
    HOSTDEV = "hostdev"


WITH_BRIDGE = (ForwardMode.NONE, ForwardMode.NAT, ForwardMode.ROUTE, ForwardMode.OPEN)
"""The network has a bridge of its own."""


class HostDriver(StrEnum):
    """The driver of the host that gives a device to a guest."""

    KVM = "kvm"
    VFIO = "vfio"
    XEN = "xen"


@dataclass(slots=True, kw_only=True)
class AddressSpan:
    """Addresses from one to another."""

    start: Annotated[str | None, At("@start")] = None
    end: Annotated[str | None, At("@end")] = None


@dataclass(slots=True, kw_only=True)
class PortSpan:
    """Ports from one to another."""

    start: Annotated[int | None, At("@start", blank_is_none=True)] = None
    end: Annotated[int | None, At("@end", omit=0, blank_is_none=True)] = None

    def for_format(self, context: Context) -> PortSpan | None:
        """Port 0 to 0 is none."""
        return self if self.start or self.end else None


@dataclass(slots=True, kw_only=True)
class ForwardNat:
    """By which addresses and ports guests are seen outside."""

    ipv6: Annotated[YesNo | None, At("@ipv6")] = None
    addresses: Annotated[list[AddressSpan], At("address")] = field(default_factory=list)
    ports: Annotated[list[PortSpan], At("port")] = field(default_factory=list)

    def settle(self, network: str) -> None:
        """At most one of each, in order."""
        inside = f"in <nat> in <forward> in network {network}"
        if len(self.addresses) > 1:
            raise XmlError(f"Only one <address> element is allowed {inside}")
        for span in self.addresses:
            for name in ("start", "end"):
                if getattr(span, name) is None:
                    raise XmlError(f"missing '{name}' attribute in <address> element {inside}")
            first = _ipv4(span.start or "", "start", network)
            last = _ipv4(span.end or "", "end", network)
            range_size(parse_address(first), parse_address(last))
            span.start, span.end = first, last
        if len(self.ports) > 1:
            raise XmlError(f"Only one <port> element is allowed {inside}")
        for ports in self.ports:
            if ports.start is None or ports.start > 65535:
                raise XmlDetail(f"Missing or invalid 'start' attribute in <port> {inside}")
            if ports.end is None or not ports.start <= ports.end <= 65535:
                raise XmlDetail(f"Missing or invalid 'end' attribute in <port> {inside}")


def _ipv4(text: str, what: str, network: str) -> str:
    try:
        return format_address(parse_address(text, socket.AF_INET))
    except SystemCallFailed:
        raise XmlError(f"Bad ipv4 {what} address '{text}' in <nat> in <forward> in network '{network}'") from None


@dataclass(slots=True, kw_only=True)
class ForwardInterface:
    """An interface of the host that guests use."""

    ELEMENT: ClassVar[str] = "interface"

    dev: Annotated[str | None, At("@dev")] = None
    connections: Annotated[int, At("@connections", omit=0, unless=Context.INACTIVE)] = 0
    """How many guests use it."""

    def after_parse(self, reading: Reading) -> None:
        """Who uses it is not read."""
        self.connections = 0


@dataclass(slots=True, kw_only=True)
class ForwardPf:
    """A network device whose virtual functions guests get."""

    dev: Annotated[str | None, At("@dev")] = None


@dataclass(slots=True, kw_only=True)
class PciForward(PciSlot):
    """A device of the host that guests get."""

    type: Literal["pci"] = "pci"


@dataclass(slots=True, kw_only=True)
class Forward:
    """The connection of a network."""

    dev: Annotated[str | None, At("@dev", blank_is_none=True)] = None
    """The first interface again."""
    mode: Annotated[
        ForwardMode | None,
        At("@mode", blank_is_none=True, invalid="unknown forwarding type '{value}'", error=ConfigUnsupported),
    ] = ForwardMode.NAT
    managed: Annotated[str | None, At("@managed", blank_is_none=True)] = None
    """ "yes" or "no", once read; only for devices of the host."""
    driver: Annotated[HostDriver | None, At("driver/@name")] = None
    driver_model: Annotated[str | None, At("driver/@model")] = None
    nats: Annotated[list[ForwardNat], At("nat")] = field(default_factory=list)
    pfs: Annotated[list[ForwardPf], At("pf")] = field(default_factory=list)
    interfaces: Annotated[list[ForwardInterface], At("interface")] = field(default_factory=list)
    addresses: Annotated[
        list[PciForward],
        At("address"),
        Choice("@type", missing="missing address type in network", invalid="unknown address type '{value}' in network"),
    ] = field(default_factory=list)

    @property
    def devices(self) -> int:
        """How many devices of the host are told."""
        return len(self.interfaces) + len(self.addresses)

    def settle(self, network: str) -> None:
        """Gather interfaces from both places, and check that only one kind of devices is told."""
        self.mode = self.mode or ForwardMode.NAT
        self.managed = "yes" if (self.managed or "").lower() == "yes" else "no"
        self._settle_nat(network)
        if self.dev is not None and (self.addresses or self.pfs):
            raise XmlError(
                "the <forward> 'dev' attribute cannot be used when <address> or <pf> sub-elements are present "
                f"in network {network}"
            )
        if self.interfaces or self.dev is not None:
            self._settle_interfaces(network)
            self.addresses, self.pfs = [], []
        elif self.addresses:
            self._check_addresses(network)
            self.pfs = []
        elif len(self.pfs) > 1:
            raise XmlError(f"Only one <pf> element is allowed in <forward> of network {network}")
        elif self.pfs and self.pfs[0].dev is None:
            raise XmlError(f"Missing required dev attribute in <pf> element of network '{network}'")

    def _settle_nat(self, network: str) -> None:
        if len(self.nats) > 1:
            raise XmlError(f"Only one <nat> element is allowed in <forward> of network {network}")
        for nat in self.nats:
            if self.mode is not ForwardMode.NAT:
                raise XmlError(
                    f"The <nat> element can only be used when <forward> 'mode' is 'nat' in network {network}"
                )
            nat.settle(network)

    def _settle_interfaces(self, network: str) -> None:
        seen: set[str] = set()
        for interface in self.interfaces:
            if interface.dev is None:
                raise XmlError(f"Missing required dev attribute in <forward> <interface> element of network {network}")
            if not seen and self.dev not in (None, interface.dev):
                raise XmlError(
                    f"<forward dev='{self.dev}'> must match first <interface dev='{interface.dev}'/> "
                    f"in network {network}"
                )
            if interface.dev in seen:
                raise XmlError(f"interface '{interface.dev}' can only be listed once in network {network}")
            seen.add(interface.dev)
        self.interfaces = self.interfaces or [ForwardInterface(dev=self.dev)]

    def _check_addresses(self, network: str) -> None:
        seen: set[str] = set()
        for address in self.addresses:
            place = str(address)
            if place in seen:
                raise XmlError(f"PCI device '{place}' can only be listed once in network {network}")
            seen.add(place)

    def for_format(self, context: Context) -> Forward | None:
        """No connection is not written; devices that were found are live."""
        if self.mode is ForwardMode.NONE:
            return None
        hidden = bool(self.pfs) and bool(context & Context.INACTIVE)
        return changed(
            self,
            dev=self.interfaces[0].dev if self.interfaces and not self.pfs else None,
            managed=self.managed if self.mode is ForwardMode.HOSTDEV else None,
            interfaces=[] if hidden else self.interfaces,
            addresses=[] if hidden else self.addresses,
            nats=[nat for nat in self.nats if nat.ipv6 is not None or nat.addresses or nat.ports],
        )
