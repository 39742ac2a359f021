# SPDX-License-Identifier: LGPL-2.1-or-later
"""The parts of a network interface: card address, driver, back end, forwarded ports, and the actual connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from covirt.errors import XmlError
from covirt.model.common.netdev import Bandwidth, VirtualPort, Vlan
from covirt.model.common.scalars import NonZero, OrDefault, Path, plain_ip
from covirt.model.domain.devices.common import VirtioField, VirtioOptions
from covirt.model.domain.devices.connections import ActualConnection
from covirt.xml import At, Choice, Context, OnOff, Reading, YesNo


class MacType(StrEnum):
    """How a card address came about."""

    GENERATED = "generated"
    STATIC = "static"


class NetDriverName(StrEnum):
    """Who serves a virtio card: the hypervisor or the kernel."""

    QEMU = "qemu"
    VHOST = "vhost"


class TxMode(StrEnum):
    """When packets of the guest are sent."""

    IOTHREAD = "iothread"
    TIMER = "timer"


class LinkState(StrEnum):
    """Is the cable plugged in?"""

    UP = "up"
    DOWN = "down"


class NetBackendType(StrEnum):
    """The program that makes a private network."""

    PASST = "passt"


class PortForwardProtocol(StrEnum):
    """Of which protocol ports are forwarded."""

    TCP = "tcp"
    UDP = "udp"


MODELS = (
    "netfront",
    "rtl8139",
    "virtio",
    "e1000",
    "e1000e",
    "igb",
    "virtio-transitional",
    "virtio-non-transitional",
    "usb-net",
    "spapr-vlan",
    "lan9118",
    "scm91c111",
    "vlance",
    "vmxnet",
    "vmxnet2",
    "vmxnet3",
    "Am79C970A",
    "Am79C973",
    "82540EM",
    "82545EM",
    "82543GC",
)
"""The cards known to all; drivers may know more."""

VIRTIO_MODELS = ("virtio", "virtio-transitional", "virtio-non-transitional")


@dataclass(slots=True, kw_only=True)
class HostOffloads:
    """What the host may leave to the guest's network stack."""

    csum: Annotated[OnOff | None, At("@csum")] = None
    gso: Annotated[OnOff | None, At("@gso")] = None
    tso4: Annotated[OnOff | None, At("@tso4")] = None
    tso6: Annotated[OnOff | None, At("@tso6")] = None
    ecn: Annotated[OnOff | None, At("@ecn")] = None
    ufo: Annotated[OnOff | None, At("@ufo")] = None
    mrg_rxbuf: Annotated[OnOff | None, At("@mrg_rxbuf")] = None


@dataclass(slots=True, kw_only=True)
class GuestOffloads:
    """What the guest may leave to the host's network stack."""

    csum: Annotated[OnOff | None, At("@csum")] = None
    tso4: Annotated[OnOff | None, At("@tso4")] = None
    tso6: Annotated[OnOff | None, At("@tso6")] = None
    ecn: Annotated[OnOff | None, At("@ecn")] = None
    ufo: Annotated[OnOff | None, At("@ufo")] = None


@dataclass(slots=True, kw_only=True)
class InterfaceDriver:
    """How a virtio card is served."""

    name: Annotated[NetDriverName | None, At("@name")] = None
    txmode: Annotated[TxMode | None, At("@txmode")] = None
    ioeventfd: Annotated[OnOff | None, At("@ioeventfd")] = None
    event_idx: Annotated[OnOff | None, At("@event_idx")] = None
    queues: Annotated[int, At("@queues", omit=0)] = 0
    rx_queue_size: Annotated[int, At("@rx_queue_size", omit=0)] = 0
    tx_queue_size: Annotated[int, At("@tx_queue_size", omit=0)] = 0
    rss: Annotated[OnOff | None, At("@rss")] = None
    rss_hash_report: Annotated[OnOff | None, At("@rss_hash_report")] = None
    virtio: VirtioField = field(default_factory=VirtioOptions)
    host: Annotated[HostOffloads, At("host")] = field(default_factory=HostOffloads)
    guest: Annotated[GuestOffloads, At("guest")] = field(default_factory=GuestOffloads)

    def after_parse(self, reading: Reading) -> None:
        """One queue is what there always is."""
        if self.queues == 1:
            self.queues = 0


@dataclass(slots=True, kw_only=True)
class InterfaceBackend:
    """The programs and device nodes behind a card."""

    type: Annotated[NetBackendType | None, At("@type"), OrDefault(NetBackendType)] = None
    tap: Annotated[Path | None, At("@tap")] = None
    vhost: Annotated[Path | None, At("@vhost")] = None
    log_file: Annotated[str | None, At("@logFile")] = None

    @property
    def passt(self) -> bool:
        """Is it passt?"""
        return self.type is NetBackendType.PASST


@dataclass(slots=True, kw_only=True)
class PortRange:
    """Ports of the host, and the first of the guest's that they lead to."""

    start: Annotated[NonZero | None, At("@start")] = None
    end: Annotated[NonZero | None, At("@end")] = None
    to: Annotated[NonZero | None, At("@to")] = None
    exclude: Annotated[YesNo | None, At("@exclude")] = None


@dataclass(slots=True, kw_only=True)
class PortForward:
    """Ports of the host that lead to the guest."""

    protocol: Annotated[PortForwardProtocol, At("@proto")]
    address: Annotated[str | None, At("@address")] = None
    dev: Annotated[str | None, At("@dev")] = None
    ranges: Annotated[list[PortRange], At("range", omit_empty=True)] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """The address in its usual form."""
        if self.address is not None:
            address = plain_ip(self.address)
            if address is None:
                raise XmlError(f"Invalid address '{self.address}' in <portForward>")
            self.address = address


@dataclass(slots=True, kw_only=True)
class ActualInterface:
    """How a port of a virtual network was really connected, as the status file keeps it."""

    connection: Annotated[ActualConnection, At("."), Choice("@type")]
    trust_guest_rx_filters: Annotated[YesNo | None, At("@trustGuestRxFilters")] = None
    class_id: Annotated[int | None, At("class/@id", omit=0, write_when=Context.STATUS)] = None
    vlan: Annotated[Vlan | None, At("vlan")] = None
    virtualport: Annotated[VirtualPort | None, At("virtualport")] = None
    bandwidth: Annotated[Bandwidth | None, At("bandwidth")] = None
    isolated: Annotated[YesNo | None, At("port/@isolated")] = None
