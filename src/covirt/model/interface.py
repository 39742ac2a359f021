# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<interface>`: a network interface of the host itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt.errors import XmlError
from covirt.model.common.link import Link
from covirt.xml import At, Int, OnOff, Present, Reading, YesNo


class InterfaceType(StrEnum):
    """What an interface is."""

    ETHERNET = "ethernet"
    BRIDGE = "bridge"
    BOND = "bond"
    VLAN = "vlan"


class StartMode(StrEnum):
    """When an interface is brought up by itself."""

    NONE = "none"
    ONBOOT = "onboot"
    HOTPLUG = "hotplug"


class BondMode(StrEnum):
    """How a bond uses its interfaces."""

    BALANCE_RR = "balance-rr"
    ACTIVE_BACKUP = "active-backup"
    BALANCE_XOR = "balance-xor"
    BROADCAST = "broadcast"
    DOT3AD = "802.3ad"
    BALANCE_TLB = "balance-tlb"
    BALANCE_ALB = "balance-alb"


class MiiCarrier(StrEnum):
    """How the state of a link is asked for."""

    IOCTL = "ioctl"
    NETIF = "netif"


class ArpValidate(StrEnum):
    """Whose answers are checked."""

    ACTIVE = "active"
    BACKUP = "backup"
    ALL = "all"


@dataclass(slots=True, kw_only=True)
class Dhcp:
    """Addresses come from a server; perhaps the name servers, too."""

    peer_dns: Annotated[YesNo | None, At("@peerdns")] = None


@dataclass(slots=True, kw_only=True)
class Address:
    """An address; without one there is nothing to write."""

    address: Annotated[str | None, At("@address")] = None
    prefix: Annotated[Int, At("@prefix", omit=0)] = 0


@dataclass(slots=True, kw_only=True)
class Protocol:
    """How an interface gets addresses of a family."""

    OPEN: ClassVar[bool] = True

    family: Annotated[str, At("@family", missing="protocol misses the family attribute")]
    autoconf: Annotated[Present, At("autoconf")] = False
    dhcp: Annotated[Dhcp | None, At("dhcp")] = None
    addresses: Annotated[list[Address], At("ip")] = field(default_factory=list)
    gateway: Annotated[str | None, At("route/@gateway", blank_is_none=True)] = None

    def after_parse(self, reading: Reading) -> None:
        """Only IPv6 configures itself."""
        if self.family not in ("ipv4", "ipv6"):
            raise XmlError(f"unsupported protocol family '{self.family}'")
        if self.family == "ipv4":
            self.autoconf = False
        self.addresses = [one for one in self.addresses if one.address is not None]


@dataclass(slots=True, kw_only=True)
class BridgePart:
    """The interfaces of a bridge."""

    OPEN: ClassVar[bool] = True

    stp: Annotated[OnOff | None, At("@stp", invalid="bridge interface stp should be on or off got {value}")] = None
    delay: Annotated[str | None, At("@delay")] = None
    interfaces: Annotated[list[HostInterface], At("interface")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class MiiMonitor:
    """Watching the links."""

    freq: Annotated[
        Int,
        At(
            "@freq",
            missing="bond interface miimon freq missing or invalid",
            invalid="bond interface miimon freq missing or invalid",
        ),
    ]
    down_delay: Annotated[Int, At("@downdelay", omit=0, invalid="bond interface miimon downdelay invalid")] = 0
    up_delay: Annotated[Int, At("@updelay", omit=0, invalid="bond interface miimon updelay invalid")] = 0
    carrier: Annotated[MiiCarrier | None, At("@carrier", invalid="unknown mii bonding carrier {value}")] = None


@dataclass(slots=True, kw_only=True)
class ArpMonitor:
    """Asking somebody who should answer."""

    interval: Annotated[
        Int,
        At(
            "@interval",
            missing="bond interface arpmon interval missing or invalid",
            invalid="bond interface arpmon interval missing or invalid",
        ),
    ]
    target: Annotated[str, At("@target", blank_is_none=True, missing="bond interface arpmon target missing")]
    validate: Annotated[ArpValidate | None, At("@validate", invalid="unknown arp bonding validate {value}")] = None


@dataclass(slots=True, kw_only=True)
class BondPart:
    """The interfaces of a bond, and how they are watched."""

    OPEN: ClassVar[bool] = True

    mode: Annotated[BondMode | None, At("@mode", blank_is_none=True, invalid="unknown bonding mode {value}")] = None
    mii: Annotated[MiiMonitor | None, At("miimon")] = None
    arp: Annotated[ArpMonitor | None, At("arpmon")] = None
    interfaces: Annotated[list[HostInterface], At("interface")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Links are watched in one way."""
        if self.mii is not None:
            self.arp = None


@dataclass(slots=True, kw_only=True)
class VlanPart:
    """The interface that carries a VLAN, and the VLAN's tag."""

    tag: Annotated[str, At("@tag", blank_is_none=True, missing="vlan interface misses the tag attribute")]
    interface: Annotated[str, At("interface/@name", blank_is_none=True, missing="vlan interface misses name attribute")]


@dataclass(slots=True, kw_only=True)
class HostInterface:
    """An interface; those inside a bridge or bond have no start mode, MTU or addresses of their own."""

    ELEMENT: ClassVar[str] = "interface"
    OPEN: ClassVar[bool] = True

    type: Annotated[InterfaceType, At("@type")]
    name: Annotated[str, At("@name", missing="interface has no name")]
    start: Annotated[
        StartMode | None, At("start/@mode", blank_is_none=True, invalid="unknown interface startmode {value}")
    ] = None
    mtu: Annotated[int, At("mtu/@size", omit=0, blank_is_none=True)] = 0
    protocols: Annotated[list[Protocol], At("protocol")] = field(default_factory=list)
    link: Annotated[Link | None, At("link", omit_empty=True)] = None
    mac: Annotated[str | None, At("mac/@address", blank_is_none=True)] = None
    bridge: Annotated[BridgePart | None, At("bridge")] = None
    bond: Annotated[BondPart | None, At("bond")] = None
    vlan: Annotated[VlanPart | None, At("vlan")] = None

    def after_parse(self, reading: Reading) -> None:
        """Only what this type of interface has counts."""
        self.start = self.start or StartMode.NONE
        if self.mtu > MTU_LIMIT:
            raise XmlError(f"value of the 'size' attribute of 'mtu' element must be at most {MTU_LIMIT}")
        if self.type is InterfaceType.BRIDGE:
            self.link = None
        if self.type is not InterfaceType.ETHERNET:
            self.mac = None
        for type in (InterfaceType.BRIDGE, InterfaceType.BOND, InterfaceType.VLAN):
            if type is not self.type:
                setattr(self, type.value, None)
            elif getattr(self, type.value) is None:
                raise XmlError(f"{type} interface misses the {type} element")
        part = self.bridge or self.bond
        for member in part.interfaces if part else ():
            if member.type not in MEMBERS[self.type]:
                raise XmlError(f"interface has unsupported type '{member.type}'")
            member.start, member.mtu, member.protocols = None, 0, []


MTU_LIMIT = 100000
MEMBERS = {
    InterfaceType.BRIDGE: (InterfaceType.ETHERNET, InterfaceType.BOND, InterfaceType.VLAN),
    InterfaceType.BOND: (InterfaceType.ETHERNET,),
}
"""What can be inside."""
