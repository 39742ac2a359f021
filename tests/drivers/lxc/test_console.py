# SPDX-License-Identifier: LGPL-2.1-or-later
"""Consoles between two PTYs: nothing lost, nothing hoarded, nothing spun over."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from covirt.drivers.lxc.controller.console import BUFFER, Console
from covirt.drivers.lxc.controller.edges import Edges
from covirt.host.ptys import Pty, Ptys

PTYS = Ptys()


@dataclass
class Pair:
    """A console, and both sides of it as programs see them."""

    console: Console
    container: Pty
    host: Pty

    def inside(self) -> int:
        return PTYS.connect(self.container.device)

    def outside(self) -> int:
        return PTYS.connect(self.host.device)


@pytest.fixture
async def edges() -> AsyncIterator[Edges]:
    edges = Edges(asyncio.get_running_loop())
    yield edges
    edges.close()


def make_pair(edges: Edges) -> Pair:
    container, host = PTYS.open(), PTYS.open()
    return Pair(Console(container.master, host.master, asyncio.get_running_loop(), edges), container, host)


@pytest.fixture
async def pair(edges: Edges) -> AsyncIterator[Pair]:
    pair = make_pair(edges)
    yield pair
    pair.console.container.release()
    pair.console.host.release()
    pair.container.close()
    pair.host.close()


async def read(fd: int, size: int) -> bytes:
    """As much as is expected, or what there is after two seconds."""
    loop, found, done = asyncio.get_running_loop(), bytearray(), asyncio.Event()

    def readable() -> None:
        found.extend(os.read(fd, 65536))
        if len(found) >= size:
            done.set()

    loop.add_reader(fd, readable)
    try:
        await asyncio.wait_for(done.wait(), 5)
    finally:
        loop.remove_reader(fd)
    return bytes(found)


async def write(fd: int, data: bytes) -> None:
    loop, room, sent = asyncio.get_running_loop(), asyncio.Event(), 0
    while sent < len(data):
        try:
            sent += os.write(fd, data[sent:])
        except BlockingIOError:
            room.clear()
            loop.add_writer(fd, room.set)
            await room.wait()
            loop.remove_writer(fd)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0.005)


async def test_bytes_go_both_ways(pair: Pair) -> None:
    inside, outside = pair.inside(), pair.outside()
    await write(inside, b"login: ")
    assert await read(outside, 7) == b"login: "
    await write(outside, b"root\r")
    assert await read(inside, 5) == b"root\r"
    os.close(inside)
    os.close(outside)


async def test_much_data_arrives_whole(pair: Pair) -> None:
    inside, outside = pair.inside(), pair.outside()
    data = os.urandom(1 << 20)
    _, back, forth = await asyncio.gather(write(inside, data), read(outside, len(data)), asyncio.sleep(0))
    assert hashlib.sha256(back).digest() == hashlib.sha256(data).digest()
    assert forth is None
    os.close(inside)
    os.close(outside)


async def test_a_reader_that_stopped_makes_its_writer_wait_and_nobody_else(edges: Edges, pair: Pair) -> None:
    other = make_pair(edges)
    inside, outside = pair.inside(), pair.outside()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(write(inside, bytes(1 << 20)), 0.3)
    assert pair.console.output.pending <= 2 * BUFFER
    one, two = other.inside(), other.outside()
    await write(one, b"quick")
    assert await read(two, 5) == b"quick"
    for fd in (inside, outside, one, two):
        os.close(fd)
    other.console.container.close()
    other.console.host.close()


async def test_end_of_file_disables_the_watch_and_new_data_enables_it(pair: Pair) -> None:
    outside = pair.outside()
    os.close(outside)
    await settle()
    assert pair.console.host.closed
    outside, inside = pair.outside(), pair.inside()
    assert pair.console.host.closed, "opening alone is nothing new"
    await write(outside, b"hello")
    assert await read(inside, 5) == b"hello"
    assert not pair.console.host.closed
    os.close(inside)
    os.close(outside)


async def test_what_was_written_before_somebody_looks_is_seen_without_typing(pair: Pair) -> None:
    os.close(pair.outside())
    await settle()
    inside = pair.inside()
    await write(inside, b"boot messages")
    await settle()
    outside = pair.outside()
    assert await read(outside, 13) == b"boot messages"
    os.close(inside)
    os.close(outside)


async def test_a_thousand_times_closed_and_opened_again(pair: Pair) -> None:
    sent, got = hashlib.sha256(), hashlib.sha256()
    for number in range(1000):
        inside, outside = pair.inside(), pair.outside()
        there, back = os.urandom(number % 97 + 1), os.urandom(number % 89 + 1)
        await write(outside, there)
        await write(inside, back)
        sent.update(there + back)
        got.update(await read(inside, len(there)) + await read(outside, len(back)))
        os.close(inside)
        os.close(outside)
    assert got.digest() == sent.digest()


async def test_idle_after_everybody_left(edges: Edges) -> None:
    pairs = [make_pair(edges) for _ in range(16)]
    for one in pairs:
        os.close(one.inside())
        os.close(one.outside())
    await settle()
    assert all(one.console.host.closed and one.console.container.closed for one in pairs)
    before = time.process_time()
    await asyncio.sleep(1)
    assert time.process_time() - before < 0.01
    for one in pairs:
        one.console.container.close()
        one.console.host.close()


async def test_the_last_output_is_delivered_to_a_slow_reader(edges: Edges) -> None:
    pair = make_pair(edges)
    inside, outside = pair.inside(), pair.outside()
    data = os.urandom(60_000)
    await write(inside, data)
    os.close(inside)
    finished = asyncio.ensure_future(pair.console.finish())
    got = bytearray()
    while len(got) < len(data):
        await asyncio.sleep(0.002)
        try:
            got += os.read(outside, 4096)
        except BlockingIOError:
            continue
    await asyncio.wait_for(finished, 5)
    assert bytes(got) == data
    os.close(outside)


async def test_without_a_reader_the_end_is_not_waited_for(edges: Edges) -> None:
    pair = make_pair(edges)
    inside = pair.inside()
    await write(inside, b"nobody hears")
    os.close(inside)
    await asyncio.wait_for(pair.console.finish(), 1)
