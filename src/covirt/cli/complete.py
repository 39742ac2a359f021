# SPDX-License-Identifier: LGPL-2.1-or-later
"""Completion: what could stand where the cursor is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from covirt.cli.completers import COMPLETERS
from covirt.cli.failure import CommandFailed
from covirt.cli.option import Kind
from covirt.cli.parse import Invocation, Parser
from covirt.cli.shell import Shell
from covirt.cli.words import Mark, split
from covirt.errors import Error

Candidates = Callable[[Shell, Invocation], Awaitable[list[str]]]


async def complete(shell: Shell, line: str, word: str) -> list[str]:
    """Candidates for the last word of a line; `word` is what of it is there already."""
    invocation, waiting = _understood(shell, line)
    if invocation is None or invocation.command.name == word:
        candidates = [name for name in shell.commands.names() if not _hidden(shell, name)]
    else:
        candidates = await _arguments(shell, invocation, waiting, word)
    escaped = [candidate.replace("\\", "\\\\").replace(" ", "\\ ") for candidate in candidates]
    return [candidate for candidate in escaped if candidate.startswith(word)]


def _hidden(shell: Shell, name: str) -> bool:
    found = shell.commands.find(name)
    return found is None or found.hidden


def _understood(shell: Shell, line: str) -> tuple[Invocation | None, bool]:
    """The last command of the line as far as it makes sense, and whether it waits for a value."""
    parser = Parser(shell.commands)
    last: Invocation | None = None
    try:
        for token in split(line, complete=False):
            if isinstance(token, Mark):
                last = parser.drop()
            else:
                parser.feed(token)
    except CommandFailed:
        pass
    invocation = parser.current or last
    return invocation, parser.fill_waiting()


async def _arguments(shell: Shell, invocation: Invocation, waiting: bool, word: str) -> list[str]:
    last = invocation.last
    typed = (waiting and not word) or (not waiting and last is not None and word == invocation.text(last))
    if typed and last is not None and last.complete is not None:
        try:
            return await COMPLETERS[last.complete](shell, invocation)
        except Error:
            return []
    return [
        f"--{option.name}"
        for option in invocation.command.options
        if option.kind is Kind.ARGV or option.name not in invocation.given
    ]
