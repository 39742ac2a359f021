# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pictures and keys of guests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import console as api
from covirt.api.domain.console import KeycodeSet
from covirt.api.enums import NoFlags
from covirt.api.request import Request
from covirt.drivers.test.guest import PretendedGuest
from covirt.drivers.test.picture import picture
from covirt.errors import InternalError
from covirt.keycodes import CODE_SETS, translate

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()


@calls.implements(api.screenshot)
async def screenshot(req: Req, screen: int, flags: NoFlags) -> str | None:
    """Every screen looks the same."""
    await req.byte_stream.send(picture())
    await req.byte_stream.end()
    return "image/png"


@calls.implements(api.inject_nmi)
async def inject_nmi(req: Req, flags: NoFlags) -> None:
    """Nothing is to be seen of it."""
    req.guest.require_active()


@calls.implements(api.send_key)
async def send_key(req: Req, codeset: KeycodeSet, holdtime: int, keycodes: list[int], flags: NoFlags) -> None:
    """Keys that there are may be pressed."""
    req.guest.require_active()
    name = CODE_SETS[codeset] if codeset < len(CODE_SETS) else str(int(codeset))
    for code in keycodes:
        if name not in CODE_SETS or translate(name, name, code) is None:
            raise InternalError(f"invalid keycode {code} of {name} codeset")
