# SPDX-License-Identifier: LGPL-2.1-or-later
"""The virtual processors of a guest: how many, what they do, where they run."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import vcpu as api
from covirt.api.domain.vcpu import DomainVcpuFlags, VcpuInfo, VcpusAndMaps, VcpuState
from covirt.drivers.qemu import agents, vcpus
from covirt.drivers.qemu.agent import commands as agent_commands
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.figures import figures
from covirt.errors import InvalidArg, OperationInvalid

calls = CallTable()
Flags = DomainVcpuFlags


@calls.implements(api.vcpus_flags)
async def vcpus_flags(req: Req, flags: DomainVcpuFlags) -> int:
    """How many processors, or how many there may be."""
    guest = req.guest
    definition = guest.chosen_one(live=Flags.LIVE in flags, config=Flags.CONFIG in flags)
    if Flags.GUEST in flags:
        if Flags.MAXIMUM in flags or not guest.active:
            raise InvalidArg("vCPU count provided by the guest agent can only be requested for live domains")
        known = await agent_commands.cpus(agents.require(guest))
        return sum(vcpu.online for vcpu in known)
    return definition.vcpus.maximum if Flags.MAXIMUM in flags else definition.vcpus.count


@calls.implements(api.set_vcpus)
async def set_vcpus(req: Req, nvcpus: int) -> None:
    """Of the running guest."""
    await _set(req, nvcpus, Flags.LIVE)


@calls.implements(api.set_vcpus_flags, flags=Flags.LIVE | Flags.CONFIG | Flags.MAXIMUM | Flags.HOTPLUGGABLE)
async def set_vcpus_flags(req: Req, nvcpus: int, flags: DomainVcpuFlags) -> None:
    """Now or for the next start, the number or its limit."""
    await _set(req, nvcpus, flags)


async def _set(req: Req, count: int, flags: Flags) -> None:
    guest = req.guest
    if not count:
        raise InvalidArg("nvcpus in virDomainSetVcpusFlags must not be zero")
    running, persistent = guest.chosen(live=Flags.LIVE in flags, config=Flags.CONFIG in flags)
    if Flags.MAXIMUM in flags:
        if running is not None:
            raise OperationInvalid("maximum vcpu count of a live domain can't be modified")
        assert persistent is not None
        vcpus.set_maximum(persistent, count)
    else:
        for definition in (running, persistent):
            if definition is not None and count > definition.vcpus.maximum:
                raise InvalidArg(
                    f"requested vcpus is greater than max allowable vcpus for the "
                    f"{'live' if definition is running else 'persistent'} domain: "
                    f"{count} > {definition.vcpus.maximum}"
                )
        if running is not None:
            await vcpus.set_live(guest, count)
        if persistent is not None:
            vcpus.set_count(persistent, count, hotpluggable=Flags.HOTPLUGGABLE in flags)
    await req.driver.save(guest, live=running is not None, config=persistent is not None)


@calls.implements(api.vcpus)
async def vcpus_(req: Req, maxinfo: int, maplen: int) -> VcpusAndMaps:
    """What each processor does, and on which of the host it may."""
    guest = req.guest
    guest.require_active()
    run, found, maps = guest.running, [], b""
    for number, thread in sorted(run.vcpu_threads.items())[:maxinfo]:
        measured = figures(run.pid, thread)
        time, cpu = (measured.time, measured.cpu) if measured else (0, -1)
        found.append(VcpuInfo(number, VcpuState.RUNNING, time, cpu))
        if maplen:
            maps += vcpus.affinity(thread).to_bytes(maplen)
    return VcpusAndMaps(found, maps)
