# SPDX-License-Identifier: LGPL-2.1-or-later
"""How much memory guests have, and what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import memory as api
from covirt.api.domain.memory import DomainMemoryFlags, DomainMemoryModFlags, DomainMemoryStatTags, MemoryStat
from covirt.api.enums import NoFlags
from covirt.api.request import Request
from covirt.drivers.common.arguments import require_nonzero
from covirt.drivers.common.domain_calls import info as common
from covirt.drivers.common.impact import chosen_one
from covirt.drivers.test.guest import FIRST_TIME, PretendedGuest
from covirt.errors import InternalError, InvalidArg, OperationInvalid
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.memballoon import MemballoonModel

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()

calls.implements(api.max_memory)(common.max_memory)


@calls.implements(api.set_memory)
async def set_memory(req: Req, memory: int) -> None:
    """Change what a running guest has."""
    _set_memory(req, memory, DomainMemoryModFlags.LIVE)


@calls.implements(api.set_max_memory)
async def set_max_memory(req: Req, memory: int) -> None:
    """Change what a guest can have."""
    _set_memory(req, memory, DomainMemoryModFlags.MAXIMUM)


@calls.implements(api.set_memory_flags)
async def set_memory_flags(req: Req, memory: int, flags: DomainMemoryModFlags) -> None:
    """Change what a guest has or can have; of run and definition only one is changed, the run first."""
    _set_memory(req, memory, flags)


def _set_memory(req: Req, memory: int, flags: DomainMemoryModFlags) -> None:
    require_nonzero(req.call, "memory", memory)
    guest = req.guest
    definition = chosen_one(guest, flags)
    if DomainMemoryModFlags.MAXIMUM in flags:
        if guest.active and definition is guest.definition:
            raise OperationInvalid("cannot resize the maximum memory on an active domain")
        _set_total(definition, memory)
    elif memory > definition.memory.total:
        raise InvalidArg("cannot set memory higher than max memory")
    else:
        definition.memory.current = memory


def _set_total(definition: DomainDefinition, memory: int) -> None:
    amounts = definition.memory
    if definition.numa_cells:
        raise OperationInvalid("initial memory size of a domain with NUMA nodes cannot be modified with this API")
    if amounts.maximum and amounts.maximum < memory:
        raise OperationInvalid("cannot set initial memory size greater than the maximum memory size")
    amounts.total = memory
    amounts.current = min(amounts.current, memory)


def _has_balloon(definition: DomainDefinition) -> bool:
    balloon = definition.devices.memballoon
    return balloon is not None and balloon.model is not MemballoonModel.NONE


@calls.implements(api.set_memory_stats_period, flags=DomainMemoryModFlags.LIVE | DomainMemoryModFlags.CONFIG)
async def set_memory_stats_period(req: Req, period: int, flags: DomainMemoryModFlags) -> None:
    """Change how often the balloon tells."""
    definition = chosen_one(req.guest, flags)
    balloon = definition.devices.memballoon
    if balloon is None or not _has_balloon(definition):
        raise InternalError("No memory balloon device configured, can not set the collection period")
    balloon.period = period


@calls.implements(api.memory_stats)
async def memory_stats(req: Req, flags: NoFlags) -> list[MemoryStat]:
    """Shares of the memory that the guest has now."""
    req.guest.require_active()
    now = req.guest.definition.memory.current
    figures = {DomainMemoryStatTags.RSS: now // 2}
    if _has_balloon(req.guest.definition):
        figures = {
            DomainMemoryStatTags.ACTUAL_BALLOON: now,
            DomainMemoryStatTags.SWAP_IN: 0,
            DomainMemoryStatTags.SWAP_OUT: 0,
            DomainMemoryStatTags.MAJOR_FAULT: 0,
            DomainMemoryStatTags.MINOR_FAULT: 0,
            DomainMemoryStatTags.UNUSED: now // 2,
            DomainMemoryStatTags.AVAILABLE: now,
            DomainMemoryStatTags.USABLE: now // 2,
            DomainMemoryStatTags.LAST_UPDATE: FIRST_TIME,
            DomainMemoryStatTags.DISK_CACHES: now // 8,
            DomainMemoryStatTags.HUGETLB_PGALLOC: 0,
            DomainMemoryStatTags.HUGETLB_PGFAIL: 0,
            **figures,
        }
    return [MemoryStat(tag, value) for tag, value in figures.items()]


@calls.implements(api.memory_peek)
async def memory_peek(req: Req, offset: int, size: int, flags: DomainMemoryFlags) -> bytes:
    """Each byte is the lowest of its address."""
    if flags not in (DomainMemoryFlags.VIRTUAL, DomainMemoryFlags.PHYSICAL):
        raise InvalidArg("flags parameter must be VIR_MEMORY_VIRTUAL or VIR_MEMORY_PHYSICAL")
    req.guest.require_active()
    first = offset % 256
    return (bytes(range(256)) * (size // 256 + 2))[first : first + size]
