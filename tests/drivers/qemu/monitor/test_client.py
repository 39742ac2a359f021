# SPDX-License-Identifier: LGPL-2.1-or-later
"""The monitor client in conversation with a scripted QEMU."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import pytest

from covirt.drivers.qemu.monitor import (
    CommandFailed,
    CommandNotFound,
    Monitor,
    MonitorClosed,
    MonitorEnded,
    MonitorGone,
    QmpEvent,
)
from covirt.drivers.qemu.monitor.errors import MonitorGarbage
from covirt.errors import InternalError, OperationFailed, OperationTimeout
from covirt.testing.scripted import ScriptedQemu


@pytest.fixture
def qemu() -> Iterator[ScriptedQemu]:
    peer = ScriptedQemu()
    yield peer
    peer.close()


@pytest.fixture
async def monitor(qemu: ScriptedQemu) -> AsyncIterator[Monitor]:
    opened, _ = await asyncio.gather(Monitor.open(qemu.socket, name="vm1"), qemu.greet())
    async with opened:
        yield opened


async def test_greeting_tells_the_version(monitor: Monitor) -> None:
    assert monitor.greeting is not None
    assert monitor.greeting.version["qemu"]["major"] == 8
    assert monitor.greeting.capabilities == ("oob",)


async def test_command_returns_what_qemu_returns(qemu: ScriptedQemu, monitor: Monitor) -> None:
    asked = asyncio.create_task(monitor.execute("query-status"))
    qemu.reply(await qemu.expect("query-status"), {"running": True})
    assert await asked == {"running": True}


async def test_refusal_has_libvirts_words(qemu: ScriptedQemu, monitor: Monitor) -> None:
    asked = asyncio.create_task(monitor.execute("device_del", {"id": "x"}))
    qemu.refuse(await qemu.expect("device_del", {"id": "x"}), "Device 'x' not found")
    with pytest.raises(CommandFailed) as raised:
        await asked
    expected = "internal error: unable to execute QEMU command 'device_del': Device 'x' not found"
    assert str(raised.value) == expected
    assert raised.value.qemu_class == "GenericError"


async def test_unknown_command_has_its_own_class(qemu: ScriptedQemu, monitor: Monitor) -> None:
    asked = asyncio.create_task(monitor.execute("no-such"))
    qemu.refuse(await qemu.expect("no-such"), "The command no-such has not been found", "CommandNotFound")
    with pytest.raises(CommandNotFound):
        await asked


async def test_many_commands_are_in_flight_and_answers_find_their_way(qemu: ScriptedQemu, monitor: Monitor) -> None:
    asked = [asyncio.create_task(monitor.execute("qom-get", {"path": str(n)})) for n in range(20)]
    commands = [await qemu.next() for _ in asked]
    for command in reversed(commands):
        qemu.reply(command, command["arguments"]["path"])
    assert await asyncio.gather(*asked) == [str(n) for n in range(20)]


async def test_events_arrive_on_the_bus_in_order(qemu: ScriptedQemu, monitor: Monitor) -> None:
    with monitor.events.subscribe(QmpEvent) as events:
        qemu.event("STOP")
        qemu.event("SHUTDOWN", guest=True)
        first, second = await anext(events), await anext(events)
    assert (first.name, second.name, second.data) == ("STOP", "SHUTDOWN", {"guest": True})
    assert (first.seconds, first.microseconds) == (1234567890, 5)


async def test_event_between_command_and_answer_comes_first(qemu: ScriptedQemu, monitor: Monitor) -> None:
    seen: list[str] = []
    monitor.events.on(QmpEvent, lambda event: seen.append(event.name))
    asked = asyncio.create_task(monitor.execute("cont"))
    command = await qemu.expect("cont")
    qemu.event("RESUME")
    qemu.reply(command)
    await asked
    assert seen == ["RESUME"]


async def test_descriptor_travels_with_its_command(qemu: ScriptedQemu, monitor: Monitor) -> None:
    reading, writing = os.pipe()
    try:
        asked = asyncio.create_task(monitor.execute("getfd", {"fdname": "log"}, fds=[writing]))
        qemu.reply(await qemu.expect("getfd", {"fdname": "log"}))
        await asked
        os.write(qemu.fds[0], b"hello")
        assert os.read(reading, 5) == b"hello"
    finally:
        os.close(reading)
        os.close(writing)


async def test_only_one_command_with_descriptors_is_in_flight(qemu: ScriptedQemu, monitor: Monitor) -> None:
    fds = list(os.pipe())
    try:
        asked = [asyncio.create_task(monitor.execute("getfd", {"fdname": str(n)}, fds=fds)) for n in range(2)]
        first = await qemu.expect("getfd", {"fdname": "0"})
        other = asyncio.create_task(monitor.execute("query-status"))
        qemu.reply(await qemu.expect("query-status"))
        qemu.reply(first)
        qemu.reply(await qemu.expect("getfd", {"fdname": "1"}))
        await asyncio.gather(*asked, other)
    finally:
        for fd in fds:
            os.close(fd)


async def test_large_command_is_sent_in_pieces(qemu: ScriptedQemu, monitor: Monitor) -> None:
    arguments = {"data": "x" * 4_000_000}
    asked = asyncio.create_task(monitor.execute("big", arguments))
    small = asyncio.create_task(monitor.execute("small"))
    qemu.reply(await qemu.expect("big", arguments))
    qemu.reply(await qemu.expect("small"))
    await asyncio.gather(asked, small)


async def test_end_of_qemu_fails_all_that_wait_and_all_that_come(qemu: ScriptedQemu, monitor: Monitor) -> None:
    asked = asyncio.create_task(monitor.execute("query-status"))
    await qemu.expect("query-status")
    qemu.hang_up()
    with pytest.raises(MonitorEnded, match=r"End of file from qemu monitor \(vm='vm1'\)"):
        await asked
    with pytest.raises(MonitorGone):
        await monitor.execute("query-status")
    assert isinstance(await monitor.wait_closed(), InternalError)
    assert monitor.closed


async def test_closing_fails_all_that_wait(qemu: ScriptedQemu, monitor: Monitor) -> None:
    asked = asyncio.create_task(monitor.execute("query-status"))
    await qemu.expect("query-status")
    monitor.close()
    with pytest.raises(MonitorClosed) as raised:
        await asked
    assert str(raised.value) == "operation failed: QEMU monitor was closed"
    assert isinstance(raised.value, OperationFailed)


@pytest.mark.parametrize(
    "garbage",
    [b"hello\n", b"[]\n", b"{}\n", b'{"return": {}, "id": "x"}\n', b'{"return": {}}\n', b'{"event": 3}\n', b"\xff\n"],
)
async def test_garbage_ends_the_connection(qemu: ScriptedQemu, monitor: Monitor, garbage: bytes) -> None:
    asked = asyncio.create_task(monitor.execute("query-status"))
    await qemu.expect("query-status")
    qemu.send_bytes(garbage)
    with pytest.raises(MonitorGarbage):
        await asked


async def test_late_answer_to_a_forgotten_command_is_passed_over(qemu: ScriptedQemu, monitor: Monitor) -> None:
    with pytest.raises(OperationTimeout, match="did not answer command 'stop'"):
        await monitor.execute("stop", within=0.01)
    forgotten = await qemu.expect("stop")
    asked = asyncio.create_task(monitor.execute("query-status"))
    command = await qemu.expect("query-status")
    qemu.reply(forgotten)
    qemu.reply(command, {"running": False})
    assert await asked == {"running": False}


async def test_cancelled_command_does_not_disturb_the_next(qemu: ScriptedQemu, monitor: Monitor) -> None:
    asked = asyncio.create_task(monitor.execute("stop"))
    forgotten = await qemu.expect("stop")
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    qemu.reply(forgotten)
    again = asyncio.create_task(monitor.execute("cont"))
    qemu.reply(await qemu.expect("cont"))
    await again


async def test_qemu_that_does_not_greet_is_given_up(qemu: ScriptedQemu) -> None:
    with pytest.raises(OperationTimeout, match="did not greet"):
        await Monitor.open(qemu.socket, name="vm1", within=0.01)


async def test_qemu_that_ends_before_greeting_is_told(qemu: ScriptedQemu) -> None:
    qemu.hang_up()
    with pytest.raises(MonitorEnded):
        await Monitor.open(qemu.socket, name="vm1")
