# SPDX-License-Identifier: LGPL-2.1-or-later
"""The use of filters on the cards of guests."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Connect, NWFilterBinding
from covirt.api.layout import Listed
from covirt.api.themes import NWFILTER

call = Calls(NWFILTER)


class NWFilterBindingCreateFlags(Flags, prefix="VIR_NWFILTER_BINDING_CREATE_"):
    """How to bind a filter."""

    VALIDATE = 1


@call(
    401,
    "virConnectListAllNWFilterBindings",
    acl="connect:search_nwfilter_bindings",
    filter="nwfilter_binding:getattr",
    high=True,
    since="4.5.0",
)
def list_all_nwfilter_bindings(
    conn: Connect, flags: NoFlags
) -> Annotated[list[NWFilterBinding], Listed(limits.NWFILTER_BINDING_LIST)]:
    """List the bindings."""


@call(397, "virNWFilterBindingLookupByPortDev", acl="nwfilter_binding:getattr", high=True, since="4.5.0")
def nwfilter_binding_lookup_by_port_dev(conn: Connect, name: str) -> NWFilterBinding:
    """Find the binding of a port device."""


@call(398, "virNWFilterBindingGetXMLDesc", acl="nwfilter_binding:read", high=True, since="4.5.0")
def xml_desc(binding: NWFilterBinding, flags: NoFlags) -> str:
    """Describe the binding as XML."""


@call(399, "virNWFilterBindingCreateXML", acl="nwfilter_binding:create", high=True, since="4.5.0")
def nwfilter_binding_create_xml(conn: Connect, xml: str, flags: NWFilterBindingCreateFlags) -> NWFilterBinding:
    """Bind a filter to a port device as XML describes it."""


@call(400, "virNWFilterBindingDelete", acl="nwfilter_binding:delete", high=True, since="4.5.0")
def delete(binding: NWFilterBinding) -> None:
    """Take the filter off the port device."""
