# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests are defined, undefined, renamed, described; mostly as in every driver that keeps them in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import define, info
from covirt.api.domain.define import DomainUndefineFlags
from covirt.api.domain.events import DomainEventType, DomainEventUndefinedDetailType
from covirt.api.domain.info import DomainXMLFlags
from covirt.api.request import Request
from covirt.drivers.common.domain_calls import define as common
from covirt.drivers.common.domain_calls import describe
from covirt.drivers.test.guest import PretendedGuest
from covirt.errors import OperationInvalid

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()

calls.implements(define.define_xml)(common.define_xml)
calls.implements(define.define_xml_flags)(common.define_xml_flags)
calls.implements(define.rename)(common.rename)
calls.implements(define.is_persistent)(common.is_persistent)
calls.implements(info.xml_desc, flags=~DomainXMLFlags.UPDATE_CPU)(describe.xml_desc)


@calls.implements(define.undefine)
async def undefine(req: Req) -> None:
    """Remove the definition if nothing hangs on it."""
    await _undefine(req, DomainUndefineFlags(0))


@calls.implements(
    define.undefine_flags, flags=DomainUndefineFlags.MANAGED_SAVE | DomainUndefineFlags.SNAPSHOTS_METADATA
)
async def undefine_flags(req: Req, flags: DomainUndefineFlags) -> None:
    """Remove the definition, and what hangs on it if the flags say so."""
    await _undefine(req, flags)


async def _undefine(req: Req, flags: DomainUndefineFlags) -> None:
    """A guest that runs goes on without definition, whether or not it had one."""
    guest = req.guest
    if guest.managed_save and DomainUndefineFlags.MANAGED_SAVE not in flags:
        raise OperationInvalid("Refusing to undefine while domain managed save image exists")
    count = guest.snapshot_count
    if not guest.active and count and DomainUndefineFlags.SNAPSHOTS_METADATA not in flags:
        raise OperationInvalid(f"cannot delete inactive domain with {count} snapshots")
    handle = guest.handle
    guest.managed_save = guest.persistent = False
    await req.driver.drop_if_transient(guest)
    req.driver.publish_lifecycle(handle, DomainEventType.UNDEFINED, DomainEventUndefinedDetailType.REMOVED)


@calls.implements(define.is_updated)
async def is_updated(req: Req) -> bool:
    """Nothing is known of it."""
    return False


@calls.implements(define.autostart)
async def autostart(req: Req) -> bool:
    """Whether it would start with the host."""
    return req.guest.autostart


@calls.implements(define.set_autostart)
async def set_autostart(req: Req, autostart: bool) -> None:
    """Any guest can be marked."""
    req.guest.autostart = autostart
