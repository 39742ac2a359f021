# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a network interface of the guest is connected with on the host, one class for each type."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.pci import PciSlot
from covirt.model.common.scalars import AnyBase
from covirt.model.common.sockets import Reconnect
from covirt.model.domain.devices.hostdev_sources import PciHostdevDriver, need_source
from covirt.values import Uuid
from covirt.xml import At, Choice, Context, Hex, Int, Number, Reading, Yes, YesNo
from covirt.xml.scalars import INT64_MAX


class MacTableManager(StrEnum):
    """Who fills the table of addresses of a bridge."""

    KERNEL = "kernel"
    LIBVIRT = "libvirt"


class MacvtapMode(StrEnum):
    """How packets between guests on the same device travel."""

    VEPA = "vepa"
    PRIVATE = "private"
    BRIDGE = "bridge"
    PASSTHROUGH = "passthrough"


class VhostUserMode(StrEnum):
    """Who waits at the socket."""

    CLIENT = "client"
    SERVER = "server"


def _need_source(kind: str, reading: Reading) -> None:
    if reading.element.child("source") is None:
        raise XmlError(f"interface type='{kind}' requires a 'source' element")


def _needed(value: Any, name: str, reading: Reading, element: str = "source") -> None:
    if value is None:
        raise XmlError(f"Missing required attribute '{name}' in element '{element}'")


@dataclass(slots=True, kw_only=True)
class UserConnection:
    """A private network made by the hypervisor or a helper, without privileges."""

    type: Literal["user"] = "user"
    dev: Annotated[str | None, At("source/@dev")] = None
    """The host's interface that passt uses."""


@dataclass(slots=True, kw_only=True)
class EthernetConnection:
    """A tap device of the host that somebody else sets up."""

    type: Literal["ethernet"] = "ethernet"


@dataclass(slots=True, kw_only=True)
class NullConnection:
    """Nothing."""

    type: Literal["null"] = "null"


@dataclass(slots=True, kw_only=True)
class NetworkConnection:
    """A virtual network; how it is really connected is known when the guest runs."""

    type: Literal["network"] = "network"
    network: Annotated[str | None, At("source/@network")] = None
    portgroup: Annotated[str | None, At("source/@portgroup")] = None
    portid: Annotated[Uuid | None, At("source/@portid", unless=Context.INACTIVE)] = None
    """The port of the network (live only)."""

    def after_parse(self, reading: Reading) -> None:
        """The network is named."""
        _need_source(self.type, reading)
        _needed(self.network, "network", reading)


@dataclass(slots=True, kw_only=True)
class BridgeConnection:
    """A bridge of the host."""

    type: Literal["bridge"] = "bridge"
    bridge: Annotated[str | None, At("source/@bridge")] = None

    def after_parse(self, reading: Reading) -> None:
        """The bridge is named."""
        _need_source(self.type, reading)
        _needed(self.bridge, "bridge", reading)


@dataclass(slots=True, kw_only=True)
class DirectConnection:
    """An interface of the host, shared by macvtap."""

    type: Literal["direct"] = "direct"
    dev: Annotated[str | None, At("source/@dev")] = None
    mode: Annotated[MacvtapMode, At("source/@mode")] = MacvtapMode.VEPA

    def after_parse(self, reading: Reading) -> None:
        """The interface is named."""
        _need_source(self.type, reading)
        _needed(self.dev, "dev", reading)


@dataclass(slots=True, kw_only=True)
class InternalConnection:
    """A named network of the hypervisor."""

    type: Literal["internal"] = "internal"
    name: Annotated[str | None, At("source/@name")] = None

    def after_parse(self, reading: Reading) -> None:
        """The network is named."""
        _need_source(self.type, reading)
        _needed(self.name, "name", reading)


@dataclass(slots=True, kw_only=True)
class VhostUserConnection:
    """A program of the host that moves packets through shared memory."""

    type: Literal["vhostuser"] = "vhostuser"
    kind: Annotated[str | None, At("source/@type")] = "unix"
    path: Annotated[str | None, At("source/@path")] = None
    mode: Annotated[VhostUserMode | None, At("source/@mode")] = VhostUserMode.CLIENT
    dev: Annotated[str | None, At("source/@dev")] = None
    """The host's interface that passt uses."""
    reconnect: Annotated[Reconnect | None, At("source/reconnect")] = None

    @property
    def listen(self) -> bool:
        """Do we wait at the socket?"""
        return self.mode is VhostUserMode.SERVER

    def after_parse(self, reading: Reading) -> None:
        """Only UNIX sockets are known."""
        if self.kind != "unix":
            raise ConfigUnsupported(f"Type='{self.kind}' unsupported for <interface type='vhostuser'>")


@dataclass(slots=True, kw_only=True)
class SocketConnection:
    """A socket to another guest or a group of guests."""

    type: Literal["server", "client", "mcast"]
    address: Annotated[str | None, At("source/@address")] = None
    port: Annotated[Int | None, At("source/@port")] = None

    def after_parse(self, reading: Reading) -> None:
        """Who calls must know whom."""
        _need_source(self.type, reading)
        if self.type != "server":
            _needed(self.address, "address", reading)
        _needed(self.port, "port", reading)


@dataclass(slots=True, kw_only=True)
class UdpConnection:
    """UDP packets between two addresses."""

    type: Literal["udp"] = "udp"
    address: Annotated[str | None, At("source/@address")] = None
    port: Annotated[Int | None, At("source/@port")] = None
    local_address: Annotated[str | None, At("source/local/@address")] = None
    local_port: Annotated[Int | None, At("source/local/@port")] = None

    def after_parse(self, reading: Reading) -> None:
        """Both ends are told."""
        _need_source(self.type, reading)
        _needed(self.address, "address", reading)
        _needed(self.port, "port", reading)
        if reading.element.get("source/local") is None:
            raise XmlError("'<local>' element missing for 'udp' socket interface")
        _needed(self.local_address, "address", reading, "local")
        _needed(self.local_port, "port", reading, "local")


@dataclass(slots=True, kw_only=True)
class VdpaConnection:
    """A vDPA network device of the host."""

    type: Literal["vdpa"] = "vdpa"
    dev: Annotated[str | None, At("source/@dev")] = None

    def after_parse(self, reading: Reading) -> None:
        """The device is named."""
        _need_source(self.type, reading)
        _needed(self.dev, "dev", reading)


_LONG = Number(low=-INT64_MAX - 1, high=INT64_MAX, base=0)


@dataclass(slots=True, kw_only=True)
class VdsConnection:
    """A port of a distributed switch of VMware."""

    type: Literal["vds"] = "vds"
    switchid: Annotated[Uuid | None, At("source/@switchid")] = None
    portid: Annotated[int, At("source/@portid"), _LONG] = 0
    portgroupid: Annotated[str | None, At("source/@portgroupid")] = None
    connectionid: Annotated[int, At("source/@connectionid"), _LONG] = 0

    def after_parse(self, reading: Reading) -> None:
        """The switch is named."""
        _need_source(self.type, reading)
        _needed(self.switchid, "switchid", reading)


# A network device of the host itself


@dataclass(slots=True, kw_only=True)
class HostPciAddress(PciSlot):
    """The PCI slot of the host's network device."""

    type: Literal["pci"] = "pci"


@dataclass(slots=True, kw_only=True)
class HostUsbPlace:
    """The USB place of the host's network device."""

    type: Literal["usb"] = "usb"
    bus: Annotated[AnyBase, At("@bus")]
    device: Annotated[AnyBase, At("@device")]


@dataclass(slots=True, kw_only=True)
class HostdevConnection:
    """A network device of the host, given to the guest."""

    type: Literal["hostdev"] = "hostdev"
    managed: Annotated[Yes | None, At("@managed", omit=False)] = False
    driver: Annotated[PciHostdevDriver | None, At("driver", omit_empty=True)] = None
    write_filtering: Annotated[YesNo | None, At("source/@writeFiltering")] = None
    vendor: Annotated[int | None, At("source/vendor/@id"), Hex(4)] = None
    product: Annotated[int | None, At("source/product/@id"), Hex(4)] = None
    address: Annotated[
        HostPciAddress | HostUsbPlace | None,
        At("source/address"),
        Choice(
            "@type",
            invalid="unknown host device source address type '{value}'",
            missing="unknown host device source address type '<null>'",
            error=ConfigUnsupported,
        ),
    ] = None

    def after_parse(self, reading: Reading) -> None:
        """The device is named."""
        need_source(reading)
        if self.address is None and self.vendor is None:
            raise ConfigUnsupported("unknown host device source address type '<null>'")


Connection = (
    UserConnection
    | EthernetConnection
    | VhostUserConnection
    | SocketConnection
    | UdpConnection
    | NetworkConnection
    | BridgeConnection
    | InternalConnection
    | DirectConnection
    | HostdevConnection
    | VdpaConnection
    | NullConnection
    | VdsConnection
)


# How a port of a virtual network was really connected


@dataclass(slots=True, kw_only=True)
class ActualNetwork:
    """A bridge that the network made."""

    type: Literal["network"] = "network"
    bridge: Annotated[str | None, At("source/@bridge")] = None
    mac_table_manager: Annotated[MacTableManager | None, At("source/@macTableManager")] = None


@dataclass(slots=True, kw_only=True)
class ActualBridge:
    """A bridge that was there."""

    type: Literal["bridge"] = "bridge"
    bridge: Annotated[str | None, At("source/@bridge")] = None
    mac_table_manager: Annotated[MacTableManager | None, At("source/@macTableManager")] = None


ActualConnection = ActualNetwork | ActualBridge | DirectConnection | HostdevConnection


@dataclass(slots=True, kw_only=True)
class LiveConnection:
    """The network and what it was connected with, as running guests show it; only written."""

    type: str
    network: Annotated[str | None, At("source/@network")] = None
    portgroup: Annotated[str | None, At("source/@portgroup")] = None
    portid: Annotated[Uuid | None, At("source/@portid")] = None
    bridge: Annotated[str | None, At("source/@bridge")] = None
    mac_table_manager: Annotated[MacTableManager | None, At("source/@macTableManager")] = None
    dev: Annotated[str | None, At("source/@dev")] = None
    mode: Annotated[MacvtapMode | None, At("source/@mode")] = None
