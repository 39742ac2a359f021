# SPDX-License-Identifier: LGPL-2.1-or-later
"""Title, description and the notes that applications keep in a definition."""

from __future__ import annotations

from covirt.api.access import when
from covirt.api.call import Calls, Job, exclusive
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.enums import Number
from covirt.api.handles import Domain
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainMetadataType(Number, prefix="VIR_DOMAIN_METADATA_"):
    """Which piece of metadata."""

    DESCRIPTION = 0
    TITLE = 1
    ELEMENT = 2


@call(
    264,
    "virDomainSetMetadata",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainModificationImpact.CONFIG | DomainModificationImpact.LIVE),
        when("domain:save", all_set=DomainModificationImpact.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.9.10",
)
def set_metadata(
    dom: Domain,
    type: DomainMetadataType,
    metadata: str | None,
    key: str | None,
    uri: str | None,
    flags: DomainModificationImpact,
) -> None:
    """Set or remove the title, the description or the element of one namespace."""


@call(
    265,
    "virDomainGetMetadata",
    acl="domain:read",
    rules=(exclusive(DomainModificationImpact.LIVE, DomainModificationImpact.CONFIG),),
    since="0.9.10",
)
def metadata(dom: Domain, type: DomainMetadataType, uri: str | None, flags: DomainModificationImpact) -> str:
    """Get the title, the description or the element of one namespace."""
