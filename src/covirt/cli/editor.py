# SPDX-License-Identifier: LGPL-2.1-or-later
"""Text changed by a person in an editor."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from covirt.cli.failure import CommandFailed
from covirt.errors import Error

if TYPE_CHECKING:
    from covirt.cli.shell import Shell

ANSWERS = """
y - yes, start editor again
n - no, throw away my changes
i - turn off validation and try to redefine again
f - force, try to redefine again
? - print this help
"""


async def edit_text(
    shell: Shell,
    read: Callable[[], Awaitable[str]],
    write: Callable[[str, bool], Awaitable[None]],
    *,
    relaxed: bool,
) -> bool:
    """Let a person edit what `read` gives and `write` the result; false when nothing was changed.

    When it is refused, or somebody else changed it meanwhile, the person says how to go on.
    """
    before = await read()
    with tempfile.NamedTemporaryFile("w", prefix="covirt-", suffix=".xml", delete=False) as file:
        file.write(before)
    path = Path(file.name)
    try:
        answer = "y"
        while True:
            if answer == "y":
                await run_editor(path)
            edited = path.read_text()  # noqa: ASYNC240 (a small file of our own)
            if edited == before:
                return False
            trouble, before = await _attempt(shell, read, write, before, edited, relaxed)
            if trouble is None:
                return True
            answer = ask(shell, trouble)
            relaxed = relaxed or answer == "i"
    finally:
        path.unlink(missing_ok=True)  # noqa: ASYNC240


async def _attempt(
    shell: Shell,
    read: Callable[[], Awaitable[str]],
    write: Callable[[str, bool], Awaitable[None]],
    before: str,
    edited: str,
    relaxed: bool,
) -> tuple[str | None, str]:
    """Write unless somebody else was faster; what went wrong, and the text that is valid now."""
    now = await read()
    if now != before:
        return "The XML configuration was changed by another user.", now
    try:
        await write(edited, relaxed)
    except Error as error:
        shell.output.error(error.message)
        return "Failed.", now
    return None, now


async def run_editor(path: Path) -> None:
    """Run the person's editor; its name may have options behind it, and never goes through a shell."""
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    try:
        process = await asyncio.create_subprocess_exec(*editor, str(path))
    except OSError as error:
        raise CommandFailed(f"cannot run the editor '{editor[0]}': {error.strerror}") from error
    if await process.wait() != 0:
        raise CommandFailed(f"{editor[0]}: command exited with non-zero status")


def ask(shell: Shell, trouble: str) -> str:
    """What a person wants to do now; without one, the trouble stands."""
    if not shell.terminal:
        raise CommandFailed(trouble)
    while True:
        sys.stdout.write(f"{trouble} Try again? [y,n,i,f,?]: ")
        sys.stdout.flush()
        match sys.stdin.readline().strip().lower():
            case "y" | "i" | "f" as answer:
                return answer
            case "n" | "":
                raise CommandFailed
            case "?":
                sys.stdout.write(ANSWERS)
