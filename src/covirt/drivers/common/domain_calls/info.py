# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a guest is, as far as its definition and state tell."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import info, memory
from covirt.api.domain.info import DomainMessageType, StateAndReason
from covirt.api.enums import NoFlags
from covirt.api.request import Request
from covirt.drivers.common.guest import Guest
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.model.domain.definition import DomainDefinition

Req = Request[GuestDriver[Guest], Guest]
calls = CallTable()


@calls.implements(info.state)
async def state(req: Req, flags: NoFlags) -> StateAndReason:
    """What it does, and why."""
    return StateAndReason(req.guest.state, int(req.guest.reason))


@calls.implements(info.is_active)
async def is_active(req: Req) -> bool:
    """Whether it runs."""
    return req.guest.active


@calls.implements(info.os_type)
async def os_type(req: Req) -> str:
    """The kind of operating system interface."""
    return str(req.guest.definition.os.type)


@calls.implements(info.messages)
async def messages(req: Req, flags: DomainMessageType) -> list[str]:
    """What is remarkable about it."""
    found: list[str] = []
    if not flags or DomainMessageType.TAINTING in flags:
        found += [f"tainted: {taint}" for taint in req.guest.taints]
    if not flags or DomainMessageType.DEPRECATION in flags:
        found += [f"deprecated configuration: {text}" for text in req.guest.deprecations]
    return found


@calls.implements(memory.max_memory)
async def max_memory(req: Req) -> int:
    """The most memory that it may use."""
    definition: DomainDefinition = req.guest.definition
    return definition.memory.total
