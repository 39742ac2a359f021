# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guest agent: recorded conversations, played by a scripted agent."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from covirt.api.params import TypedParams
from covirt.drivers.qemu.agent import Agent, GuestEvent, commands, guest_info, storage
from covirt.errors import AgentCommandTimeout, Error
from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.trace import Out, Player
from covirt.testing.scripted import ScriptedPeer

_EVENTS = {"QEMU_AGENT_EVENT_SHUTDOWN": GuestEvent.SHUTDOWN, "QEMU_AGENT_EVENT_RESET": GuestEvent.RESET}
_MODES = {f"QEMU_AGENT_SHUTDOWN_{mode.upper()}": mode for mode in ("powerdown", "halt", "reboot")}
_TIMEOUTS = {"VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK": None}


def run(case: Case) -> object:
    """Carry out one case."""
    with asyncio.Runner() as runner:
        play = _Play(case, runner.run)
        try:
            Player(case, play.vocabulary(), field=_field).play()
        finally:
            runner.run(play.stop())
    return True


class _Play:
    """One conversation: the calls of the trace, and the agent that they talk to."""

    def __init__(self, case: Case, wait: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self._wait = wait
        self._script = _Script(case)
        self._agent: Agent = wait(self._start())
        self._params = TypedParams()
        self._name = ""
        self._online: dict[int, bool] = {}
        self._changes: dict[int, bool] = {}

    async def _start(self) -> Agent:
        self._peer = ScriptedPeer()
        agent = Agent(self._peer.socket)
        self._answering = asyncio.create_task(self._script.answer(self._peer, agent))
        return agent

    async def stop(self) -> None:
        """End the conversation."""
        self._answering.cancel()
        await asyncio.wait([self._answering])
        self._agent.close()
        self._peer.close()

    def vocabulary(self) -> dict[str, Callable[..., Any]]:
        """The calls by the names in the trace."""
        wait, agent = self._wait, self._agent
        return {
            "qemuMonitorTestAddHandler": lambda *_: True,
            "qemuAgentFSThaw": lambda _: wait(storage.thaw(agent)),
            "qemuAgentFSFreeze": lambda _, points, count: wait(storage.freeze(agent, points or ())),
            "qemuAgentFSTrim": lambda _, minimum: wait(storage.trim(agent, minimum)) or True,
            "qemuAgentGetFSInfo": lambda _, out, report: self._list(out, storage.file_systems(agent)),
            "qemuAgentGetDisks": lambda _, out, report: self._list(out, storage.disks(agent)),
            "qemuAgentShutdown": lambda _, mode: wait(commands.shut_down(agent, _MODES[mode])) or True,
            "qemuAgentGetVCPUs": lambda _, out: self._list(out, commands.cpus(agent)),
            "qemuAgentUpdateCPUInfo": self._update_cpus,
            "qemuAgentSetVCPUs": lambda *_: wait(commands.set_cpus(agent, self._changes)) or True,
            "qemuAgentArbitraryCommand": self._arbitrary,
            "qemuAgentGetInterfaces": lambda _, out, report: self._list(out, commands.interfaces(agent)),
            "qemuAgentGetUsers": lambda *_: self._add(guest_info.add_users, commands.users(agent)),
            "qemuAgentGetOSInfo": lambda *_: self._add(guest_info.add_os, commands.os_info(agent)),
            "qemuAgentGetTimezone": lambda *_: self._add(guest_info.add_timezone, commands.timezone(agent)),
            "qemuAgentGetHostname": self._host_name,
            "qemuAgentGetLoadAvg": self._load,
            "qemuAgentSSHGetAuthorizedKeys": lambda _, user, out: self._list(out, commands.ssh_keys(agent, user)),
            "qemuAgentSSHAddAuthorizedKeys": lambda _, user, keys, count, replace: (
                wait(commands.add_ssh_keys(agent, user, keys, replace=bool(replace))) or True
            ),
            "qemuAgentSSHRemoveAuthorizedKeys": lambda _, user, keys, count: (
                wait(commands.remove_ssh_keys(agent, user, keys)) or True
            ),
            "virTypedParamListNew": self._new_params,
            "virTypedParamListFetch": self._fetch,
            "g_snprintf": self._format,
            "virTypedParamsGetString": self._get,
            "virTypedParamsGetUInt": self._get,
            "virTypedParamsGetInt": self._get,
            "virTypedParamsGetULLong": self._get,
            "virTypedParamsGetBoolean": self._get,
        }

    def _list(self, out: Out, asked: Coroutine[Any, Any, list[Any]]) -> int:
        out.value = self._wait(asked)
        return len(out.value)

    def _update_cpus(self, count: int, cpus: list[commands.GuestCpu], _: int) -> bool:
        known = [commands.GuestCpu(c.number, self._online.get(c.number, c.online), c.can_be_offline) for c in cpus]
        self._changes = commands.cpu_changes(known, count)
        self._online |= self._changes
        return True

    def _arbitrary(self, _: object, command: str, out: Out, seconds: Any) -> int:
        within = _TIMEOUTS.get(seconds, seconds)
        try:
            reply = self._wait(self._agent.send(json.loads(command), within=within))
        except AgentCommandTimeout:
            return -2
        except Error:
            return -1
        out.value = json.dumps(reply, separators=(",", ":"))
        return 0

    def _add(self, add: Callable[[TypedParams, Any], None], asked: Coroutine[Any, Any, Any]) -> bool:
        add(self._params, self._wait(asked))
        return True

    def _host_name(self, _: object, out: Out, report: object) -> bool:
        out.value = self._wait(commands.host_name(self._agent))
        return True

    def _load(self, _: object, one: Out, five: Out, fifteen: Out, report: object) -> bool:
        load = self._wait(commands.load_averages(self._agent))
        one.value, five.value, fifteen.value = load.one, load.five, load.fifteen
        return True

    # Typed parameters: the trace always looks at the list that was made last

    def _new_params(self) -> bool:
        self._params = TypedParams()
        return True

    def _fetch(self, _: object, params: object, count: Out) -> bool:
        count.value = len(self._params.entries)
        return True

    def _format(self, _: object, size: object, form: str, *numbers: int) -> bool:
        self._name = form.replace("%zu", "{}").format(*numbers)
        return True

    def _get(self, _: object, count: object, name: Any, out: Out) -> int:
        out.value = self._params.get(name if isinstance(name, str) else self._name)
        return int(out.value is not None)


_FETCH = {"harness": "qemuMonitorTestGetAgent"}


class _Script:
    """What the agent does at each message, in the order in which the trace set it up.

    The trace numbers everything that happened: handlers have a step of their own; numbers that are missing are replies
    that were added, except the one just before a call, which fetched the agent.
    """

    def __init__(self, case: Case) -> None:
        calls = {step["n"]: step for step in case.trace["steps"] if "n" in step}
        fetched = {number - 1 for number, step in calls.items() if _FETCH in step["args"]}
        replies = deque(case.trace["exchange"])
        self._reactions: deque[Mapping[str, Any]] = deque()
        for number in range(2, max(calls, default=1)):
            step = calls.get(number)
            if step is None and number not in fetched and replies:
                self._reactions.append(replies.popleft())
            elif step is not None and step["call"] == "qemuMonitorTestAddHandler":
                self._reactions.append(step)
        self._reactions.extend(replies)

    async def answer(self, peer: ScriptedPeer, agent: Agent) -> None:
        """React to all messages."""
        while True:
            message = await peer.next_whenever()
            reaction = self._reactions.popleft()
            if "call" in reaction:
                self._handle(reaction, message, agent)
            elif reaction["command"] == "guest-sync":
                peer.send({"return": message["arguments"]["id"]})
            else:
                self._check(reaction["command"], message)
                peer.send(json.loads(reaction["reply"]))

    def _handle(self, step: Mapping[str, Any], message: Mapping[str, Any], agent: Agent) -> None:
        data = step["args"][3]
        if data is None:
            return
        if message["arguments"]["mode"] != data["mode"]:
            raise CannotRun(f"the agent was asked for {message}")
        agent.notify(_EVENTS[data["event"]])

    def _check(self, expected: str, message: Mapping[str, Any]) -> None:
        if expected.startswith("{"):
            wanted = json.loads(expected)
            if {key: message.get(key) for key in wanted} != wanted:
                raise CannotRun(f"expected {wanted}, got {message}")
        elif message["execute"] != expected:
            raise CannotRun(f"expected {expected}, got {message}")


def _field(value: Any, name: str) -> Any:
    """A member of a result by its name in the trace."""
    if name.startswith("["):
        return value[int(name[1:-1])]
    if name == "naddrs":
        return len(value.addresses)
    if name == "type":
        return f"VIR_IP_ADDR_TYPE_{value.family.upper()}"
    names = {"hwaddr": "mac", "addrs": "addresses", "addr": "address"}
    return getattr(value, names.get(name, name))
