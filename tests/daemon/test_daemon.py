# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon with our own client: calls, events, streams, descriptors, limits, and its end."""

from __future__ import annotations

import asyncio
import os
import struct

import pytest

from covirt.api.domain import console, lifecycle, save
from covirt.api.domain.events import Lifecycle
from covirt.api.domain.states import DomainState
from covirt.api.handles import Domain
from covirt.api.stream import stream_pair
from covirt.client.connection import Options
from covirt.daemon.client_state import HypervisorState
from covirt.errors import (
    Error,
    ErrorCode,
    InternalError,
    NoSuchDomain,
    NoSupport,
    OperationDenied,
    OperationFailed,
    OperationInvalid,
)
from covirt.testing.running_daemon import Running, Start
from covirt.wire.fault import decode_error
from covirt.wire.framing import Framing
from covirt.wire.keepalive import PING, PONG
from covirt.wire.message import Message, compose, raw


async def exchange(running: Running, *messages: bytes, name: str = "libvirt-sock") -> list[Message]:
    """Send raw messages and read until the daemon says nothing more."""
    reader, writer = await running.raw(name)
    writer.write(b"".join(messages))
    framing, found = Framing(), []
    try:
        while True:
            async with asyncio.timeout(0.3):
                data = await reader.read(65536)
            if not data:
                break
            found += framing.feed(data)
    except (TimeoutError, ConnectionResetError):
        pass
    writer.close()
    return found


def call(number: int, payload: bytes = b"", serial: int = 1, program: int = 0x20008086) -> bytes:
    return bytes(compose(program, 1, number, 0, serial, 0, raw, payload))


async def test_calls_and_errors(running: Running) -> None:
    conn = await running.connect()
    guests = await conn.list_all_domains()
    assert [guest.handle.name for guest in guests] == ["guest0", "guest1"]
    assert (await guests[0].info()).state is DomainState.RUNNING
    with pytest.raises(NoSuchDomain, match="no domain with matching name 'x'"):
        await conn.lookup_by_name("x")
    with pytest.raises(OperationInvalid, match="already running"):
        await guests[0].create()
    with pytest.raises(NoSupport):
        await conn.list_all_networks()
    assert await conn.list_domains_id() == [1]


async def test_many_calls_at_once(running: Running) -> None:
    conn = await running.connect()
    guest = await conn.lookup_by_name("guest0")
    assert await asyncio.gather(*(guest.is_active() for _ in range(500))) == [True] * 500


async def test_a_slow_call_holds_up_nobody(running: Running) -> None:
    conn = await running.connect()
    guest = await conn.lookup_by_name("guest0")
    slow = asyncio.ensure_future(guest.call(save.managed_save, 0))
    assert await guest.is_active()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await asyncio.shield(slow)
    driver = running.driver
    driver.slow.set()
    await slow


async def test_a_given_up_call_leaves_the_connection_whole(running: Running) -> None:
    conn = await running.connect()
    guest = await conn.lookup_by_name("guest0")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await guest.call(save.managed_save, 0)
    driver = running.driver
    driver.slow.set()
    assert await guest.is_active()


async def test_read_only(running: Running) -> None:
    conn = await running.connect(running.uri("libvirt-sock-ro"))
    guest = await conn.lookup_by_name("guest1")
    with pytest.raises(OperationDenied):
        await guest.create()
    conn = await running.connect(options=Options(read_only=True))
    with pytest.raises(OperationDenied):
        await (await conn.lookup_by_name("guest1")).create()


async def test_events_reach_all_who_listen(running: Running) -> None:
    conns = [await running.connect() for _ in range(3)]
    guest = await conns[0].lookup_by_name("guest1")
    async with (
        conns[0].events(Lifecycle, None) as one,
        conns[1].events(Lifecycle, None) as two,
        conns[2].events(Lifecycle, guest) as three,
    ):
        other = await conns[0].lookup_by_name("guest0")
        await other.destroy()
        await guest.create()
        first = await anext(one)
        assert (first.dom.name, int(first.event)) == ("guest0", 5)
        assert await anext(two) == first
        assert (await anext(three)).dom.name == "guest1"
    client = next(iter(running.daemon.main.clients.values()))
    assert isinstance(client.state, HypervisorState)
    assert not client.state.subscriptions._entries


async def test_a_console_both_ways(running: Running) -> None:
    conn = await running.connect()
    guest = await conn.lookup_by_name("guest0")
    stream = await guest.open_console(None)
    big = os.urandom(400_000)
    await stream.send(big)
    received = b""
    while len(received) < 2 * len(big):
        piece = await stream.receive()
        assert isinstance(piece, bytes)
        received += piece
    assert len(received) == 2 * len(big)
    await stream.end()
    assert await stream.receive() == b""
    assert await guest.is_active()


async def test_a_stream_that_fails_says_why(running: Running) -> None:
    conn = await running.connect()
    guest = await conn.lookup_by_name("guest0")
    stream = await guest.open_console("broken")
    with pytest.raises(OperationFailed, match="the console is broken"):
        await stream.receive()


async def test_an_aborted_stream_ends(running: Running) -> None:
    conn = await running.connect()
    guest = await conn.lookup_by_name("guest0")
    stream = await guest.open_console(None)
    await stream.send(b"x")
    await stream.abort()
    assert await guest.is_active()
    client = next(iter(running.daemon.main.clients.values()))
    assert client.streams == {}


async def test_descriptors_go_both_ways(running: Running) -> None:
    conn = await running.connect()
    guest = (await conn.lookup_by_name("guest1")).handle
    reading, writing = os.pipe()
    os.write(writing, b"hello")
    os.close(writing)
    before = len(os.listdir("/proc/self/fd"))
    await conn.channel.perform(lifecycle.create_with_files, guest, (0,), fds=[reading])
    driver = running.driver
    assert driver.received == [b"hello"]
    reply = await conn.channel.perform(console.open_graphics_fd, guest, (0, 0))
    (fd,) = reply.fds
    assert os.read(fd, 100) == b"from the guest"
    os.close(fd)
    os.close(reading)
    assert len(os.listdir("/proc/self/fd")) == before - 1


async def test_protocol_errors_have_libvirts_words(running: Running) -> None:
    replies = await exchange(running, call(9999), call(16, b"\0\0"), call(23, b"\0\0\0\1a\0\0\0"), call(1, program=7))
    assert sorted(str(decode_error(reply)) for reply in replies) == [
        "Cannot find program 7 version 1",
        "Unable to decode message payload",
        "internal error: hypervisor connection not open",
        "unknown procedure: 9999",
    ]
    assert decode_error(replies[0]).code in set(ErrorCode)


async def test_pings_are_answered(running: Running) -> None:
    (message,) = await exchange(running, PING)
    assert message.frame == PONG


@pytest.mark.parametrize("data", [b"\0\0\0\0", b"\xff\xff\xff\xff", struct.pack(">I", 27) + bytes(23)])
async def test_a_broken_frame_costs_the_connection_and_nothing_else(running: Running, data: bytes) -> None:
    conn = await running.connect()
    assert await exchange(running, data) == []
    assert await conn.get_type() == "SCRIPTED"


async def test_opening_twice_loses_the_connection_to_the_driver(running: Running) -> None:
    name = b"test:///default"
    opening = struct.pack(">II", 1, len(name)) + name + bytes(-len(name) % 4) + bytes(4)
    replies = await exchange(running, call(1, opening))
    assert [reply.status for reply in replies] == [0]
    reader, writer = await running.raw()
    for expected in (None, "internal error: connection already open", "internal error: hypervisor connection not open"):
        writer.write(call(1, opening) if expected != "internal error: hypervisor connection not open" else call(3))
        (reply,) = Framing().feed(await reader.read(65536))
        assert expected is None or str(decode_error(reply)) == expected
    writer.close()


async def test_clients_have_limits(running: Running) -> None:
    running.daemon.main.limits.max_clients = 2
    first, second = [await running.connect() for _ in range(2)]
    third = asyncio.ensure_future(running.connect())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await asyncio.shield(third)
    await first.close()
    assert await (await third).get_type() == "SCRIPTED"
    assert await second.get_type() == "SCRIPTED"


async def test_an_unknown_driver_is_refused(running: Running) -> None:
    with pytest.raises(Error):
        await running.connect(f"nosuch+unix:///system?socket={running.run / 'libvirt-sock'}")


async def test_calls_under_way_end_when_the_connection_does(running: Running) -> None:
    conn = await running.connect()
    guest = await conn.lookup_by_name("guest0")
    waiting = [asyncio.ensure_future(guest.call(save.managed_save, 0)) for _ in range(3)]
    await guest.is_active()
    next(iter(running.daemon.main.clients.values())).abort()
    async with asyncio.timeout(2):
        results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(result, Error) and "End of file while reading data" in str(result) for result in results)
    with pytest.raises(InternalError, match="client socket is closed"):
        await conn.channel.perform(lifecycle.create, guest.handle, ())
    assert not conn.channel.alive


async def test_reconnecting_renews_subscriptions(running: Running) -> None:
    conn = await running.connect(options=Options(reconnect=True))
    guest = await conn.lookup_by_name("guest1")
    async with conn.events(Lifecycle, None) as events:
        next(iter(running.daemon.main.clients.values())).abort()
        await asyncio.sleep(0.1)
        await guest.create()
        assert (await anext(events)).dom.name == "guest1"


async def test_a_deadline_for_every_call(running: Running) -> None:
    conn = await running.connect(options=Options(timeout=0.1))
    guest = await conn.lookup_by_name("guest0")
    with pytest.raises(TimeoutError):
        await guest.call(save.managed_save, 0)


async def test_the_daemon_ends_when_idle(start: Start) -> None:
    running = await start(timeout=1)
    conn = await running.connect()
    async with asyncio.timeout(5):
        await asyncio.sleep(1.2)
        assert not running.daemon._end.is_set()
        await conn.close()
        await running.daemon._end.wait()


async def test_the_end_waits_for_calls_and_takes_sockets_away(start: Start) -> None:
    running = await start()
    conn = await running.connect()
    guest = await conn.lookup_by_name("guest0")
    driver = running.driver
    call_ = asyncio.ensure_future(guest.call(save.managed_save, 0))
    await guest.is_active()
    asyncio.get_running_loop().call_later(0.2, driver.slow.set)
    await running.daemon.close()
    await call_
    assert list(running.run.glob("*-sock*")) == []


async def test_raw_stream_pair_is_the_answering_side(running: Running) -> None:
    conn = await running.connect()
    guest: Domain = (await conn.lookup_by_name("guest0")).handle
    ours, theirs = stream_pair()
    await conn.channel.perform(console.open_console, guest, (None, 0), stream=theirs)
    await ours.send(b"ab")
    assert await ours.receive() == b"abab"
