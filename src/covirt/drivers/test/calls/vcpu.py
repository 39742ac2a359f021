# SPDX-License-Identifier: LGPL-2.1-or-later
"""The virtual processors of guests, and where they would run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import vcpu as api
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.vcpu import DomainVcpuFlags, EmulatorPins, VcpuInfo, VcpuPins, VcpusAndMaps, VcpuState
from covirt.api.request import Request
from covirt.drivers.common.arguments import require_nonzero
from covirt.drivers.common.impact import chosen_one, chosen_pair
from covirt.drivers.test.calls.host import MOST_VCPUS
from covirt.drivers.test.guest import PretendedGuest
from covirt.errors import InvalidArg, OperationInvalid
from covirt.model.domain.cputune import EmulatorPin, VcpuPin
from covirt.model.domain.definition import DomainDefinition
from covirt.values import CpuSet

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()

# How many


@calls.implements(api.vcpus_flags, flags=DomainVcpuFlags.LIVE | DomainVcpuFlags.CONFIG | DomainVcpuFlags.MAXIMUM)
async def vcpus_flags(req: Req, flags: DomainVcpuFlags) -> int:
    """How many there are, or can be."""
    return _count(req.guest, flags)


@calls.implements(api.max_vcpus)
async def max_vcpus(req: Req) -> int:
    """How many a running guest can have."""
    return _count(req.guest, DomainVcpuFlags.LIVE | DomainVcpuFlags.MAXIMUM)


def _count(guest: PretendedGuest, flags: DomainVcpuFlags) -> int:
    vcpus = chosen_one(guest, flags).vcpus
    return vcpus.maximum if DomainVcpuFlags.MAXIMUM in flags else vcpus.count


@calls.implements(api.set_vcpus)
async def set_vcpus(req: Req, nvcpus: int) -> None:
    """Change how many a running guest has."""
    _set_count(req, nvcpus, DomainVcpuFlags.LIVE)


@calls.implements(api.set_vcpus_flags, flags=DomainVcpuFlags.LIVE | DomainVcpuFlags.CONFIG | DomainVcpuFlags.MAXIMUM)
async def set_vcpus_flags(req: Req, nvcpus: int, flags: DomainVcpuFlags) -> None:
    """Change how many there are, or can be."""
    _set_count(req, nvcpus, flags)


def _set_count(req: Req, count: int, flags: DomainVcpuFlags) -> None:
    require_nonzero(req.call, "nvcpus", count)
    guest = req.guest
    if count > MOST_VCPUS:
        raise InvalidArg(f"requested cpu amount exceeds maximum supported amount ({count} > {MOST_VCPUS})")
    running, persistent = chosen_pair(guest, flags)
    limits = DomainVcpuFlags.MAXIMUM in flags
    for definition in (running, None if limits else persistent):
        if definition is not None and definition.vcpus.maximum < count:
            raise InvalidArg(f"requested cpu amount exceeds maximum ({count} > {definition.vcpus.maximum})")
    if running is not None:
        running.vcpus.set_count(count)
    if persistent is not None:
        if limits:
            persistent.vcpus.set_maximum(count)
        else:
            persistent.vcpus.set_count(count)


# Where they run


@calls.implements(api.vcpus)
async def vcpus(req: Req, maxinfo: int, maplen: int) -> VcpusAndMaps:
    """What those do that there are; each on the last CPU that it may use, with a tenth of all time."""
    if not req.guest.active:
        raise OperationInvalid("cannot list vcpus for an inactive domain")
    definition = req.guest.definition
    count = min(maxinfo, definition.vcpus.count)
    spent = time.time_ns() // 1000 // 10
    infos: list[VcpuInfo] = []
    maps = b""
    for number in range(count):
        cpus = _cpus(req, definition, number)
        if definition.vcpus.enabled(number):
            infos.append(VcpuInfo(number, VcpuState.RUNNING, spent, max(cpus)))
            maps += cpus.to_bytes(maplen)
        else:
            infos.append(VcpuInfo(0, VcpuState.OFFLINE, 0, 0))
            maps += bytes(maplen)
    return VcpusAndMaps(infos, maps)


def _cpus(req: Req, definition: DomainDefinition, number: int) -> CpuSet:
    pin = definition.cputune.vcpu_pin(number)
    return pin.cpus if pin else definition.vcpus.cpuset or req.driver.host.all_cpus


@calls.implements(api.vcpu_pin_info)
async def vcpu_pin_info(req: Req, ncpumaps: int, maplen: int, flags: DomainModificationImpact) -> VcpuPins:
    """Where each may run."""
    definition = chosen_one(req.guest, flags)
    count = min(ncpumaps, definition.vcpus.maximum)
    maps = [_cpus(req, definition, number).to_bytes(maplen) for number in range(count)]
    return VcpuPins(b"".join(maps), count)


@calls.implements(api.pin_vcpu)
async def pin_vcpu(req: Req, vcpu: int, cpumap: bytes) -> None:
    """Set where one of a running guest may run."""
    _pin(req.guest, vcpu, cpumap)


@calls.implements(api.pin_vcpu_flags, flags=DomainModificationImpact.CURRENT)
async def pin_vcpu_flags(req: Req, vcpu: int, cpumap: bytes, flags: DomainModificationImpact) -> None:
    """Set where one of a running guest may run."""
    _pin(req.guest, vcpu, cpumap)


def _pin(guest: PretendedGuest, number: int, cpumap: bytes) -> None:
    if not guest.active:
        raise OperationInvalid("cannot pin vcpus on an inactive domain")
    definition = guest.definition
    if number >= definition.vcpus.maximum or not definition.vcpus.enabled(number):
        raise InvalidArg(f"requested vcpu '{number}' is not present in the domain")
    definition.cputune.pin_vcpu(VcpuPin(vcpu=number, cpus=CpuSet.from_bytes(cpumap)))


@calls.implements(api.emulator_pin_info)
async def emulator_pin_info(req: Req, maplen: int, flags: DomainModificationImpact) -> EmulatorPins:
    """Where the emulator may run."""
    definition = chosen_one(req.guest, flags)
    pin = definition.cputune.emulator_pin
    cpus = pin.cpus if pin else definition.vcpus.cpuset or req.driver.host.all_cpus
    return EmulatorPins(cpus.to_bytes(maplen), 1)


@calls.implements(api.pin_emulator)
async def pin_emulator(req: Req, cpumap: bytes, flags: DomainModificationImpact) -> None:
    """Set where the emulator may run."""
    definition = chosen_one(req.guest, flags)
    cpus = CpuSet.from_bytes(cpumap)
    if not cpus:
        raise InvalidArg("Empty cpu list for pinning")
    definition.cputune.emulator_pin = EmulatorPin(cpus=cpus)
