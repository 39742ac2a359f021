# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network interfaces of the host."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Connect, Interface
from covirt.api.layout import Listed, UpTo
from covirt.api.themes import INTERFACE

call = Calls(INTERFACE)


class ConnectListAllInterfacesFlags(Flags, prefix="VIR_CONNECT_LIST_INTERFACES_"):
    """Which interfaces to list."""

    INACTIVE = 1
    ACTIVE = 1 << 1


class InterfaceXMLFlags(Flags, prefix="VIR_INTERFACE_XML_"):
    """What the description of an interface holds."""

    INACTIVE = 1


class InterfaceDefineFlags(Flags, prefix="VIR_INTERFACE_DEFINE_"):
    """How to define an interface."""

    VALIDATE = 1


@call(
    284,
    "virConnectListAllInterfaces",
    acl="connect:search_interfaces",
    filter="interface:getattr",
    high=True,
    since="0.10.2",
)
def list_all_interfaces(
    conn: Connect, flags: ConnectListAllInterfacesFlags
) -> Annotated[list[Interface], Listed(limits.INTERFACE_LIST)]:
    """List the interfaces that match the flags."""


@call(
    126,
    "virConnectNumOfInterfaces",
    acl="connect:search_interfaces",
    filter="interface:getattr",
    high=True,
    since="0.6.4",
)
def num_of_interfaces(conn: Connect) -> int:
    """Count the active interfaces."""


@call(
    127,
    "virConnectListInterfaces",
    acl="connect:search_interfaces",
    filter="interface:getattr",
    high=True,
    since="0.6.4",
)
def list_interfaces(conn: Connect) -> Annotated[list[str], UpTo(limits.INTERFACE_LIST)]:
    """List the names of the active interfaces."""


@call(
    137,
    "virConnectNumOfDefinedInterfaces",
    acl="connect:search_interfaces",
    filter="interface:getattr",
    high=True,
    since="0.7.0",
)
def num_of_defined_interfaces(conn: Connect) -> int:
    """Count the inactive interfaces."""


@call(
    138,
    "virConnectListDefinedInterfaces",
    acl="connect:search_interfaces",
    filter="interface:getattr",
    high=True,
    since="0.7.0",
)
def list_defined_interfaces(conn: Connect) -> Annotated[list[str], UpTo(limits.INTERFACE_LIST)]:
    """List the names of the inactive interfaces."""


@call(128, "virInterfaceLookupByName", acl="interface:getattr", high=True, since="0.6.4")
def interface_lookup_by_name(conn: Connect, name: str) -> Interface:
    """Find an interface by its name."""


@call(129, "virInterfaceLookupByMACString", acl="interface:getattr", high=True, since="0.6.4")
def interface_lookup_by_mac_string(conn: Connect, mac: str) -> Interface:
    """Find an interface by its hardware address."""


@call(130, "virInterfaceGetXMLDesc", acl="interface:read", since="0.6.4")
def xml_desc(iface: Interface, flags: InterfaceXMLFlags) -> str:
    """Describe the interface as XML."""


@call(131, "virInterfaceDefineXML", acl=("interface:write", "interface:save"), high=True, since="0.6.4")
def interface_define_xml(conn: Connect, xml: str, flags: InterfaceDefineFlags) -> Interface:
    """Define an interface from XML, or change a defined one."""


@call(132, "virInterfaceUndefine", acl="interface:delete", high=True, since="0.6.4")
def undefine(iface: Interface) -> None:
    """Remove the definition of an interface."""


@call(133, "virInterfaceCreate", acl="interface:start", since="0.6.4")
def create(iface: Interface, flags: NoFlags) -> None:
    """Bring an interface up."""


@call(134, "virInterfaceDestroy", acl="interface:stop", high=True, since="0.6.4")
def destroy(iface: Interface, flags: NoFlags) -> None:
    """Take an interface down."""


@call(156, "virInterfaceIsActive", acl="interface:read", high=True, since="0.7.3")
def is_active(iface: Interface) -> bool:
    """Tell whether the interface is up."""


@call(220, "virInterfaceChangeBegin", acl="connect:interface_transaction", since="0.9.2")
def change_begin(conn: Connect, flags: NoFlags) -> None:
    """Remember the interfaces as they are, to be able to go back."""


@call(221, "virInterfaceChangeCommit", acl="connect:interface_transaction", since="0.9.2")
def change_commit(conn: Connect, flags: NoFlags) -> None:
    """Keep what was changed since then."""


@call(222, "virInterfaceChangeRollback", acl="connect:interface_transaction", since="0.9.2")
def change_rollback(conn: Connect, flags: NoFlags) -> None:
    """Go back to the remembered interfaces."""
