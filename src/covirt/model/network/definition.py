# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<network>`: the whole definition of a virtual network, in the order in which it is written."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from covirt import xml
from covirt.errors import ConfigUnsupported, InternalError, NoName, XmlError
from covirt.model.common.copying import changed
from covirt.model.common.ip import Route
from covirt.model.common.netdev import Bandwidth, VirtualPort, Vlan
from covirt.model.network.dns import NetworkDns
from covirt.model.network.forward import WITH_BRIDGE, Forward, ForwardMode
from covirt.model.network.ip import NetworkIp
from covirt.values import Mac, Uuid
from covirt.xml import At, Context, Foreign, Reading, ULong, YesNo
from covirt.xml.element import Element


class MacTableManager(StrEnum):
    """Who keeps the bridge's table of card addresses."""

    KERNEL = "kernel"
    LIBVIRT = "libvirt"


@dataclass(slots=True, kw_only=True)
class NetworkBridge:
    """The bridge that guests are connected with."""

    name: Annotated[str | None, At("@name", blank_is_none=True)] = None
    zone: Annotated[str | None, At("@zone", blank_is_none=True)] = None
    stp: Annotated[str | None, At("@stp", blank_is_none=True)] = None
    """ "off", or anything else for on."""
    delay: Annotated[ULong | None, At("@delay", blank_is_none=True, invalid="Invalid delay value in network")] = None
    mac_table_manager: Annotated[
        MacTableManager | None,
        At("@macTableManager", blank_is_none=True, invalid="Invalid macTableManager setting '{value}' in network"),
    ] = None

    def written(self, mode: ForwardMode) -> NetworkBridge:
        """A bridge of the network's own has all its settings written."""
        if mode in WITH_BRIDGE:
            return changed(self, stp="off" if self.stp == "off" else "on", delay=self.delay or 0)
        return changed(self, zone=self.zone if self.named else None, stp=None, delay=None)

    @property
    def named(self) -> bool:
        """Is it a bridge of the host that is told?"""
        return self.name is not None or self.mac_table_manager is not None


@dataclass(slots=True, kw_only=True)
class NetworkDomain:
    """The name domain of the guests."""

    name: Annotated[str | None, At("@name")] = None
    local_only: Annotated[YesNo | None, At("@localOnly")] = None
    register: Annotated[YesNo | None, At("@register")] = None

    def for_format(self, context: Context) -> NetworkDomain | None:
        """Nothing without a name."""
        return self if self.name is not None else None


@dataclass(slots=True, kw_only=True)
class PortGroup:
    """A class of connections with its own treatment."""

    ELEMENT: ClassVar[str] = "portgroup"
    OPEN: ClassVar[bool] = True

    name: Annotated[str, At("@name", blank_is_none=True, missing="Missing required name attribute in portgroup")]
    default: Annotated[str | None, At("@default", blank_is_none=True)] = None
    """ "yes" or absent, once read."""
    trust_guest_rx_filters: Annotated[YesNo | None, At("@trustGuestRxFilters")] = None
    vlan: Annotated[Vlan | None, At("vlan")] = None
    virtualport: Annotated[VirtualPort | None, At("virtualport")] = None
    bandwidth: Annotated[Bandwidth | None, At("bandwidth")] = None

    def after_parse(self, reading: Reading) -> None:
        """Anything but yes is no; promises are made by the network as a whole."""
        self.default = "yes" if (self.default or "").lower() == "yes" else None
        if self.bandwidth:
            self.bandwidth.check_floor(False)


@dataclass(slots=True, kw_only=True)
class DnsmasqOption:
    """A line more for the configuration of dnsmasq."""

    value: Annotated[
        str,
        At("@value", missing="No dnsmasq options value specified", error=InternalError),
    ]


@dataclass(slots=True, kw_only=True)
class NetworkRoute(Route):
    """A route by way of a machine in the network."""


@dataclass(slots=True, kw_only=True)
class NetworkDefinition:
    """A virtual network."""

    ELEMENT: ClassVar[str] = "network"
    NAMESPACES: ClassVar[dict[str, str]] = {"dnsmasq": "http://libvirt.org/schemas/network/dnsmasq/1.0"}

    connections: Annotated[int, At("@connections", omit=0, unless=Context.INACTIVE)] = 0
    """How many guests use the network."""
    ipv6: Annotated[
        YesNo | None, At("@ipv6", omit=False, blank_is_none=True, invalid="Invalid ipv6 setting '{value}' in network")
    ] = None
    trust_guest_rx_filters: Annotated[YesNo | None, At("@trustGuestRxFilters")] = None
    name: Annotated[str, At("name", missing="", error=NoName)]
    uuid: Annotated[Uuid, At("uuid", invalid="malformed uuid element", error=InternalError)] = field(
        default_factory=Uuid.random
    )
    title: Annotated[str | None, At("title")] = None
    description: Annotated[str | None, At("description")] = None
    metadata: Annotated[Foreign | None, At("metadata")] = None
    forward: Annotated[Forward | None, At("forward")] = None
    bridge: Annotated[NetworkBridge, At("bridge")] = field(default_factory=NetworkBridge)
    mtu: Annotated[
        int, At("mtu/@size", omit=0, blank_is_none=True, invalid="Invalid mtu size '{value}' in network")
    ] = 0
    mac: Annotated[
        Mac | None,
        At("mac/@address", blank_is_none=True, invalid="Invalid bridge mac address '{value}' in network"),
    ] = None
    domain: Annotated[NetworkDomain, At("domain")] = field(default_factory=NetworkDomain)
    dns: Annotated[NetworkDns, At("dns")] = field(default_factory=NetworkDns)
    vlan: Annotated[Vlan | None, At("vlan")] = None
    bandwidth: Annotated[Bandwidth | None, At("bandwidth")] = None
    isolated: Annotated[YesNo | None, At("port/@isolated")] = None
    ips: Annotated[list[NetworkIp], At("ip")] = field(default_factory=list)
    routes: Annotated[list[NetworkRoute], At("route")] = field(default_factory=list)
    virtualport: Annotated[VirtualPort | None, At("virtualport")] = None
    port_groups: Annotated[list[PortGroup], At("portgroup")] = field(default_factory=list)
    dnsmasq_options: Annotated[list[DnsmasqOption], At("dnsmasq:options/dnsmasq:option")] = field(default_factory=list)
    uuid_given: bool = False
    """Was the uuid in the document?"""

    @classmethod
    def parse(cls, text: str, *, validate: bool = False) -> Self:
        """Read a definition."""
        return xml.parse(cls, text, validate=validate).value

    def format(self, context: Context = Context.NONE) -> str:
        """Write the definition."""
        return xml.format(self, context=context)

    def copy(self, context: Context = Context.NONE) -> Self:
        """The definition as it comes back when it is written and read: complete, or refused."""
        return self.parse(self.format(context))

    @property
    def known_name(self) -> str:
        """The name."""
        return self.name

    @property
    def mode(self) -> ForwardMode:
        """How the network is connected."""
        return (self.forward and self.forward.mode) or ForwardMode.NONE

    # Reading

    def after_parse(self, reading: Reading) -> None:
        """Settle what concerns several elements, in the order in which libvirt notices faults."""
        self.connections = 0
        element = reading.element
        self.uuid_given = element.get("uuid") is not None
        self._settle_head()
        self.dns.settle(self.name)
        if self.virtualport:
            self.virtualport.check_type()
        for ip, part in zip(self.ips, element.all("ip"), strict=True):
            ip.settle(self.name, tftp=part.child("tftp") is not None)
        for route in self.routes:
            self._check_gateway(route)
        if self.forward:
            self.forward.settle(self.name)
        self._check_mode(element)
        if self.metadata and not any(isinstance(item, Foreign) for item in self.metadata.content):
            self.metadata = None

    def _settle_head(self) -> None:
        if "/" in self.name:
            raise XmlError(f"name {self.name} cannot contain '/'")
        if self.title and "\n" in self.title:
            raise XmlError("Network title can't contain newlines")
        if self.domain.register and not self.domain.local_only:
            raise ConfigUnsupported(
                "attribute 'register=yes' in <domain> element requires 'localOnly=yes' in network " + self.name
            )
        if self.bandwidth:
            self.bandwidth.check_floor(False)
        if self.mac is not None and self.mac.multicast:
            raise XmlError(f"Invalid multicast bridge mac address '{self.mac}' in network '{self.name}'")

    def _check_gateway(self, route: Route) -> None:
        """Whoever knows the way must be reached directly."""
        gateway = ipaddress.ip_address(route.gateway or "")
        for ip in self.ips:
            if ip.version == gateway.version and gateway in ipaddress.ip_network(
                f"{ip.address}/{ip.network_prefix}", strict=False
            ):
                return
        raise ConfigUnsupported(
            f"unreachable static route gateway '{route.gateway}' specified for network '{self.name}'"
        )

    def _check_mode(self, element: Element) -> None:
        mode, forward, bridge = self.mode, self.forward, self.bridge
        here = f"network '{self.name}'"
        devices = forward.devices if forward else 0
        if mode in (ForwardMode.ROUTE, ForwardMode.NAT):
            if not self.ips:
                raise XmlError(f"{mode} forwarding requested, but no IP address provided for {here}")
            if devices > 1:
                raise XmlError(f"multiple forwarding interfaces specified for {here}, only one is supported")
        if mode is ForwardMode.OPEN and devices:
            raise XmlError(f"forward dev not allowed for {here} with forward mode='{mode}'")
        if mode in WITH_BRIDGE:
            return
        if mode is not ForwardMode.BRIDGE:
            for said, what in (
                (bridge.name, "bridge name"),
                (bridge.zone, "bridge zone"),
                (bridge.mac_table_manager, "bridge macTableManager setting"),
            ):
                if said:
                    raise XmlError(f"{what} not allowed in {mode} mode ({here})")
        if bridge.delay or bridge.stp is not None or bridge.zone:
            raise XmlError(
                "bridge delay/stp/zone options only allowed in open, route, nat, and isolated mode, "
                f"not in {mode} ({here})"
            )
        if bridge.name and forward and (devices or forward.pfs):
            raise XmlError(
                f"A network with forward mode='{mode}' can specify a bridge name or a forward dev, "
                f"but not both ({here})"
            )
        if self.mtu:
            raise XmlError(f"mtu size only allowed in open, route, nat, and isolated mode, not in {mode} ({here})")

    # Writing

    def for_format(self, context: Context) -> NetworkDefinition:
        """The bridge in the form of the mode."""
        return changed(self, bridge=self.bridge.written(self.mode))
