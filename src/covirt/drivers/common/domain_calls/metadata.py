# SPDX-License-Identifier: LGPL-2.1-or-later
"""Title, description and the notes of applications."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import metadata as api
from covirt.api.domain.events import MetadataChange
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.metadata import DomainMetadataType
from covirt.api.request import Request
from covirt.drivers.common.guest import Guest
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.drivers.common.metadata import check_metadata, get_metadata
from covirt.drivers.common.metadata import set_metadata as change_metadata
from covirt.errors import NoSuchDomainMetadata

Req = Request[GuestDriver[Guest], Guest]
calls = CallTable()


@calls.implements(api.metadata)
async def metadata(req: Req, type: DomainMetadataType, uri: str | None, flags: DomainModificationImpact) -> str:
    """One piece of metadata."""
    definition = req.guest.chosen_one(
        live=DomainModificationImpact.LIVE in flags, config=DomainModificationImpact.CONFIG in flags
    )
    found = get_metadata(definition, int(type), uri)
    if found is None:
        raise NoSuchDomainMetadata("Requested metadata element is not present")
    return found


@calls.implements(api.set_metadata)
async def set_metadata(
    req: Req,
    type: DomainMetadataType,
    metadata: str | None,
    key: str | None,
    uri: str | None,
    flags: DomainModificationImpact,
) -> None:
    """Change or remove one piece of metadata, of the run, the definition, or both."""
    check_metadata("virDomainSetMetadata", int(type), metadata, key, uri)
    running, persistent = req.guest.chosen(
        live=DomainModificationImpact.LIVE in flags, config=DomainModificationImpact.CONFIG in flags
    )
    for definition in (running, persistent):
        if definition is not None:
            change_metadata(definition, int(type), metadata, key, uri)
    await req.driver.save(req.guest, live=running is not None, config=persistent is not None)
    req.driver.bus.publish(MetadataChange(req.guest.handle, type, uri))
