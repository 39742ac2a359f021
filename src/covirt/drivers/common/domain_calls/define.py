# SPDX-License-Identifier: LGPL-2.1-or-later
"""Definitions: made, changed, renamed, removed."""

from __future__ import annotations

from typing import Any

from covirt.api.binding import CallTable
from covirt.api.domain import define
from covirt.api.domain.define import DomainDefineFlags, DomainUndefineFlags
from covirt.api.domain.events import (
    DomainEventDefinedDetailType,
    DomainEventType,
    DomainEventUndefinedDetailType,
)
from covirt.api.domain.states import DomainState
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain
from covirt.api.request import Request
from covirt.drivers.common.guest import Guest
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.errors import InvalidArg, OperationInvalid, XmlDetail

Req = Request[GuestDriver[Guest], Guest]
calls = CallTable()


@calls.implements(define.define_xml)
async def define_xml(req: Req, xml: str) -> Domain:
    """Define without checks beyond the usual."""
    return await define_guest(req, xml)


@calls.implements(define.define_xml_flags)
async def define_xml_flags(req: Req, xml: str, flags: DomainDefineFlags) -> Domain:
    """Define, perhaps with the schema's checks."""
    return await define_guest(req, xml, validate=DomainDefineFlags.VALIDATE in flags)


async def define_guest(req: Req, text: str, *, validate: bool = False) -> Domain:
    """Keep a definition for a new guest or one that is there; a failed write changes nothing."""
    driver = req.driver
    definition = await driver.read_definition(text, validate=validate)
    if "\n" in definition.name:
        raise XmlDetail("invalid char in name: \n")
    assert definition.uuid is not None
    await req.authorize(Domain(definition.name, definition.uuid))
    guest = driver.guests.check(definition)
    fresh = guest is None
    guest = guest or driver.guests.add(definition)
    before = None if fresh else guest.assign(definition)
    was_persistent, guest.persistent = guest.persistent, True
    try:
        await driver.keeper.keep(guest)
    except BaseException:
        _restore(driver, guest, before, fresh, was_persistent)
        raise
    detail = DomainEventDefinedDetailType.UPDATED if before is not None else DomainEventDefinedDetailType.ADDED
    driver.publish_lifecycle(guest.handle, DomainEventType.DEFINED, detail)
    handle: Domain = guest.handle
    return handle


def _restore(driver: GuestDriver[Guest], guest: Guest, before: Any, fresh: bool, was_persistent: bool) -> None:
    guest.persistent = was_persistent
    if fresh:
        driver.guests.remove(guest)
    elif guest.active:
        guest.next = before
    else:
        guest.definition = before


@calls.implements(define.undefine)
async def undefine(req: Req) -> None:
    """Remove the definition if nothing hangs on it."""
    await undefine_guest(req, DomainUndefineFlags(0))


@calls.implements(define.undefine_flags)
async def undefine_flags(req: Req, flags: DomainUndefineFlags) -> None:
    """Remove the definition and what the flags say."""
    await undefine_guest(req, flags)


_BOTH = (
    (DomainUndefineFlags.NVRAM | DomainUndefineFlags.KEEP_NVRAM, "nvram"),
    (DomainUndefineFlags.TPM | DomainUndefineFlags.KEEP_TPM, "TPM"),
)


async def undefine_guest(req: Req, flags: DomainUndefineFlags) -> None:
    """Remove the definition; a guest that runs goes on without one."""
    driver, guest = req.driver, req.guest
    for both, what in _BOTH:
        if flags & both == both:
            raise OperationInvalid(f"cannot both keep and delete {what}")
    if not guest.persistent:
        raise OperationInvalid("cannot undefine transient domain")
    await driver.release(guest, flags)
    await driver.keeper.forget(guest)
    guest.persistent = guest.autostart = guest.autostart_once = False
    handle = guest.handle
    await driver.drop_if_transient(guest)
    driver.publish_lifecycle(handle, DomainEventType.UNDEFINED, DomainEventUndefinedDetailType.REMOVED)


@calls.implements(define.rename)
async def rename(req: Req, new_name: str | None, flags: NoFlags) -> int:
    """Give a guest that does not run another name."""
    driver, guest = req.driver, req.guest
    if not new_name:
        raise InvalidArg("string parameter 'new_name' in virDomainRename must not be empty")
    _check_rename(guest)
    driver.guests.check_new_name(guest, new_name)
    old = guest.handle
    driver.guests.rename(guest, new_name)
    try:
        await driver.keeper.rename(guest, old.name)
    except BaseException:
        driver.guests.rename(guest, old.name)
        raise
    driver.publish_lifecycle(old, DomainEventType.UNDEFINED, DomainEventUndefinedDetailType.RENAMED)
    driver.publish_lifecycle(guest.handle, DomainEventType.DEFINED, DomainEventDefinedDetailType.RENAMED)
    return 0


def _check_rename(guest: Guest) -> None:
    if guest.active:
        raise OperationInvalid("cannot rename active domain")
    if not guest.persistent:
        raise OperationInvalid("cannot rename a transient domain")
    if guest.managed_save:
        raise OperationInvalid("domain with a managed saved state can't be renamed")
    if guest.state is not DomainState.SHUTOFF:
        raise OperationInvalid("domain has to be shutoff before renaming")


@calls.implements(define.is_persistent)
async def is_persistent(req: Req) -> bool:
    """Whether it has a definition that outlives its run."""
    return req.guest.persistent


@calls.implements(define.is_updated)
async def is_updated(req: Req) -> bool:
    """Whether its definition differs from what it began with."""
    return req.guest.updated
