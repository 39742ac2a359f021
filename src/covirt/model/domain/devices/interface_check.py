# SPDX-License-Identifier: LGPL-2.1-or-later
"""What no hypervisor could do with a network interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.errors import ConfigUnsupported
from covirt.model.common.netdev import VirtualPort, VirtualPortType
from covirt.model.domain.devices.connections import (
    DirectConnection,
    EthernetConnection,
    HostdevConnection,
    MacvtapMode,
    UserConnection,
    VhostUserConnection,
)
from covirt.model.domain.devices.teaming import TeamingType

if TYPE_CHECKING:
    from covirt.model.domain.devices.interface import Interface


def check(card: Interface) -> None:
    """All checks of a definition, in the order in which a user sees them."""
    ethernet = isinstance(card.connection, EthernetConnection)
    if (card.host_routes or card.host_ips) and not ethernet:
        raise ConfigUnsupported(
            "Invalid attempt to set network interface host-side IP route and/or address info on interface of type "
            f"'{card.type}'. This is only supported on interfaces of type 'ethernet'"
        )
    if card.managed_target is False and not ethernet:
        raise ConfigUnsupported(f"unmanaged target dev is not supported on interfaces of type '{card.type}'")
    check_teaming(card)
    check_isolation(card, card.type, card.virtualport, card.isolated)
    if not card.virtio:
        card.driver.virtio.check_absent()
    check_passt(card)
    if card.bandwidth:
        card.bandwidth.check()


def check_teaming(card: Interface) -> None:
    """Only the one that leaves names the one that stays."""
    teaming = card.teaming
    if teaming is None or teaming.type is None:
        return
    if teaming.type is TeamingType.TRANSIENT:
        if teaming.persistent is None:
            raise ConfigUnsupported("teaming persistent attribute must be set if teaming type is 'transient'")
    elif teaming.persistent is not None:
        raise ConfigUnsupported(f"teaming persistent attribute not allowed if teaming type is '{teaming.type}'")


def check_isolation(card: Interface, kind: str, virtualport: VirtualPort | None, isolated: bool | None) -> None:
    """Only plain bridges keep their ports apart."""
    if not isolated:
        return
    refusal = f"interface {card.mac} - <port isolated='yes'/> is not supported for network interfaces with "
    if kind not in ("network", "bridge"):
        raise ConfigUnsupported(f"{refusal}type='{kind}'")
    if virtualport and virtualport.type is not None:
        raise ConfigUnsupported(f"{refusal}virtualport type='{virtualport.type}'")


def check_passt(card: Interface) -> None:
    """Forwarded ports and the choice of the host's interface belong to passt."""
    connection, passt = card.connection, card.backend.passt
    private = isinstance(connection, UserConnection | VhostUserConnection)
    if passt and not private:
        raise ConfigUnsupported("The 'passt' backend can only be used with interface type='user' or type='vhostuser'")
    if not card.port_forwards:
        return
    if not (private and passt):
        raise ConfigUnsupported(
            "The <portForward> element can only be used with the 'passt' backend of interface type='user' "
            "or type='vhostuser'"
        )
    for forward in card.port_forwards:
        for part in forward.ranges:
            if not part.start and (part.end or part.to or part.exclude is not None):
                raise ConfigUnsupported(
                    "The 'range' of a 'portForward' requires 'start' attribute if 'end', 'to', or 'exclude' "
                    "is specified"
                )


def check_actual(card: Interface) -> None:
    """Checks once the actual connection is known: VLANs and bandwidth where they can be."""
    connection = card.connected
    actual = card.actual or card
    vport = actual.virtualport
    open_vswitch = vport is None or vport.type is VirtualPortType.OPENVSWITCH
    tagged = (
        isinstance(connection, HostdevConnection)
        or (isinstance(connection, DirectConnection) and connection.mode is MacvtapMode.PASSTHROUGH)
        or (connection.type == "bridge" and open_vswitch)
    )
    if actual.vlan and not tagged:
        raise ConfigUnsupported(f"interface {card.mac} - vlan tag not supported for this connection type")
    if actual.bandwidth:
        if isinstance(connection, HostdevConnection):
            raise ConfigUnsupported(
                f"interface {card.mac} - bandwidth settings are not supported for hostdev interfaces"
            )
        actual.bandwidth.check()
    check_isolation(card, connection.type, vport, actual.isolated)
