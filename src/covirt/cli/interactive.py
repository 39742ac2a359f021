# SPDX-License-Identifier: LGPL-2.1-or-later
"""The shell for a person: prompt, history and completion."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory

from covirt.cli.complete import complete
from covirt.cli.shell import Shell

WELCOME = """\
Welcome to covirt, the virtualization interactive terminal.

Type:  'help' for help with commands
       'quit' to quit

"""


async def converse(shell: Shell) -> bool:
    """Read and run commands until the person leaves; lines that do not come from a terminal are run as they are."""
    shell.interactive = True
    shell.output.say(WELCOME)
    if shell.terminal:
        await _with_prompt(shell)
    else:
        await _without_prompt(shell)
    if not shell.leaving:
        shell.output.write("\n")
    return True


async def _with_prompt(shell: Shell) -> None:
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history_file())), completer=_ShellCompleter(shell), complete_while_typing=False
    )
    while not shell.leaving:
        try:
            line = await session.prompt_async(prompt(shell))
        except EOFError:
            return
        except KeyboardInterrupt:
            continue
        if line:
            await shell.run_line(line)


async def _without_prompt(shell: Shell) -> None:
    for line in sys.stdin:
        shell.output.write(prompt(shell) + line)
        if line.strip():
            await shell.run_line(line.rstrip("\n"))
        if shell.leaving:
            return


def prompt(shell: Shell) -> str:
    """Shows whether the connection may change anything."""
    return "covirt > " if shell.readonly else "covirt # "


def history_file() -> Path:
    """Where typed lines are kept."""
    directory = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "covirt"
    directory.mkdir(parents=True, exist_ok=True)
    return directory / "history"


class _ShellCompleter(Completer):
    """Completion as prompt_toolkit wants it."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        line = document.text_before_cursor
        word = "" if line.endswith((" ", "\t")) else line.rpartition(" ")[2]
        for candidate in await complete(self.shell, line, word):
            yield Completion(candidate, start_position=-len(word))
