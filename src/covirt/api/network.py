# SPDX-License-Identifier: LGPL-2.1-or-later
"""Virtual networks."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.access import when
from covirt.api.call import Calls, exclusive
from covirt.api.domain.agent import IPAddrType
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.event import Event, event
from covirt.api.handles import Connect, Network
from covirt.api.layout import Listed, Long, UInt, UpTo, Width
from covirt.api.themes import NETWORK
from covirt.values import Uuid

call = Calls(NETWORK)


class NetworkEventID(Number, prefix="VIR_NETWORK_EVENT_ID_"):
    """The numbers of the kinds of network events."""

    LIFECYCLE = 0
    METADATA_CHANGE = 1


class NetworkEventLifecycleType(Number, prefix="VIR_NETWORK_EVENT_"):
    """What happened in the life of a network."""

    DEFINED = 0
    UNDEFINED = 1
    STARTED = 2
    STOPPED = 3


class ConnectListAllNetworksFlags(Flags, prefix="VIR_CONNECT_LIST_NETWORKS_"):
    """Which networks to list."""

    INACTIVE = 1
    ACTIVE = 1 << 1
    PERSISTENT = 1 << 2
    TRANSIENT = 1 << 3
    AUTOSTART = 1 << 4
    NO_AUTOSTART = 1 << 5


class NetworkDefineFlags(Flags, prefix="VIR_NETWORK_DEFINE_"):
    """How to define a network."""

    VALIDATE = 1


class NetworkCreateFlags(Flags, prefix="VIR_NETWORK_CREATE_"):
    """How to start a network."""

    VALIDATE = 1


class NetworkUpdateCommand(Number, prefix="VIR_NETWORK_UPDATE_COMMAND_"):
    """What to do with a part of a network."""

    NONE = 0
    MODIFY = 1
    DELETE = 2
    ADD_LAST = 3
    ADD_FIRST = 4


class NetworkUpdateSection(Number, prefix="VIR_NETWORK_SECTION_"):
    """Which part of a network."""

    NONE = 0
    BRIDGE = 1
    DOMAIN = 2
    IP = 3
    IP_DHCP_HOST = 4
    IP_DHCP_RANGE = 5
    FORWARD = 6
    FORWARD_INTERFACE = 7
    FORWARD_PF = 8
    PORTGROUP = 9
    DNS_HOST = 10
    DNS_TXT = 11
    DNS_SRV = 12


class NetworkUpdateFlags(Flags, prefix="VIR_NETWORK_UPDATE_AFFECT_"):
    """When a change of a network takes effect."""

    CURRENT = 0
    LIVE = 1
    CONFIG = 1 << 1


class NetworkXMLFlags(Flags, prefix="VIR_NETWORK_XML_"):
    """What the description of a network holds."""

    INACTIVE = 1


class NetworkMetadataType(Number, prefix="VIR_NETWORK_METADATA_"):
    """Which piece of metadata."""

    DESCRIPTION = 0
    TITLE = 1
    ELEMENT = 2


class DhcpLease(NamedTuple):
    """An address that a network has given out."""

    iface: str
    expirytime: Long
    type: IPAddrType
    mac: str | None
    iaid: str | None
    ipaddr: str
    prefix: UInt
    hostname: str | None
    clientid: str | None


@call(
    283, "virConnectListAllNetworks", acl="connect:search_networks", filter="network:getattr", high=True, since="0.10.2"
)
def list_all_networks(
    conn: Connect, flags: ConnectListAllNetworksFlags
) -> Annotated[list[Network], Listed(limits.NETWORK_LIST)]:
    """List the networks that match the flags."""


@call(46, "virNetworkLookupByName", acl="network:getattr", high=True, since="0.2.0")
def network_lookup_by_name(conn: Connect, name: str) -> Network:
    """Find a network by its name."""


@call(47, "virNetworkLookupByUUID", acl="network:getattr", high=True, since="0.2.0")
def network_lookup_by_uuid(conn: Connect, uuid: Uuid) -> Network:
    """Find a network by its uuid."""


@call(52, "virConnectNumOfNetworks", acl="connect:search_networks", filter="network:getattr", high=True, since="0.2.0")
def num_of_networks(conn: Connect) -> int:
    """Count the active networks."""


@call(38, "virConnectListNetworks", acl="connect:search_networks", filter="network:getattr", high=True, since="0.2.0")
def list_networks(conn: Connect) -> Annotated[list[str], UpTo(limits.NETWORK_LIST)]:
    """List the names of the active networks."""


@call(
    50,
    "virConnectNumOfDefinedNetworks",
    acl="connect:search_networks",
    filter="network:getattr",
    high=True,
    since="0.2.0",
)
def num_of_defined_networks(conn: Connect) -> int:
    """Count the inactive networks."""


@call(
    36,
    "virConnectListDefinedNetworks",
    acl="connect:search_networks",
    filter="network:getattr",
    high=True,
    since="0.2.0",
)
def list_defined_networks(conn: Connect) -> Annotated[list[str], UpTo(limits.NETWORK_LIST)]:
    """List the names of the inactive networks."""


@call(41, "virNetworkDefineXML", acl=("network:write", "network:save"), high=True, since="0.2.0")
def network_define_xml(conn: Connect, xml: str) -> Network:
    """Define a network from XML, or change a defined one."""


@call(432, "virNetworkDefineXMLFlags", acl=("network:write", "network:save"), high=True, since="7.7.0")
def network_define_xml_flags(conn: Connect, xml: str, flags: NetworkDefineFlags) -> Network:
    """Define a network from XML, with checks as the flags say."""


@call(40, "virNetworkCreateXML", acl=("network:write", "network:start"), since="0.2.0")
def network_create_xml(conn: Connect, xml: str) -> Network:
    """Start a network that has no definition of its own."""


@call(437, "virNetworkCreateXMLFlags", acl=("network:write", "network:start"), high=True, since="7.8.0")
def network_create_xml_flags(conn: Connect, xml: str, flags: NetworkCreateFlags) -> Network:
    """Start such a network, with checks as the flags say."""


@call(39, "virNetworkCreate", acl="network:start", since="0.2.0")
def create(net: Network) -> None:
    """Start a defined network."""


@call(42, "virNetworkDestroy", acl="network:stop", high=True, since="0.2.0")
def destroy(net: Network) -> None:
    """Stop a network."""


@call(49, "virNetworkUndefine", acl="network:delete", high=True, since="0.2.0")
def undefine(net: Network) -> None:
    """Remove the definition of a network."""


@call(
    291,
    "virNetworkUpdate",
    acl=(
        "network:write",
        when("network:save", none_set=NetworkUpdateFlags.CONFIG | NetworkUpdateFlags.LIVE),
        when("network:save", all_set=NetworkUpdateFlags.CONFIG),
    ),
    high=True,
    since="0.10.2",
)
def update(
    net: Network,
    command: Annotated[NetworkUpdateCommand, Width.UINT],
    section: Annotated[NetworkUpdateSection, Width.UINT],
    parent_index: int,
    xml: str,
    flags: NetworkUpdateFlags,
) -> None:
    """Change one part of a network, now or for the next start."""


@call(43, "virNetworkGetXMLDesc", acl="network:read", high=True, since="0.2.0")
def xml_desc(net: Network, flags: NetworkXMLFlags) -> str:
    """Describe the network as XML."""


@call(45, "virNetworkGetBridgeName", acl="network:read", high=True, since="0.2.0")
def bridge_name(net: Network) -> str:
    """Get the name of the host bridge that the network uses."""


@call(44, "virNetworkGetAutostart", acl="network:read", high=True, since="0.2.1")
def autostart(net: Network) -> bool:
    """Tell whether the network is started with the host."""


@call(48, "virNetworkSetAutostart", acl="network:write", high=True, since="0.2.1")
def set_autostart(net: Network, autostart: bool) -> None:
    """Set whether the network is started with the host."""


@call(152, "virNetworkIsActive", acl="network:read", high=True, since="0.7.3")
def is_active(net: Network) -> bool:
    """Tell whether the network is up."""


@call(153, "virNetworkIsPersistent", acl="network:read", high=True, since="0.7.3")
def is_persistent(net: Network) -> bool:
    """Tell whether the network has a definition that outlives its run."""


@call(341, "virNetworkGetDHCPLeases", acl="network:read", since="1.2.6")
def dhcp_leases(
    net: Network, mac: str | None, flags: NoFlags
) -> Annotated[list[DhcpLease], Listed(limits.NETWORK_DHCP_LEASES)]:
    """List the addresses that the network has given out, to one card or all."""


@call(
    444,
    "virNetworkSetMetadata",
    acl=(
        "network:write",
        when("network:save", none_set=NetworkUpdateFlags.CONFIG | NetworkUpdateFlags.LIVE),
        when("network:save", all_set=NetworkUpdateFlags.CONFIG),
    ),
    since="9.7.0",
)
def set_metadata(
    net: Network,
    type: NetworkMetadataType,
    metadata: str | None,
    key: str | None,
    uri: str | None,
    flags: NetworkUpdateFlags,
) -> None:
    """Set or remove the title, the description or the element of one namespace."""


@call(
    445,
    "virNetworkGetMetadata",
    acl="network:read",
    rules=(exclusive(NetworkUpdateFlags.LIVE, NetworkUpdateFlags.CONFIG),),
    since="9.7.0",
)
def metadata(net: Network, type: NetworkMetadataType, uri: str | None, flags: NetworkUpdateFlags) -> str:
    """Get the title, the description or the element of one namespace."""


@event(315, id=0, symbol="VIR_NETWORK_EVENT_ID_LIFECYCLE", theme=NETWORK)
class NetworkLifecycle(Event):
    """A network was defined, started, stopped or undefined."""

    net: Network
    event: NetworkEventLifecycleType
    detail: int


@event(446, id=1, symbol="VIR_NETWORK_EVENT_ID_METADATA_CHANGE", theme=NETWORK)
class NetworkMetadataChange(Event):
    """Title, description or a note of an application changed."""

    net: Network
    type: NetworkMetadataType
    ns_uri: str | None
