# SPDX-License-Identifier: LGPL-2.1-or-later
"""How domains are found."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Flags
from covirt.api.handles import Connect, Domain
from covirt.api.layout import Listed, UpTo
from covirt.api.themes import DOMAIN
from covirt.values import Uuid

call = Calls(DOMAIN)


class ConnectListAllDomainsFlags(Flags, prefix="VIR_CONNECT_LIST_DOMAINS_"):
    """Which domains to list; flags of one group widen, groups narrow."""

    ACTIVE = 1
    INACTIVE = 1 << 1
    PERSISTENT = 1 << 2
    TRANSIENT = 1 << 3
    RUNNING = 1 << 4
    PAUSED = 1 << 5
    SHUTOFF = 1 << 6
    OTHER = 1 << 7
    MANAGEDSAVE = 1 << 8
    NO_MANAGEDSAVE = 1 << 9
    AUTOSTART = 1 << 10
    NO_AUTOSTART = 1 << 11
    HAS_SNAPSHOT = 1 << 12
    NO_SNAPSHOT = 1 << 13
    HAS_CHECKPOINT = 1 << 14
    NO_CHECKPOINT = 1 << 15


@call(273, "virConnectListAllDomains", acl="connect:search_domains", filter="domain:getattr", high=True, since="0.9.13")
def list_all_domains(
    conn: Connect, flags: ConnectListAllDomainsFlags
) -> Annotated[list[Domain], Listed(limits.DOMAIN_LIST)]:
    """List the domains that match the flags."""


@call(22, "virDomainLookupByID", acl="domain:getattr", high=True, since="0.0.3")
def lookup_by_id(conn: Connect, id: int) -> Domain:
    """Find a running domain by its number."""


@call(23, "virDomainLookupByName", acl="domain:getattr", high=True, since="0.0.3")
def lookup_by_name(conn: Connect, name: str) -> Domain:
    """Find a domain by its name."""


@call(24, "virDomainLookupByUUID", acl="domain:getattr", high=True, since="0.0.5")
def lookup_by_uuid(conn: Connect, uuid: Uuid) -> Domain:
    """Find a domain by its uuid."""


@call(37, "virConnectListDomains", acl="connect:search_domains", filter="domain:getattr", high=True, since="0.0.3")
def list_domains_id(conn: Connect) -> Annotated[list[int], UpTo(limits.DOMAIN_LIST)]:
    """List the numbers of the running domains."""


@call(51, "virConnectNumOfDomains", acl="connect:search_domains", filter="domain:getattr", high=True, since="0.0.3")
def num_of_domains(conn: Connect) -> int:
    """Count the running domains."""


@call(
    21, "virConnectListDefinedDomains", acl="connect:search_domains", filter="domain:getattr", high=True, since="0.1.1"
)
def list_defined_domains(conn: Connect) -> Annotated[list[str], UpTo(limits.DOMAIN_LIST)]:
    """List the names of the domains that do not run."""


@call(
    25, "virConnectNumOfDefinedDomains", acl="connect:search_domains", filter="domain:getattr", high=True, since="0.1.5"
)
def num_of_defined_domains(conn: Connect) -> int:
    """Count the domains that do not run."""
