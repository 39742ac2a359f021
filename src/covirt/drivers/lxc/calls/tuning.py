# SPDX-License-Identifier: LGPL-2.1-or-later
"""Limits that are seen and changed: memory."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import memory as api
from covirt.api.domain.memory import DomainMemoryModFlags
from covirt.drivers.lxc import limits
from covirt.drivers.lxc.calls.request import Req
from covirt.errors import InvalidArg
from covirt.runtime.loop import in_thread

calls = CallTable()


@calls.implements(api.set_memory)
async def set_memory(req: Req, memory: int) -> None:
    """Change the memory that the container may use now."""
    await _set_memory(req, memory, DomainMemoryModFlags.LIVE)


@calls.implements(api.set_memory_flags, flags=DomainMemoryModFlags.LIVE | DomainMemoryModFlags.CONFIG)
async def set_memory_flags(req: Req, memory: int, flags: DomainMemoryModFlags) -> None:
    """Change it now, at the next start, or both."""
    await _set_memory(req, memory, flags)


async def _set_memory(req: Req, memory: int, flags: DomainMemoryModFlags) -> None:
    guest = req.guest
    running, persistent = guest.chosen(
        live=DomainMemoryModFlags.LIVE in flags, config=DomainMemoryModFlags.CONFIG in flags
    )
    for definition in (running, persistent):
        if definition is not None and memory > definition.memory.total:
            raise InvalidArg("Cannot set memory higher than max memory")
    if running is not None:
        await in_thread(limits.set_memory, guest.group, memory)
    for definition in (running, persistent):
        if definition is not None:
            definition.memory.current = memory
    await req.driver.save(guest, live=running is not None, config=persistent is not None)
