# SPDX-License-Identifier: LGPL-2.1-or-later
"""The screen and the keys of a guest."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

from covirt.api.domain.console import KeycodeSet
from covirt.api.limits import DOMAIN_SEND_KEY
from covirt.api.stream import Hole, StreamEnd
from covirt.cli.command import command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.value import unsigned
from covirt.cli.vocabulary import ActiveDomain
from covirt.keycodes import CODE_SETS, key_number

ENDINGS = {"image/x-portable-pixmap": ".ppm", "image/png": ".png"}


@command()
async def screenshot(
    shell: Shell,
    *,
    domain: ActiveDomain,
    file: Annotated[
        str | None, Say("where the picture goes", unwanted_positional=True, complete="path-local-existing")
    ] = None,
    screen: Annotated[int, Say("number of the screen", unwanted_positional=True, convert=unsigned)] = 0,
) -> None:
    """save a picture of a guest's screen"""
    with failing(f"could not take a screenshot of {shell.given['domain']}"):
        kind, stream = await domain.screenshot(screen)
    path = file or f"{domain.name}-{datetime.now():%Y-%m-%d-%H:%M:%S}{ENDINGS.get(kind or '', '')}"
    try:
        fd, created = open_for_writing(path)
    except OSError as error:
        await stream.abort()
        raise CommandFailed(f"cannot create file {path}") from error
    try:
        with failing(f"could not receive data from domain '{shell.given['domain']}'"):
            await store(stream, fd)
    except BaseException:
        if created:
            Path(path).unlink(missing_ok=True)  # noqa: ASYNC240 (a file of our own)
        raise
    finally:
        os.close(fd)
    shell.output.say(f"Screenshot saved to {path}, with type of {kind}")


def open_for_writing(path: str) -> tuple[int, bool]:
    """A file to write, emptied when it was there, and whether it is new."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666), True
    except FileExistsError:
        return os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC), False


async def store(stream: StreamEnd, fd: int) -> None:
    """Write all that a stream brings."""
    while piece := await stream.receive():
        rest = memoryview(bytes(piece.length) if isinstance(piece, Hole) else piece)
        while rest:
            rest = rest[os.write(fd, rest) :]
    await stream.finish()


@command()
async def send_key(
    shell: Shell,
    *,
    domain: ActiveDomain,
    codeset: Annotated[str, Say("whose numbers and names of keys are meant", complete="keycode-set")] = "linux",
    holdtime: Annotated[int, Say("milliseconds that the keys are held", convert=unsigned)] = 0,
    keycode: Annotated[list[str], Say("numbers or names of keys that are pressed together", positional=True)],
) -> None:
    """press keys of a guest's keyboard"""
    wanted = "qnum" if codeset == "rfb" else codeset
    if wanted not in CODE_SETS:
        raise CommandFailed(f"unknown codeset: '{codeset}'")
    if len(keycode) > DOMAIN_SEND_KEY:
        raise CommandFailed("too many keycodes")
    await domain.send_key(KeycodeSet(CODE_SETS.index(wanted)), holdtime, [key(wanted, text) for text in keycode])


def key(code_set: str, text: str) -> int:
    """A key by its number, also in hexadecimal, or by its name."""
    try:
        number = int(text, 0)
    except ValueError:
        found = key_number(code_set, text)
        if found is None:
            raise CommandFailed(f"invalid keycode: '{text}'") from None
        return found
    if not 0 <= number <= 0xFFFF:
        raise CommandFailed(f"invalid keycode: '{text}'")
    return number


@command()
async def inject_nmi(shell: Shell, *, domain: ActiveDomain) -> None:
    """send a guest an interrupt that it cannot ignore"""
    await domain.inject_nmi()
