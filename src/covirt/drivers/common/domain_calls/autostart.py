# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether guests start with the host."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import define
from covirt.api.request import Request
from covirt.drivers.common.guest import Guest
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.errors import OperationInvalid

Req = Request[GuestDriver[Guest], Guest]
calls = CallTable()


@calls.implements(define.autostart)
async def autostart(req: Req) -> bool:
    """Whether it starts with the host."""
    return req.guest.autostart


@calls.implements(define.autostart_once)
async def autostart_once(req: Req) -> bool:
    """Whether it starts at the host's next start."""
    return req.guest.autostart_once


@calls.implements(define.set_autostart)
async def set_autostart(req: Req, autostart: bool) -> None:
    """Start it with the host, or no more."""
    await _set(req, always=autostart, once=req.guest.autostart_once)


@calls.implements(define.set_autostart_once)
async def set_autostart_once(req: Req, autostart: bool) -> None:
    """Start it at the host's next start, or not."""
    await _set(req, always=req.guest.autostart, once=autostart)


async def _set(req: Req, *, always: bool, once: bool) -> None:
    guest = req.guest
    if not guest.persistent:
        raise OperationInvalid("cannot set autostart for transient domain")
    if (always, once) != (guest.autostart, guest.autostart_once):
        await req.driver.keeper.keep_autostart(guest, autostart=always, once=once)
        guest.autostart, guest.autostart_once = always, once
