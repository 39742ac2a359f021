# SPDX-License-Identifier: LGPL-2.1-or-later
"""How much memory a guest has and gets."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import memory as api
from covirt.api.domain.memory import DomainMemoryModFlags
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.monitor.commands import memory
from covirt.errors import InvalidArg, OperationInvalid

calls = CallTable()
Flags = DomainMemoryModFlags

_NO_BALLOON = "Unable to change memory of active domain without the balloon device and guest OS balloon driver"


@calls.implements(api.set_memory)
async def set_memory(req: Req, memory: int) -> None:
    """Of the running guest."""
    await _set(req, memory, Flags.LIVE)


@calls.implements(api.set_max_memory)
async def set_max_memory(req: Req, memory: int) -> None:
    """The most that it may use."""
    await _set(req, memory, Flags.MAXIMUM)


@calls.implements(api.set_memory_flags)
async def set_memory_flags(req: Req, memory: int, flags: DomainMemoryModFlags) -> None:
    """Now or for the next start, the amount or its limit."""
    await _set(req, memory, flags)


async def _set(req: Req, amount: int, flags: Flags) -> None:
    guest = req.guest
    running, persistent = guest.chosen(live=Flags.LIVE in flags, config=Flags.CONFIG in flags)
    if not amount:
        raise InvalidArg("memory in virDomainSetMemoryFlags must not be zero")
    if Flags.MAXIMUM in flags:
        if running is not None:
            raise OperationInvalid("cannot resize the maximum memory on an active domain")
        assert persistent is not None
        if persistent.numa_cells:
            raise OperationInvalid("initial memory size of a domain with NUMA nodes cannot be modified with this API")
        persistent.memory.total = amount + persistent.plugged_memory
        persistent.memory.current = min(persistent.memory.current, persistent.memory.total)
    else:
        for definition in (running, persistent):
            if definition is not None and amount > definition.memory.total:
                raise InvalidArg("cannot set memory higher than max memory")
        if running is not None:
            if not await memory.set_balloon(guest.monitor, amount):
                raise OperationInvalid(_NO_BALLOON)
            running.memory.current = await memory.balloon(guest.monitor) or amount
        if persistent is not None:
            persistent.memory.current = amount
    await req.driver.save(guest, live=running is not None, config=persistent is not None)


@calls.implements(api.set_memory_stats_period, flags=Flags.LIVE | Flags.CONFIG)
async def set_memory_stats_period(req: Req, period: int, flags: DomainMemoryModFlags) -> None:
    """Every how many seconds the guest tells about its memory."""
    guest = req.guest
    running, persistent = guest.chosen(live=Flags.LIVE in flags, config=Flags.CONFIG in flags)
    if period < 0:
        raise InvalidArg("invalid value for collection period")
    for definition in (running, persistent):
        balloon = definition.devices.memballoon if definition else None
        if definition is not None and (balloon is None or balloon.model == "none"):
            raise OperationInvalid("Memory balloon model must be virtio to set the collection period")
        if definition is running and running is not None and balloon is not None:
            path = f"/machine/peripheral/{balloon.info.alias}"
            await memory.set_statistics_period(guest.monitor, path, period)
        if balloon is not None:
            balloon.period = period
    await req.driver.save(guest, live=running is not None, config=persistent is not None)
