# SPDX-License-Identifier: LGPL-2.1-or-later
"""QEMU's monitor and the guest's agent, spoken to directly."""

from __future__ import annotations

import json
from typing import Any

from covirt.api import qemu as api
from covirt.api.binding import CallTable
from covirt.api.call import Job as ApiJob
from covirt.api.enums import NoFlags
from covirt.api.qemu import DomainQemuAgentCommandTimeoutValues, DomainQemuMonitorCommandFlags
from covirt.drivers.qemu import agents
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor import CommandFailed
from covirt.drivers.qemu.monitor.commands import lifecycle
from covirt.errors import InvalidArg
from covirt.json_text import read_json
from covirt.runtime.jobs import AgentJob

calls = CallTable()

_AGENT_PATIENCE = 5


@calls.implements(api.qemu_monitor_command)
async def qemu_monitor_command(req: Req, cmd: str, flags: DomainQemuMonitorCommandFlags) -> str:
    """A command for the monitor, in its own language or that for people."""
    guest = req.guest
    guest.require_active()
    _taint(guest, "custom-monitor")
    if DomainQemuMonitorCommandFlags.HMP in flags:
        return await lifecycle.human_command(guest.monitor, cmd)
    return await _execute(guest, cmd, ())


@calls.implements(api.qemu_monitor_command_with_files)
async def qemu_monitor_command_with_files(req: Req, cmd: str, flags: DomainQemuMonitorCommandFlags) -> str:
    """A command for the monitor with open files."""
    guest = req.guest
    guest.require_active()
    _taint(guest, "custom-monitor")
    if DomainQemuMonitorCommandFlags.HMP in flags:
        return await lifecycle.human_command(guest.monitor, cmd)
    return await _execute(guest, cmd, tuple(req.fds))


async def _execute(guest: QemuGuest, text: str, files: tuple[int, ...]) -> str:
    """The answer as QEMU gives it; an error is an answer too."""
    message = _message(text)
    arguments = message.get("arguments")
    reply: dict[str, Any]
    try:
        reply = {"return": await guest.monitor.execute(str(message["execute"]), arguments, fds=files)}
    except CommandFailed as error:
        reply = {"error": {"class": error.qemu_class, "desc": error.description}}
    if "id" in message:
        reply["id"] = message["id"]
    return json.dumps(reply, separators=(",", ":"))


def _message(text: str) -> dict[str, Any]:
    found = read_json(text)
    if not isinstance(found, dict) or not isinstance(found.get("execute"), str):
        raise InvalidArg("the command is not a JSON object with a member 'execute'")
    return found


def _taint(guest: QemuGuest, flag: str) -> None:
    if flag not in guest.taints:
        guest.taints.append(flag)


@calls.implements(api.qemu_agent_command, job=ApiJob.NONE)
async def qemu_agent_command(req: Req, cmd: str, timeout: int, flags: NoFlags) -> str | None:
    """A command for the agent in the guest."""
    guest = req.guest
    special = DomainQemuAgentCommandTimeoutValues
    if timeout < special.MIN:
        raise InvalidArg(f"guest agent timeout '{timeout}' is less than the minimum '{int(special.MIN)}'")
    within = None if timeout == special.BLOCK else _AGENT_PATIENCE if timeout == special.DEFAULT else timeout
    async with guest.jobs.hold_agent(AgentJob.MODIFY, api=req.call.spelled):
        agent = agents.require(guest)
        _taint(guest, "custom-ga-command")
        message = read_json(cmd)
        if not isinstance(message, dict):
            raise InvalidArg("the command is not a JSON object")
        reply = await agent.send(message, within=within)
    return None if reply is None else json.dumps(reply, separators=(",", ":"))
