# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a guest is and how it does."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import info as api
from covirt.api.domain import vcpu
from covirt.api.domain.info import ControlInfo, DomainGetHostnameFlags, DomainInfo
from covirt.api.domain.states import DomainControlErrorReason, DomainControlState
from covirt.api.enums import NoFlags
from covirt.drivers.qemu import agents
from covirt.drivers.qemu.agent import commands as agent_commands
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.figures import figures
from covirt.errors import ArgumentUnsupported, OperationFailed

calls = CallTable()


@calls.implements(api.info)
async def info(req: Req) -> DomainInfo:
    """State, memory, processors and used CPU time."""
    guest = req.guest
    definition, used = guest.definition, 0
    if guest.run is not None and guest.run.pid:
        found = figures(guest.run.pid)
        if found is None and not guest.run.stopping:
            raise OperationFailed("cannot read cputime for domain")
        used = found.time if found else 0
    return DomainInfo(guest.state, definition.memory.total, definition.memory.current, definition.vcpus.count, used)


@calls.implements(api.control_info)
async def control_info(req: Req, flags: NoFlags) -> ControlInfo:
    """Whether QEMU answers."""
    guest = req.guest
    guest.require_active()
    run = guest.running
    if run.open_monitor is None or run.monitor.closed:
        return ControlInfo(DomainControlState.ERROR, DomainControlErrorReason.MONITOR, 0)
    job = guest.jobs.current
    if job is not None:
        return ControlInfo(DomainControlState.JOB, DomainControlErrorReason.NONE, job.elapsed_ms)
    return ControlInfo(DomainControlState.OK, DomainControlErrorReason.NONE, 0)


@calls.implements(api.hostname, flags=DomainGetHostnameFlags.AGENT)
async def hostname(req: Req, flags: DomainGetHostnameFlags) -> str:
    """What the guest calls itself."""
    if DomainGetHostnameFlags.LEASE in flags:
        raise ArgumentUnsupported("leases of networks are not known to this driver")
    return await agent_commands.host_name(agents.require(req.guest))


@calls.implements(vcpu.max_vcpus)
async def max_vcpus(req: Req) -> int:
    """The most processors that it may have."""
    return req.guest.definition.vcpus.maximum
