# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the agent in the guest tells and does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from covirt.api.binding import CallTable
from covirt.api.domain import agent as api
from covirt.api.domain.agent import DomainAgentResponseTimeoutValues, DomainSetTimeFlags, GuestTime
from covirt.api.enums import NoFlags
from covirt.drivers.qemu import agents
from covirt.drivers.qemu.agent import Agent, commands, storage
from covirt.drivers.qemu.calls.request import Req
from covirt.errors import ArgumentUnsupported, InvalidArg
from covirt.runtime.jobs import AgentJob

calls = CallTable()


@asynccontextmanager
async def _agent(req: Req, job: AgentJob) -> AsyncIterator[Agent]:
    """The agent, for one that may ask it now."""
    async with req.guest.jobs.hold_agent(job, api=req.call.spelled):
        yield agents.require(req.guest)


@calls.implements(api.get_time)
async def get_time(req: Req, flags: NoFlags) -> GuestTime:
    """The guest's clock."""
    async with _agent(req, AgentJob.QUERY) as agent:
        return GuestTime(*await commands.get_time(agent))


@calls.implements(api.set_time)
async def set_time(req: Req, seconds: int, nseconds: int, flags: DomainSetTimeFlags) -> None:
    """Set the guest's clock, by a time or by its hardware clock."""
    async with _agent(req, AgentJob.MODIFY) as agent:
        if DomainSetTimeFlags.SYNC in flags:
            await commands.set_time_from_clock(agent)
        else:
            await commands.set_time(agent, seconds, nseconds)


@calls.implements(api.fs_freeze)
async def fs_freeze(req: Req, mountpoints: list[str], flags: NoFlags) -> int:
    """Hold file systems still."""
    async with _agent(req, AgentJob.MODIFY) as agent:
        return await storage.freeze(agent, mountpoints)


@calls.implements(api.fs_thaw)
async def fs_thaw(req: Req, mountpoints: list[str], flags: NoFlags) -> int:
    """Let file systems go on; the agent knows no single ones here."""
    if mountpoints:
        raise ArgumentUnsupported("specifying mountpoints is not supported")
    async with _agent(req, AgentJob.MODIFY) as agent:
        return await storage.thaw(agent)


@calls.implements(api.fs_trim)
async def fs_trim(req: Req, mount_point: str | None, minimum: int, flags: NoFlags) -> None:
    """Give back unused blocks."""
    if mount_point is not None:
        raise ArgumentUnsupported("Specifying mount point is not supported for now")
    async with _agent(req, AgentJob.MODIFY) as agent:
        await storage.trim(agent, minimum)


@calls.implements(api.agent_set_response_timeout)
async def agent_set_response_timeout(req: Req, timeout: int, flags: NoFlags) -> int:
    """How long the agent has for an answer."""
    special = DomainAgentResponseTimeoutValues
    if timeout < special.BLOCK:
        raise InvalidArg(f"guest agent timeout '{timeout}' is less than the minimum '{int(special.BLOCK)}'")
    agent = agents.require(req.guest)
    agent.patience = None if timeout == special.BLOCK else _USUAL if timeout == special.DEFAULT else float(timeout)
    return 0


_USUAL = 5.0
