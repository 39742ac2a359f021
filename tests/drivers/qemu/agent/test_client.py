# SPDX-License-Identifier: LGPL-2.1-or-later
"""The agent client in conversation with a scripted agent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from covirt.drivers.qemu.agent import Agent, AgentRefused, GuestEvent, commands, programs, storage
from covirt.drivers.qemu.agent.errors import AgentGarbage, MalformedAnswer
from covirt.errors import AgentCommandTimeout, AgentUnresponsive
from covirt.testing.scripted import ScriptedPeer


class ScriptedAgent(ScriptedPeer):
    """An agent in a guest: echoes numbers, and says what the test tells it."""

    async def synchronize(self) -> None:
        message = await self.next()
        assert message["execute"] == "guest-sync"
        self.send({"return": message["arguments"]["id"]})

    async def expect(self, command: str, arguments: dict[str, Any] | None = None) -> None:
        message = await self.next()
        assert (message["execute"], message.get("arguments")) == (command, arguments)


@pytest.fixture
def guest() -> Iterator[ScriptedAgent]:
    peer = ScriptedAgent()
    yield peer
    peer.close()


@pytest.fixture
async def agent(guest: ScriptedAgent) -> AsyncIterator[Agent]:
    opened = Agent(guest.socket)
    yield opened
    opened.close()


async def test_first_command_is_preceded_by_a_synchronization(guest: ScriptedAgent, agent: Agent) -> None:
    asked = asyncio.create_task(storage.thaw(agent))
    await guest.synchronize()
    await guest.expect("guest-fsfreeze-thaw")
    guest.send({"return": 3})
    assert await asked == 3
    asked = asyncio.create_task(storage.thaw(agent))
    await guest.expect("guest-fsfreeze-thaw")
    guest.send({"return": 0})
    assert await asked == 0


async def test_garbage_from_before_is_passed_over(guest: ScriptedAgent, agent: Agent) -> None:
    asked = asyncio.create_task(agent.execute("guest-ping"))
    message = await guest.next()
    guest.send_bytes(b'st of a line"}}\n{"return": 1}\n')
    second = await guest.next()
    assert second["execute"] == "guest-sync"
    guest.send({"return": {}})
    guest.send({"return": message["arguments"]["id"] - 1})
    guest.send({"return": second["arguments"]["id"]})
    await guest.expect("guest-ping")
    guest.send({"return": {}})
    assert await asked == {}


async def test_commands_take_turns(guest: ScriptedAgent, agent: Agent) -> None:
    asked = [asyncio.create_task(agent.execute(name)) for name in ("guest-a", "guest-b")]
    await guest.synchronize()
    for name in ("guest-a", "guest-b"):
        await guest.expect(name)
        guest.send({"return": name})
    assert await asyncio.gather(*asked) == ["guest-a", "guest-b"]


async def test_late_answer_is_not_taken_for_the_next(guest: ScriptedAgent, agent: Agent) -> None:
    asked = asyncio.create_task(agent.execute("guest-slow", within=0.05))
    await guest.synchronize()
    await guest.expect("guest-slow")
    with pytest.raises(AgentCommandTimeout, match=r"didn't respond to command within '0\.05' seconds"):
        await asked
    again = asyncio.create_task(agent.execute("guest-ping"))
    guest.send({"return": "late"})
    await guest.synchronize()
    await guest.expect("guest-ping")
    guest.send({"return": "in time"})
    assert await again == "in time"


async def test_silent_agent_is_unresponsive(guest: ScriptedAgent, agent: Agent) -> None:
    agent.patience = 0.05
    with pytest.raises(AgentUnresponsive, match=r"didn't respond to synchronization within '0\.05' seconds"):
        await storage.freeze(agent)


async def test_refusal_has_libvirts_words(guest: ScriptedAgent, agent: Agent) -> None:
    asked = asyncio.create_task(commands.host_name(agent))
    await guest.synchronize()
    await guest.expect("guest-get-host-name")
    guest.send({"error": {"class": "CommandDisabled"}})
    with pytest.raises(AgentRefused) as raised:
        await asked
    assert raised.value.unsupported
    assert str(raised.value) == (
        "guest agent command failed: unable to execute QEMU agent command 'guest-get-host-name': "
        "The command has been disabled for this instance"
    )


async def test_shutdown_is_done_when_the_guest_shuts_down(guest: ScriptedAgent, agent: Agent) -> None:
    asked = asyncio.create_task(commands.shut_down(agent, "powerdown"))
    await guest.synchronize()
    await guest.expect("guest-shutdown", {"mode": "powerdown"})
    agent.notify(GuestEvent.RESET)
    await asyncio.sleep(0)
    assert not asked.done()
    agent.notify(GuestEvent.SHUTDOWN)
    await asked


async def test_end_of_the_agent_fails_the_command(guest: ScriptedAgent, agent: Agent) -> None:
    asked = asyncio.create_task(agent.execute("guest-ping"))
    await guest.synchronize()
    await guest.expect("guest-ping")
    guest.hang_up()
    with pytest.raises(AgentUnresponsive, match="Guest agent disappeared while executing command"):
        await asked
    with pytest.raises(AgentUnresponsive):
        await agent.execute("guest-ping")
    await agent.wait_closed()


@pytest.mark.parametrize("line", [b"nonsense\n", b"[1]\n", b'{"hello": 1}\n', b"[" * 100_000 + b"\n"])
async def test_garbage_in_place_of_an_answer_ends_the_connection(
    guest: ScriptedAgent, agent: Agent, line: bytes
) -> None:
    asked = asyncio.create_task(agent.execute("guest-ping"))
    await guest.synchronize()
    await guest.expect("guest-ping")
    guest.send_bytes(line)
    with pytest.raises(AgentGarbage):
        await asked
    assert agent.closed


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (commands.users, [{"user": 1}]),
        (commands.users, {}),
        (commands.interfaces, [{"name": "eth0", "ip-addresses": [{"ip-address-type": "ipx", "ip-address": ""}]}]),
        (commands.cpus, [{"logical-id": "1", "online": True}]),
        (commands.get_time, "now"),
        (commands.timezone, {"zone": "UTC"}),
        (commands.load_averages, {"load1m": "high"}),
        (storage.file_systems, [{"mountpoint": "/", "name": "sda", "type": "ext4"}]),
        (storage.disks, [{"name": "sda"}]),
    ],
)
async def test_answer_of_the_wrong_shape_is_refused(
    guest: ScriptedAgent, agent: Agent, command: Any, answer: Any
) -> None:
    asked = asyncio.create_task(command(agent))
    await guest.synchronize()
    await guest.next()
    guest.send({"return": answer})
    with pytest.raises(MalformedAnswer):
        await asked


async def test_file_systems_are_in_mount_order(guest: ScriptedAgent, agent: Agent) -> None:
    pci = {"domain": 0, "bus": 0, "slot": 5, "function": -1}
    disk = {"bus-type": "virtio", "bus": 0, "target": 0, "unit": 0, "pci-controller": pci, "dev": "/dev/vda"}
    common = {"name": "vda1", "type": "ext4"}
    asked = asyncio.create_task(storage.file_systems(agent))
    await guest.synchronize()
    await guest.next()
    guest.send(
        {"return": [{"mountpoint": "/home", "disk": [], **common}, {"mountpoint": "/", "disk": [disk], **common}]}
    )
    first, second = await asked
    assert (first.mount_point, second.mount_point) == ("/", "/home")
    assert first.disks[0].pci == (0, 0, 5, 2**32 - 1)


async def test_program_runs_in_the_guest(guest: ScriptedAgent, agent: Agent) -> None:
    asked = asyncio.create_task(programs.start(agent, "/bin/true"))
    await guest.synchronize()
    await guest.expect("guest-exec", {"path": "/bin/true", "arg": [], "capture-output": True})
    guest.send({"return": {"pid": 7}})
    assert await asked == 7
    looked = asyncio.create_task(programs.state(agent, 7))
    await guest.expect("guest-exec-status", {"pid": 7})
    guest.send({"return": {"exited": True, "exitcode": 0, "out-data": "aGk="}})
    assert await looked == programs.ProgramState(True, exit_code=0, stdout=b"hi")


def test_cpu_0_stays_when_all_could_go() -> None:
    cpus = [commands.GuestCpu(number, True, True) for number in range(4)]
    assert commands.cpu_changes(cpus, 2) == {1: False, 2: False}
