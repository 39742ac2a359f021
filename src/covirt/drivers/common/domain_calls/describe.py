# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains described as XML."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import info
from covirt.api.domain.info import DomainXMLFlags
from covirt.api.request import Request
from covirt.drivers.common.guest import Guest
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.xml import Context

Req = Request[GuestDriver[Guest], Guest]
calls = CallTable()

_CONTEXTS = {
    DomainXMLFlags.SECURE: Context.SECURE,
    DomainXMLFlags.INACTIVE: Context.INACTIVE,
    DomainXMLFlags.MIGRATABLE: Context.MIGRATABLE,
}


@calls.implements(info.xml_desc)
async def xml_desc(req: Req, flags: DomainXMLFlags) -> str:
    """The running or the persistent definition."""
    guest = req.guest
    await req.driver.refresh(guest)
    definition = guest.persistent_definition if DomainXMLFlags.INACTIVE in flags else guest.definition
    shown = await req.driver.describe(guest, definition, flags)
    return shown.format(context_of(flags))


def context_of(flags: DomainXMLFlags) -> Context:
    """What a description with these flags holds."""
    context = Context.NONE
    for flag, meaning in _CONTEXTS.items():
        if flag in flags:
            context |= meaning
    return context
