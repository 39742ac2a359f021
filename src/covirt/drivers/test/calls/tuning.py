# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shares and limits of guests; nobody keeps to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import tuning as api
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.tuning import (
    DomainBandwidthParam,
    DomainBlkioParam,
    DomainBlockIoTuneParam,
    DomainMemoryParam,
    DomainNumaParam,
    DomainNumatuneMemMode,
    DomainSchedulerParam,
    PerfParam,
    SchedulerType,
)
from covirt.api.params import TypedParams
from covirt.api.request import Request
from covirt.drivers.common.device_limits import change_block_tuning, tell_block_tuning
from covirt.drivers.common.finding import find_disk, find_interface
from covirt.drivers.common.impact import chosen_one
from covirt.drivers.test.guest import PretendedGuest
from covirt.errors import ArgumentUnsupported, InvalidArg, OperationInvalid
from covirt.model.common.netdev import Bandwidth, BandwidthRate
from covirt.model.domain.memtune import UNLIMITED
from covirt.model.domain.numatune import NumaMemory, NumaMode
from covirt.model.domain.perf import PerfEvent, PerfEventName
from covirt.model.domain.throttle import IoTune
from covirt.model.domain.vcpu import Placement
from covirt.values import CpuSet

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()

# Processor time: always the same share


@calls.implements(api.scheduler_type)
async def scheduler_type(req: Req) -> SchedulerType:
    """The one there is."""
    return SchedulerType("fair", 1)


def _scheduler() -> TypedParams:
    return TypedParams.of({DomainSchedulerParam.WEIGHT: 50})


@calls.implements(api.scheduler_parameters)
async def scheduler_parameters(req: Req) -> TypedParams:
    """The share."""
    return _scheduler()


@calls.implements(api.scheduler_parameters_flags, flags=DomainModificationImpact.CURRENT)
async def scheduler_parameters_flags(req: Req, flags: DomainModificationImpact) -> TypedParams:
    """The share."""
    return _scheduler()


@calls.implements(api.set_scheduler_parameters)
async def set_scheduler_parameters(req: Req, params: TypedParams) -> None:
    """Take another share, and forget it."""
    params.check([DomainSchedulerParam.WEIGHT])


@calls.implements(api.set_scheduler_parameters_flags, flags=DomainModificationImpact.CURRENT)
async def set_scheduler_parameters_flags(req: Req, params: TypedParams, flags: DomainModificationImpact) -> None:
    """Take another share, and forget it."""
    params.check([DomainSchedulerParam.WEIGHT])


# Memory

_MEMORY = {
    DomainMemoryParam.HARD_LIMIT: "hard_limit",
    DomainMemoryParam.SOFT_LIMIT: "soft_limit",
    DomainMemoryParam.SWAP_HARD_LIMIT: "swap_hard_limit",
}


@calls.implements(api.memory_parameters)
async def memory_parameters(req: Req, flags: DomainModificationImpact) -> TypedParams:
    """The limits."""
    limits = chosen_one(req.guest, flags).memtune
    values = {name: getattr(limits, field) for name, field in _MEMORY.items()}
    return TypedParams.of({name: UNLIMITED if value is None else value for name, value in values.items()})


@calls.implements(api.set_memory_parameters)
async def set_memory_parameters(req: Req, params: TypedParams, flags: DomainModificationImpact) -> None:
    """Change limits; that of memory alone is not above that of memory and swap."""
    params.check(_MEMORY)
    limits = chosen_one(req.guest, flags).memtune
    new = {field: int(params[name]) for name, field in _MEMORY.items() if name in params}
    if "hard_limit" in new or "swap_hard_limit" in new:
        now = req.guest.definition.memtune
        hard = new.get("hard_limit", UNLIMITED if now.hard_limit is None else now.hard_limit)
        swap = new.get("swap_hard_limit", UNLIMITED if now.swap_hard_limit is None else now.swap_hard_limit)
        if hard > swap:
            raise InvalidArg("memory hard_limit tunable value must be lower than or equal to swap_hard_limit")
    for field, value in new.items():
        setattr(limits, field, None if value >= UNLIMITED else value)


# NUMA

_MODES = {
    DomainNumatuneMemMode.STRICT: NumaMode.STRICT,
    DomainNumatuneMemMode.PREFERRED: NumaMode.PREFERRED,
    DomainNumatuneMemMode.INTERLEAVE: NumaMode.INTERLEAVE,
    DomainNumatuneMemMode.RESTRICTIVE: NumaMode.RESTRICTIVE,
}


@calls.implements(api.numa_parameters)
async def numa_parameters(req: Req, flags: DomainModificationImpact) -> TypedParams:
    """Where memory comes from."""
    memory = chosen_one(req.guest, flags).numatune.memory or NumaMemory()
    mode = next((number for number, mode in _MODES.items() if mode is memory.mode), DomainNumatuneMemMode.STRICT)
    return TypedParams.of({DomainNumaParam.MODE: int(mode), DomainNumaParam.NODESET: str(memory.nodes or "")})


@calls.implements(api.set_numa_parameters)
async def set_numa_parameters(req: Req, params: TypedParams, flags: DomainModificationImpact) -> None:
    """Change where memory comes from; not in what way while the guest runs."""
    params.check(DomainNumaParam)
    definition = chosen_one(req.guest, flags)
    mode = _numa_mode(params)
    nodes: CpuSet | None = None
    if DomainNumaParam.NODESET in params:
        text = str(params[DomainNumaParam.NODESET])
        nodes = CpuSet.parse(text)
        if not nodes:
            raise OperationInvalid(f"Invalid nodeset of 'numatune': {text}")
    memory = definition.numatune.memory or NumaMemory()
    live = req.guest.active and definition is req.guest.definition
    if live and mode is not None and memory.mode not in (None, mode):
        raise OperationInvalid("can't change numatune mode for running domain")
    memory.mode = mode or memory.mode
    memory.nodes = nodes or memory.nodes
    if nodes:
        memory.placement = None
    memory.settle(definition.vcpus.placement is Placement.STATIC)
    definition.numatune.memory = memory


def _numa_mode(params: TypedParams) -> NumaMode | None:
    if DomainNumaParam.MODE not in params:
        return None
    number = int(params[DomainNumaParam.MODE])
    if number not in tuple(DomainNumatuneMemMode):
        raise InvalidArg(f"unsupported numatune mode: '{number}'")
    return _MODES[DomainNumatuneMemMode(number)]


# Disk traffic of the whole guest


@calls.implements(api.blkio_parameters)
async def blkio_parameters(req: Req, flags: DomainModificationImpact) -> TypedParams:
    """Shares and limits."""
    return tell_block_tuning(chosen_one(req.guest, flags).blkiotune)


@calls.implements(api.set_blkio_parameters)
async def set_blkio_parameters(req: Req, params: TypedParams, flags: DomainModificationImpact) -> None:
    """Change shares and limits."""
    params.check(DomainBlkioParam)
    change_block_tuning(chosen_one(req.guest, flags).blkiotune, params)


# Network cards

_RATES = {
    "inbound": {
        DomainBandwidthParam.IN_AVERAGE: "average",
        DomainBandwidthParam.IN_PEAK: "peak",
        DomainBandwidthParam.IN_BURST: "burst",
        DomainBandwidthParam.IN_FLOOR: "floor",
    },
    "outbound": {
        DomainBandwidthParam.OUT_AVERAGE: "average",
        DomainBandwidthParam.OUT_PEAK: "peak",
        DomainBandwidthParam.OUT_BURST: "burst",
    },
}


@calls.implements(api.interface_parameters)
async def interface_parameters(req: Req, device: str, flags: DomainModificationImpact) -> TypedParams:
    """The limits of one card."""
    bandwidth = find_interface(chosen_one(req.guest, flags), device).bandwidth or Bandwidth()
    params = TypedParams()
    for direction, names in _RATES.items():
        rate = getattr(bandwidth, direction) or BandwidthRate()
        for name, field in names.items():
            params.put(name, getattr(rate, field))
    return params


@calls.implements(api.set_interface_parameters)
async def set_interface_parameters(req: Req, device: str, params: TypedParams, flags: DomainModificationImpact) -> None:
    """Change the limits of one card, one direction at a time; without average and floor there is no limit."""
    params.check(DomainBandwidthParam)
    card = find_interface(chosen_one(req.guest, flags), device)
    bandwidth = card.bandwidth or Bandwidth()
    for direction, names in _RATES.items():
        given = {field: int(params[name]) for name, field in names.items() if name in params}
        if given.get("average") or given.get("floor"):
            setattr(bandwidth, direction, BandwidthRate(**given))
        elif "average" in given or "floor" in given:
            setattr(bandwidth, direction, None)
    card.bandwidth = bandwidth if bandwidth.any else None


# Disks

MOST = 1_000_000_000_000_000
_TOTALS = ("bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max")
_PEAKS = ("bytes_sec", "iops_sec")


@calls.implements(api.block_io_tune)
async def block_io_tune(req: Req, disk: str | None, flags: DomainModificationImpact) -> TypedParams:
    """The limits of one disk."""
    found = find_disk(chosen_one(req.guest, flags), disk or "", ambiguous=True)
    if found is None:
        raise InvalidArg(f"disk '{disk}' was not found in the domain config")
    params = TypedParams()
    for name in _IOTUNE:
        value = getattr(found.iotune, name)
        params.put(name, "" if value is None else value)
    return params


@calls.implements(api.set_block_io_tune)
async def set_block_io_tune(req: Req, disk: str, params: TypedParams, flags: DomainModificationImpact) -> None:
    """Change limits of one disk, all or none."""
    params.check(DomainBlockIoTuneParam)
    found = find_disk(chosen_one(req.guest, flags), disk, ambiguous=True)
    if found is None:
        raise InvalidArg(f"missing persistent configuration for disk '{disk}'")
    values = {name: getattr(found.iotune, name) for name in _IOTUNE}
    for name in params:
        value = params[name]
        if isinstance(value, int) and value > MOST:
            raise ArgumentUnsupported(f"block I/O throttle limit value must be no more than {MOST}")
        values[DomainBlockIoTuneParam(name)] = value
    tune = IoTune(**{str(name): value for name, value in values.items()})
    _check_io_tune(tune)
    found.iotune = tune


def _check_io_tune(tune: IoTune) -> None:
    for what in _TOTALS:
        total, read, write = (getattr(tune, f"{part}_{what}") for part in ("total", "read", "write"))
        if total and (read or write):
            raise InvalidArg(f"total and read/write of {what} cannot be set at the same time")
    for what in _PEAKS:
        for part in ("total", "read", "write"):
            name = f"{part}_{what}"
            if getattr(tune, name) > getattr(tune, f"{name}_max"):
                raise InvalidArg(f"{name} cannot be set higher than {name}_max")


_IOTUNE = (
    DomainBlockIoTuneParam.TOTAL_BYTES_SEC,
    DomainBlockIoTuneParam.READ_BYTES_SEC,
    DomainBlockIoTuneParam.WRITE_BYTES_SEC,
    DomainBlockIoTuneParam.TOTAL_IOPS_SEC,
    DomainBlockIoTuneParam.READ_IOPS_SEC,
    DomainBlockIoTuneParam.WRITE_IOPS_SEC,
    DomainBlockIoTuneParam.TOTAL_BYTES_SEC_MAX,
    DomainBlockIoTuneParam.READ_BYTES_SEC_MAX,
    DomainBlockIoTuneParam.WRITE_BYTES_SEC_MAX,
    DomainBlockIoTuneParam.TOTAL_IOPS_SEC_MAX,
    DomainBlockIoTuneParam.READ_IOPS_SEC_MAX,
    DomainBlockIoTuneParam.WRITE_IOPS_SEC_MAX,
    DomainBlockIoTuneParam.SIZE_IOPS_SEC,
    DomainBlockIoTuneParam.GROUP_NAME,
    DomainBlockIoTuneParam.TOTAL_BYTES_SEC_MAX_LENGTH,
    DomainBlockIoTuneParam.READ_BYTES_SEC_MAX_LENGTH,
    DomainBlockIoTuneParam.WRITE_BYTES_SEC_MAX_LENGTH,
    DomainBlockIoTuneParam.TOTAL_IOPS_SEC_MAX_LENGTH,
    DomainBlockIoTuneParam.READ_IOPS_SEC_MAX_LENGTH,
    DomainBlockIoTuneParam.WRITE_IOPS_SEC_MAX_LENGTH,
)
"""The limits in the order in which they are told; the names are those of the definition."""

# Performance counters


@calls.implements(api.perf_events)
async def perf_events(req: Req, flags: DomainModificationImpact) -> TypedParams:
    """Which are on."""
    events = chosen_one(req.guest, flags).perf.events
    on = {event.name for event in events if event.enabled}
    return TypedParams.of({PerfParam(name.value): name in on for name in PerfEventName})


@calls.implements(api.set_perf_events)
async def set_perf_events(req: Req, params: TypedParams, flags: DomainModificationImpact) -> None:
    """Switch some on or off."""
    params.check(PerfParam)
    perf = chosen_one(req.guest, flags).perf
    known = {event.name: event for event in perf.events}
    for name in params:
        event = PerfEventName(name)
        known[event] = PerfEvent(name=event, enabled=bool(params[name]))
    perf.events = [known[name] for name in PerfEventName if name in known]
