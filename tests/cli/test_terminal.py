# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

import asyncio
import os
import pty
import termios

from covirt.api.stream import stream_pair
from covirt.cli.terminal import converse, escape_octet


def test_escape_characters() -> None:
    assert escape_octet("^]") == 0x1D
    assert escape_octet("^a") == 0x01
    assert escape_octet("q") == ord("q")


async def test_bytes_go_both_ways_until_the_escape_character() -> None:
    person, terminal = pty.openpty()
    before = termios.tcgetattr(terminal)
    ours, guest = stream_pair()
    session = asyncio.create_task(converse(ours, 0x1D, terminal, terminal))
    await guest.send(b"login: ")
    assert await asyncio.to_thread(os.read, person, 100) == b"login: "
    os.write(person, b"root\r")
    assert await guest.receive() == b"root\r"
    os.write(person, b"bye\x1dlost")
    assert await guest.receive() == b"bye"
    await session
    assert termios.tcgetattr(terminal) == before
    os.close(person)
    os.close(terminal)


async def test_end_of_the_guest_ends_the_session() -> None:
    person, terminal = pty.openpty()
    ours, guest = stream_pair()
    session = asyncio.create_task(converse(ours, 0x1D, terminal, terminal))
    await guest.send(b"halted")
    await guest.end()
    await session
    assert os.read(person, 100).startswith(b"halted")
    os.close(person)
    os.close(terminal)
