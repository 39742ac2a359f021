# SPDX-License-Identifier: LGPL-2.1-or-later
"""Limits that are seen and changed: memory and processor time."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import memory as api
from covirt.api.domain import tuning
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.memory import DomainMemoryModFlags
from covirt.api.domain.tuning import DomainSchedulerParam, SchedulerType
from covirt.api.params import TypedParams
from covirt.drivers.lxc import limits
from covirt.drivers.lxc.calls.request import Req
from covirt.errors import ArgumentUnsupported, InvalidArg
from covirt.model.domain.definition import DomainDefinition
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


# Processor time

KNOWN = (DomainSchedulerParam.CPU_SHARES, DomainSchedulerParam.VCPU_PERIOD, DomainSchedulerParam.VCPU_QUOTA)


@calls.implements(tuning.scheduler_type)
async def scheduler_type(req: Req) -> SchedulerType:
    """The kernel's."""
    req.guest.require_active()
    return SchedulerType("posix", len(KNOWN))


@calls.implements(tuning.scheduler_parameters)
async def scheduler_parameters(req: Req) -> TypedParams:
    """Shares and quota of now."""
    return await _scheduler(req, DomainModificationImpact.CURRENT)


@calls.implements(tuning.scheduler_parameters_flags)
async def scheduler_parameters_flags(req: Req, flags: DomainModificationImpact) -> TypedParams:
    """Shares and quota, of now or of the next start."""
    return await _scheduler(req, flags)


async def _scheduler(req: Req, flags: DomainModificationImpact) -> TypedParams:
    guest = req.guest
    running, persistent = guest.chosen(
        live=DomainModificationImpact.LIVE in flags, config=DomainModificationImpact.CONFIG in flags
    )
    found = TypedParams()
    if running is not None:
        shares = await in_thread(limits.shares, guest.group)
        period, quota = await in_thread(limits.quota, guest.group)
    else:
        assert persistent is not None
        tune = persistent.cputune
        shares, period, quota = tune.shares or limits.DEFAULT_SHARES, tune.period, tune.quota
    for name, value in zip(KNOWN, (shares, period, quota), strict=True):
        found.put(name, value)
    return found


@calls.implements(tuning.set_scheduler_parameters)
async def set_scheduler_parameters(req: Req, params: TypedParams) -> None:
    """Change shares and quota now."""
    await _set_scheduler(req, params, DomainModificationImpact.CURRENT)


@calls.implements(tuning.set_scheduler_parameters_flags)
async def set_scheduler_parameters_flags(req: Req, params: TypedParams, flags: DomainModificationImpact) -> None:
    """Change shares and quota, now or for the next start."""
    await _set_scheduler(req, params, flags)


async def _set_scheduler(req: Req, params: TypedParams, flags: DomainModificationImpact) -> None:
    guest = req.guest
    params.check(DomainSchedulerParam)
    for name in params:
        if name not in tuple(str(one) for one in KNOWN):
            raise ArgumentUnsupported(f"parameter '{name}' not supported")
    running, persistent = guest.chosen(
        live=DomainModificationImpact.LIVE in flags, config=DomainModificationImpact.CONFIG in flags
    )
    if running is not None:
        _note(running, params)
        tune = running.cputune
        if DomainSchedulerParam.CPU_SHARES in params and tune.shares is not None:
            await in_thread(limits.set_shares, guest.group, tune.shares)
        await in_thread(limits.set_quota, guest.group, tune.period or None, tune.quota or None)
    if persistent is not None:
        _note(persistent, params)
    await req.driver.save(guest, live=running is not None, config=persistent is not None)


def _note(definition: DomainDefinition, params: TypedParams) -> None:
    tune = definition.cputune
    for name, value in params.items():
        match name:
            case DomainSchedulerParam.CPU_SHARES:
                tune.shares = int(value)
            case DomainSchedulerParam.VCPU_PERIOD:
                tune.period = int(value)
            case DomainSchedulerParam.VCPU_QUOTA:
                tune.quota = int(value)
