# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sets of firewall rules for guests."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Connect, NWFilter
from covirt.api.layout import Listed, UpTo
from covirt.api.themes import NWFILTER
from covirt.values import Uuid

call = Calls(NWFILTER)


class NWFilterDefineFlags(Flags, prefix="VIR_NWFILTER_DEFINE_"):
    """How to define a filter."""

    VALIDATE = 1


@call(
    286,
    "virConnectListAllNWFilters",
    acl="connect:search_nwfilters",
    filter="nwfilter:getattr",
    high=True,
    since="0.10.2",
)
def list_all_nwfilters(conn: Connect, flags: NoFlags) -> Annotated[list[NWFilter], Listed(limits.NWFILTER_LIST)]:
    """List the filters."""


@call(
    178, "virConnectNumOfNWFilters", acl="connect:search_nwfilters", filter="nwfilter:getattr", high=True, since="0.8.0"
)
def num_of_nwfilters(conn: Connect) -> int:
    """Count the filters."""


@call(
    179, "virConnectListNWFilters", acl="connect:search_nwfilters", filter="nwfilter:getattr", high=True, since="0.8.0"
)
def list_nwfilters(conn: Connect) -> Annotated[list[str], UpTo(limits.NWFILTER_LIST)]:
    """List the names of the filters."""


@call(175, "virNWFilterLookupByName", acl="nwfilter:getattr", high=True, since="0.8.0")
def nwfilter_lookup_by_name(conn: Connect, name: str) -> NWFilter:
    """Find a filter by its name."""


@call(176, "virNWFilterLookupByUUID", acl="nwfilter:getattr", high=True, since="0.8.0")
def nwfilter_lookup_by_uuid(conn: Connect, uuid: Uuid) -> NWFilter:
    """Find a filter by its uuid."""


@call(177, "virNWFilterGetXMLDesc", acl="nwfilter:read", high=True, since="0.8.0")
def xml_desc(nwfilter: NWFilter, flags: NoFlags) -> str:
    """Describe the filter as XML."""


@call(180, "virNWFilterDefineXML", acl=("nwfilter:write", "nwfilter:save"), high=True, since="0.8.0")
def nwfilter_define_xml(conn: Connect, xml: str) -> NWFilter:
    """Define a filter from XML, or change a defined one."""


@call(431, "virNWFilterDefineXMLFlags", acl=("nwfilter:write", "nwfilter:save"), high=True, since="7.7.0")
def nwfilter_define_xml_flags(conn: Connect, xml: str, flags: NWFilterDefineFlags) -> NWFilter:
    """Define a filter from XML, with checks as the flags say."""


@call(181, "virNWFilterUndefine", acl="nwfilter:delete", high=True, since="0.8.0")
def undefine(nwfilter: NWFilter) -> None:
    """Remove the definition of a filter."""
