# SPDX-License-Identifier: LGPL-2.1-or-later
"""Peers that mean harm: others keep their service, memory and descriptors come back, no traceback goes out."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import struct
import time

import pytest

from covirt.api.connect import auth
from covirt.rpc.codec import codec_of
from covirt.testing.running_daemon import Running
from covirt.wire.fault import decode_error
from covirt.wire.framing import Framing
from covirt.wire.message import compose

NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7, 16, 28, 60, 201, 273, 0x20008086, 0x6B656570, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]


def bad_messages(chance: random.Random, count: int) -> bytes:
    """Frames whose length is right and hardly anything else."""
    out = bytearray()
    for _ in range(count):
        payload = chance.randbytes(4 * chance.randrange(6))
        program = 0x20008086 if chance.random() < 0.7 else chance.choice(NUMBERS)
        procedure = chance.randrange(460) if chance.random() < 0.8 else chance.choice(NUMBERS)
        if procedure == 2:
            continue  # closing the connection would spare the daemon the rest
        header = (program, chance.choice([1, 1, 1, 2]), procedure, chance.choice([0, 0, 0, 1, 2, 3, 6, 9]))
        out += struct.pack(
            ">IIIIIII", 28 + len(payload), *header, chance.choice(NUMBERS), chance.choice([0, 0, 0, 1, 2])
        )
        out += payload
    return bytes(out)


async def attack(running: Running, data: bytes) -> list[str]:
    """Send all of it and say what came back as errors."""
    reader, writer = await running.raw()
    framing = Framing()
    errors: list[str] = []

    async def read() -> None:
        while data := await reader.read(65536):
            errors.extend(str(decode_error(message)) for message in framing.feed(data) if message.status == 1)

    reading = asyncio.ensure_future(read())
    with contextlib.suppress(ConnectionError):
        writer.write(data)
        await writer.drain()
        writer.write_eof()
        async with asyncio.timeout(20):
            await reading
    reading.cancel()
    writer.close()
    return errors


async def test_bad_messages_do_no_harm_to_others(running: Running) -> None:
    conn = await running.connect()
    guest = await conn.lookup_by_name("guest0")
    slowest = 0.0

    async def watch() -> None:
        nonlocal slowest
        while True:
            start = time.monotonic()
            await guest.is_active()
            slowest = max(slowest, time.monotonic() - start)
            await asyncio.sleep(0.005)

    watching = asyncio.ensure_future(watch())
    chance = random.Random(11)
    for _ in range(10):
        errors = await attack(running, bad_messages(chance, 1000))
        assert not any("Traceback" in error or ".py" in error for error in errors)
    watching.cancel()
    assert slowest < 1.0
    await asyncio.sleep(0.1)
    assert len(running.daemon.main.clients) == 1


async def test_noise_costs_a_connection_each_time(running: Running) -> None:
    conn = await running.connect()
    chance = random.Random(7)
    for _ in range(200):
        _, writer = await running.raw()
        writer.write(chance.randbytes(chance.randrange(200)))
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()
    assert await conn.get_type() == "SCRIPTED"
    await asyncio.sleep(0.2)
    assert len(running.daemon.main.clients) == 1


async def test_half_open_connections(running: Running) -> None:
    conn = await running.connect()
    before = len(os.listdir("/proc/self/fd"))
    sockets = []
    for _ in range(400):
        sock = socket.socket(socket.AF_UNIX)
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            sock.connect(str(running.run / "libvirt-sock"))
        sockets.append(sock)
        if len(sockets) % 50 == 0:
            sock.send(b"\0\0\0")
            await asyncio.sleep(0.01)
    start = time.monotonic()
    assert await conn.get_type() == "SCRIPTED"
    assert time.monotonic() - start < 1.0
    for sock in sockets:
        sock.close()
    await asyncio.sleep(0.5)
    assert len(os.listdir("/proc/self/fd")) <= before
    assert len(running.daemon.main.clients) == 1


async def test_foreign_descriptors_are_closed(running: Running) -> None:
    before = len(os.listdir("/proc/self/fd"))
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(str(running.run / "libvirt-sock"))
    reading, writing = os.pipe()
    for _ in range(20):
        socket.send_fds(sock, [bytes(compose(0x20008086, 1, 66, 0, 1, 0))], [reading] * 10)
        await asyncio.sleep(0.01)
    os.close(reading)
    os.close(writing)
    await asyncio.sleep(0.1)
    assert len(os.listdir("/proc/self/fd")) == before + 2
    sock.close()
    await asyncio.sleep(0.1)
    assert len(os.listdir("/proc/self/fd")) == before


async def test_a_client_that_takes_nothing_is_given_up(running: Running) -> None:
    running.daemon.main.limits.max_client_backlog = 1_000_000
    sock = socket.socket(socket.AF_UNIX)
    sock.setblocking(False)
    sock.connect(str(running.run / "libvirt-sock"))
    out = bytearray()
    codec_of(auth.auth_list).encode_args(out, (None, (), None))  # type: ignore[arg-type]
    ask = bytes(compose(0x20008086, 1, 9999, 0, 1, 0)) * 1000
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(20):
            while True:
                await asyncio.get_running_loop().sock_sendall(sock, ask)
                await asyncio.sleep(0)
                if not running.daemon.main.clients:
                    break
    sock.close()
    await asyncio.sleep(0.1)
    assert not running.daemon.main.clients


@pytest.mark.parametrize("byte", [b"\0", b"\xff"])
async def test_a_slow_sender_waits_alone(running: Running, byte: bytes) -> None:
    reader, writer = await running.raw()
    conn = await running.connect()
    for byte_ in compose(0x20008086, 1, 66, 0, 1, 0):
        writer.write(bytes([byte_]))
        await writer.drain()
        assert await conn.get_type() == "SCRIPTED"
    (reply,) = Framing().feed(await reader.read(1000))
    assert reply.status == 0
    writer.close()
