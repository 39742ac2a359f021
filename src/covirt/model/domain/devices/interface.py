# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network interfaces of the guest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, InvalidArg, Overflow, XmlDetail, XmlError
from covirt.model.common.copying import changed, without
from covirt.model.common.filterref import FilterRef
from covirt.model.common.ip import HostRoute, InterfaceIp, Route
from covirt.model.common.netdev import Bandwidth, VirtualPort, VirtualPortType, Vlan
from covirt.model.domain.devices import interface_check
from covirt.model.domain.devices.common import Boot, Device, RomDeviceInfo
from covirt.model.domain.devices.connections import (
    ActualConnection,
    BridgeConnection,
    Connection,
    DirectConnection,
    EthernetConnection,
    HostdevConnection,
    LiveConnection,
    NetworkConnection,
    UserConnection,
    VhostUserConnection,
)
from covirt.model.domain.devices.interface_parts import (
    MODELS,
    VIRTIO_MODELS,
    ActualInterface,
    InterfaceBackend,
    InterfaceDriver,
    LinkState,
    MacType,
    PortForward,
)
from covirt.model.domain.devices.teaming import Teaming
from covirt.values import Mac
from covirt.xml import At, Choice, Context, Element, Reading, ULong, YesNo
from covirt.xml.scalars import UINT32_MAX

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition

GENERATED_NAMES = ("vnet", "macvtap", "macvlan")
"""How interfaces that we make on the host are named; such names do not outlive a guest's run."""


@dataclass(slots=True, kw_only=True)
class Interface(Device):
    """A network card of the guest and what it is connected with."""

    ELEMENT: ClassVar[str] = "interface"

    mac: Annotated[Mac | None, At("mac/@address", invalid="unable to parse mac address '{value}'")] = None
    mac_type: Annotated[MacType | None, At("mac/@type")] = None
    mac_check: Annotated[YesNo | None, At("mac/@check")] = None
    current_mac: Annotated[Mac | None, At("mac/@currentAddress", unless=Context.INACTIVE)] = None
    """What the guest has set (live only)."""
    connection: Annotated[Connection, At("."), Choice("@type", default="user")] = field(default_factory=UserConnection)
    trust_guest_rx_filters: Annotated[YesNo | None, At("@trustGuestRxFilters")] = None
    host_ips: Annotated[list[InterfaceIp], At("source/ip")] = field(default_factory=list)
    host_routes: Annotated[list[HostRoute], At("source/route")] = field(default_factory=list)
    class_id: Annotated[int | None, At("class/@id", omit=0, when=Context.STATUS)] = None
    """Only while writing: the class of the actual connection."""
    vlan: Annotated[Vlan | None, At("vlan")] = None
    virtualport: Annotated[VirtualPort | None, At("virtualport")] = None
    bandwidth: Annotated[Bandwidth | None, At("bandwidth")] = None
    isolated: Annotated[YesNo | None, At("port/@isolated")] = None
    actual: Annotated[ActualInterface | None, At("actual", when=Context.ACTUAL_NET)] = None
    ips: Annotated[list[InterfaceIp], At("ip")] = field(default_factory=list)
    routes: Annotated[list[Route], At("route")] = field(default_factory=list)
    port_forwards: Annotated[list[PortForward], At("portForward")] = field(default_factory=list)
    script: Annotated[str | None, At("script/@path", blank_is_none=True)] = None
    downscript: Annotated[str | None, At("downscript/@path", blank_is_none=True)] = None
    backend_domain: Annotated[str | None, At("backenddomain/@name", blank_is_none=True)] = None
    target: Annotated[str | None, At("target/@dev")] = None
    """The interface of the host."""
    managed_target: Annotated[YesNo | None, At("target/@managed")] = None
    guest_name: Annotated[str | None, At("guest/@dev", blank_is_none=True)] = None
    guest_actual: Annotated[str | None, At("guest/@actual", blank_is_none=True)] = None
    model: Annotated[str | None, At("model/@type", blank_is_none=True)] = None
    driver: Annotated[InterfaceDriver, At("driver", shared=True)] = field(default_factory=InterfaceDriver)
    backend: Annotated[InterfaceBackend, At("backend")] = field(default_factory=InterfaceBackend)
    filter: Annotated[FilterRef | None, At("filterref")] = None
    sndbuf: Annotated[ULong | None, At("tune/sndbuf", invalid="sndbuf must be a positive integer")] = None
    teaming: Annotated[Teaming | None, At("teaming", omit_empty=True)] = None
    link: Annotated[
        LinkState | None,
        At(
            "link/@state",
            blank_is_none=True,
            invalid="unknown interface link state '{value}'",
            error=ConfigUnsupported,
        ),
    ] = None
    mtu: Annotated[int, At("mtu/@size", omit=0, blank_is_none=True, invalid="malformed mtu size")] = 0
    coalesce: Annotated[
        ULong,
        At(
            "coalesce/rx/frames/@max",
            omit=0,
            blank_is_none=True,
            invalid="cannot parse value '{value}' for coalesce parameter",
            error=XmlDetail,
        ),
    ] = 0
    """The most frames that are received before the guest is told."""
    boot: Annotated[Boot | None, At("boot")] = None
    info: Annotated[RomDeviceInfo, At(".")] = field(default_factory=RomDeviceInfo)
    private: Annotated[Element | None, At("privateData", when=Context.STATUS)] = None
    mac_generated: bool = False
    """Did we choose the card address?"""

    @property
    def type(self) -> str:
        """The kind of connection, as written."""
        return self.connection.type

    @property
    def connected(self) -> Connection | ActualConnection:
        """The actual connection of a running guest, else the one told."""
        return self.actual.connection if self.actual else self.connection

    @property
    def actual_type(self) -> str:
        """The kind of the actual connection."""
        return self.connected.type

    @property
    def virtio(self) -> bool:
        """Is it a virtio card?"""
        return self.model in VIRTIO_MODELS

    # Reading and writing

    def after_parse(self, reading: Reading) -> None:
        """Model names in any case; only what the connection and model have is kept."""
        if self.model is not None:
            self.model = known_model(self.model)
        if self.mac is not None and self.mac.multicast:
            raise XmlError(f"expected unicast mac address, found multicast '{reading.element.get('mac/@address')}'")
        if self.mac is not None and not any(self.mac):
            self.mac = None
        self.current_mac = self.class_id = None
        self._read_driver()
        self._read_backend()
        self._check_virtualport()
        if not isinstance(self.connection, NetworkConnection | BridgeConnection | EthernetConnection):
            self.filter = None
        if self.bandwidth is not None:
            self.bandwidth.check_floor(isinstance(self.connection, NetworkConnection))
            if self.bandwidth.class_id is not None:
                raise XmlDetail("classID attribute not supported on <bandwidth> in this usage context")
            self.bandwidth = self.bandwidth if self.bandwidth.any else None
        if self.coalesce > UINT32_MAX:
            raise Overflow(f"value '{self.coalesce}' is too big for coalesce parameter, maximum is '{UINT32_MAX}'")
        if reading.context & Context.INACTIVE and self.name_generated(None):
            self.target = None

    def _read_driver(self) -> None:
        if not self.virtio:
            self.driver = InterfaceDriver(virtio=self.driver.virtio)

    def _read_backend(self) -> None:
        if not self.virtio or isinstance(self.connection, HostdevConnection):
            self.backend.vhost = None
        if isinstance(self.connection, UserConnection | VhostUserConnection) and not self.backend.passt:
            self.connection.dev = None

    def _check_virtualport(self) -> None:
        if self.virtualport is None or isinstance(self.connection, NetworkConnection):
            return
        if not isinstance(self.connection, BridgeConnection | DirectConnection | HostdevConnection):
            raise ConfigUnsupported(f"<virtualport> element unsupported for <interface type='{self.type}'>")
        self.virtualport.check_type()
        self.virtualport.check_complete()

    def name_generated(self, prefix: str | None) -> bool:
        """Was the host's interface named by us?"""
        if self.target is None or self.managed_target is False:
            return False
        return self.target.startswith(GENERATED_NAMES) or bool(prefix and self.target.startswith(prefix))

    def for_format(self, context: Context) -> Interface:
        """Running guests show the actual connection; what the model has not is not told."""
        card = self
        if isinstance(self.connection, NetworkConnection) and self.actual:
            if not context & (Context.INACTIVE | Context.ACTUAL_NET | Context.MIGRATABLE):
                card = self._live(self.connection, self.actual)
            elif context & Context.ACTUAL_NET:
                card = changed(card, actual=changed(self.actual, trust_guest_rx_filters=self.trust_guest_rx_filters))
        if not self.virtio:
            card = changed(card, driver=InterfaceDriver())
        if isinstance(self.connection, VhostUserConnection) and self.backend.passt:
            card = changed(card, connection=without(self.connection, "kind", "path", "mode", "reconnect"))
        if self.host_ips and isinstance(card.connection, LiveConnection):
            card = changed(card, host_ips=[], host_routes=[])
        if context & Context.INACTIVE and self.name_generated(None):
            card = changed(card, target=None)
        return card

    def _live(self, network: NetworkConnection, actual: ActualInterface) -> Interface:
        """The form in which a running guest shows an interface of a virtual network."""
        connection = actual.connection
        if isinstance(connection, HostdevConnection):
            shown: object = connection
        else:
            shown = LiveConnection(
                type=connection.type,
                network=network.network,
                portgroup=network.portgroup,
                portid=network.portid,
                bridge=getattr(connection, "bridge", None),
                mac_table_manager=getattr(connection, "mac_table_manager", None),
                dev=getattr(connection, "dev", None),
                mode=getattr(connection, "mode", None),
            )
        return changed(
            self,
            connection=shown,
            class_id=actual.class_id,
            vlan=actual.vlan,
            virtualport=actual.virtualport,
            bandwidth=actual.bandwidth,
            isolated=actual.isolated,
            actual=None,
        )

    # Completing and checking

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """Choose a card address and the identifiers that a virtual switch needs."""
        if self.mac is None:
            self.mac, self.mac_generated = completing.new_mac(), True
        port = self.virtualport
        if port is None:
            return
        if port.instanceid is None and port.type in (None, VirtualPortType.QBG):
            port.instanceid = completing.new_uuid()
        if port.interfaceid is None and port.type in (None, VirtualPortType.OPENVSWITCH):
            port.interfaceid = completing.new_uuid()

    def check(self, guest: DomainDefinition) -> None:
        """Refuse contradictions between connection, card and options."""
        interface_check.check(self)


def known_model(model: str) -> str:
    """The usual spelling of a card's model."""
    for known in MODELS:
        if known.lower() == model.lower():
            return known
    if not re.fullmatch(r"[a-zA-Z0-9_-]+", model):
        raise InvalidArg("Model name contains invalid characters")
    return model
