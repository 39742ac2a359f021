# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest's console on this terminal."""

from __future__ import annotations

import asyncio
import os
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from covirt.api.domain.console import DomainConsoleFlags
from covirt.api.stream import Hole, StreamEnd
from covirt.cli.failure import CommandFailed, failing
from covirt.client.objects_generated import Domain
from covirt.errors import Error

if TYPE_CHECKING:
    from covirt.cli.shell import Shell

SHUT_OFF = 5
BLOCK = 4096


async def attach(
    shell: Shell,
    domain: Domain,
    *,
    device: str | None = None,
    resume: bool = False,
    flags: DomainConsoleFlags = DomainConsoleFlags(0),  # noqa: B008 (a number)
) -> None:
    """Connect this terminal with a console of the guest until the escape character is typed or the guest ends."""
    with failing("Unable to get domain status"):
        state = await domain.state()
    if state.state == SHUT_OFF:
        raise CommandFailed("The domain is not running")
    if not shell.terminal:
        raise CommandFailed("Cannot run interactive console without a controlling TTY")
    escape = shell.settings.escape
    hint = f" (Ctrl + {escape[1]})" if len(escape) == 2 else ""
    shell.output.say(f"Connected to domain '{domain.name}'\nEscape character is {escape}{hint}\n")
    sys.stdout.flush()
    stream = await domain.open_console(device, flags)
    if resume:
        with failing(f"Failed to resume domain '{domain.name}'"):
            await domain.resume()
    await converse(stream, escape_octet(escape))


def escape_octet(escape: str) -> int:
    """The byte that ends a session: `^]` and its like are control characters."""
    return ord(escape[1].upper()) & 0x1F if len(escape) == 2 else ord(escape)


async def converse(stream: StreamEnd, escape: int, keyboard: int = 0, screen: int = 1) -> None:
    """Carry bytes both ways, keys one by one, until either side ends."""
    with raw(keyboard):
        tasks = [
            asyncio.create_task(_show(stream, screen), name="console to screen"),
            asyncio.create_task(_type(stream, keyboard, escape), name="keyboard to console"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await _leave(stream)
    os.write(screen, b"\n")


async def _leave(stream: StreamEnd) -> None:
    try:
        await stream.abort()
    except Error:
        return


async def _show(stream: StreamEnd, screen: int) -> None:
    while octets := await stream.receive(BLOCK):
        if not isinstance(octets, Hole):
            os.write(screen, octets)


async def _type(stream: StreamEnd, keyboard: int, escape: int) -> None:
    """Send what is typed, up to the escape character."""
    keys: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    loop.add_reader(keyboard, lambda: keys.put_nowait(os.read(keyboard, BLOCK)))
    try:
        while typed := await keys.get():
            before, found, _ = typed.partition(bytes([escape]))
            if before:
                await stream.send(before)
            if found:
                return
    finally:
        loop.remove_reader(keyboard)


@contextmanager
def raw(keyboard: int) -> Iterator[None]:
    """A terminal that passes every key as it is, and is as before afterwards."""
    before = termios.tcgetattr(keyboard)
    tty.setraw(keyboard)
    try:
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
