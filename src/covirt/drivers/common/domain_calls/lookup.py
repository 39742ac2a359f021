# SPDX-License-Identifier: LGPL-2.1-or-later
"""How domains are found."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import lookup
from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.api.handles import Domain
from covirt.api.request import Request
from covirt.drivers.common.guest import Guest
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.values import Uuid

Req = Request[GuestDriver[Guest], Guest]
calls = CallTable()


@calls.implements(lookup.list_all_domains)
async def list_all_domains(req: Req, flags: ConnectListAllDomainsFlags) -> list[Domain]:
    """Those that match the flags."""
    return [guest.handle for guest in req.driver.guests.matching(flags)]


@calls.implements(lookup.lookup_by_id)
async def lookup_by_id(req: Req, id: int) -> Domain:
    """The running one of that number."""
    return req.driver.guests.by_id(id).handle


@calls.implements(lookup.lookup_by_name)
async def lookup_by_name(req: Req, name: str) -> Domain:
    """The one of that name."""
    return req.driver.guests.by_name(name).handle


@calls.implements(lookup.lookup_by_uuid)
async def lookup_by_uuid(req: Req, uuid: Uuid) -> Domain:
    """The one of that uuid."""
    return req.driver.guests.by_uuid(uuid).handle


async def _visible(req: Req, *, active: bool) -> list[Domain]:
    return await req.visible([guest.handle for guest in req.driver.guests if guest.active is active])


@calls.implements(lookup.list_domains_id)
async def list_domains_id(req: Req) -> list[int]:
    """The numbers of those that run."""
    return [handle.id for handle in await _visible(req, active=True)]


@calls.implements(lookup.num_of_domains)
async def num_of_domains(req: Req) -> int:
    """How many run."""
    return len(await _visible(req, active=True))


@calls.implements(lookup.list_defined_domains)
async def list_defined_domains(req: Req) -> list[str]:
    """The names of those that do not run."""
    return [handle.name for handle in await _visible(req, active=False)]


@calls.implements(lookup.num_of_defined_domains)
async def num_of_defined_domains(req: Req) -> int:
    """How many do not run."""
    return len(await _visible(req, active=False))
