# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ports by which guests are plugged into networks."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Network, NetworkPort
from covirt.api.layout import Listed, Max, Sized
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import NETWORK
from covirt.values import Uuid

call = Calls(NETWORK)


class NetworkPortCreateFlags(Flags, prefix="VIR_NETWORK_PORT_CREATE_"):
    """How to make a port."""

    RECLAIM = 1
    VALIDATE = 1 << 1


class NetworkPortBandwidthParam(ParamName, prefix="VIR_NETWORK_PORT_BANDWIDTH_"):
    """Limits of a port."""

    IN_AVERAGE = "inbound.average", ParamType.UINT
    IN_BURST = "inbound.burst", ParamType.UINT
    IN_FLOOR = "inbound.floor", ParamType.UINT
    IN_PEAK = "inbound.peak", ParamType.UINT
    OUT_AVERAGE = "outbound.average", ParamType.UINT
    OUT_BURST = "outbound.burst", ParamType.UINT
    OUT_PEAK = "outbound.peak", ParamType.UINT


@call(
    404,
    "virNetworkListAllPorts",
    acl="network:search_ports",
    filter="network_port:getattr",
    high=True,
    read_only=True,
    since="5.5.0",
)
def list_all_ports(net: Network, flags: NoFlags) -> Annotated[list[NetworkPort], Listed(limits.NETWORK_PORT_LIST)]:
    """List the ports of a network."""


@call(405, "virNetworkPortLookupByUUID", acl="network_port:getattr", high=True, since="5.5.0")
def port_lookup_by_uuid(net: Network, uuid: Uuid) -> NetworkPort:
    """Find a port of a network by its uuid."""


@call(406, "virNetworkPortCreateXML", acl="network_port:create", since="5.5.0")
def port_create_xml(net: Network, xml: str, flags: NetworkPortCreateFlags) -> NetworkPort:
    """Make a port as XML describes it."""


@call(407, "virNetworkPortGetParameters", acl="network_port:read", since="5.5.0")
def parameters(port: NetworkPort, flags: NoFlags) -> Annotated[TypedParams, Sized(limits.NETWORK_PORT_PARAMETERS)]:
    """Get the limits of traffic of a port."""


@call(408, "virNetworkPortSetParameters", acl="network_port:write", since="5.5.0")
def set_parameters(
    port: NetworkPort, params: Annotated[TypedParams, Max(limits.NETWORK_PORT_PARAMETERS)], flags: NoFlags
) -> None:
    """Set limits of traffic of a port."""


@call(409, "virNetworkPortGetXMLDesc", acl="network_port:read", since="5.5.0")
def xml_desc(port: NetworkPort, flags: NoFlags) -> str:
    """Describe the port as XML."""


@call(410, "virNetworkPortDelete", acl="network_port:delete", since="5.5.0")
def delete(port: NetworkPort, flags: NoFlags) -> None:
    """Remove a port."""
