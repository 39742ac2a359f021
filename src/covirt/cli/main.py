# SPDX-License-Identifier: LGPL-2.1-or-later
"""The program `covirt`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from covirt import __version__
from covirt.cli.catalogue import CATALOGUE
from covirt.cli.commands.itself import grouped_help
from covirt.cli.failure import CommandFailed
from covirt.cli.output import JsonOutput, Output
from covirt.cli.settings import USAGE, Settings, read_settings
from covirt.cli.shell import Shell
from covirt.client.open import open_connection


def main() -> None:
    """Run the command line of this process."""
    with suppress(KeyboardInterrupt):
        status = asyncio.run(run(sys.argv[1:]))
        sys.stdout.flush()
        raise SystemExit(status)
    raise SystemExit(130)


async def run(arguments: Sequence[str], output: Output | None = None) -> int:
    """Run a command line and give the exit status."""
    output = output or Output()
    try:
        settings = read_settings(arguments)
    except CommandFailed as failure:
        output.error(failure.message)
        return 1
    if settings.json:
        output = JsonOutput(output.out, output.err)
    output.quiet = settings.quiet
    if settings.show:
        show(settings.show, output)
        return 0
    shell = Shell(CATALOGUE, settings, output, open_connection)
    try:
        return 0 if await _commands(shell, settings) else 1
    finally:
        await shell.close()


async def _commands(shell: Shell, settings: Settings) -> bool:
    """Connect where that was asked for, then run what stands on the command line, or what a person types."""
    if len(settings.words) == 1:
        shell.debug(f'commands: "{settings.words[0]}"\n')
    if settings.uri is not None:
        try:
            await shell.connect(settings.uri, readonly=settings.readonly)
        except CommandFailed as failure:
            shell.output.error(failure.message)
            if failure.cause is not None:
                shell.output.error(failure.cause.message)
            return False
    else:
        shell.uri = settings.default_uri
    if not settings.words:
        from covirt.cli.interactive import converse

        return await converse(shell)
    if len(settings.words) == 1:
        return await shell.run_line(settings.words[0])
    return await shell.run_words(settings.words)


def show(what: str, output: Output) -> None:
    """Answer the options that stand for a whole command."""
    match what:
        case "help":
            output.write(USAGE.format(program=program()) + grouped_help(CATALOGUE, colon=""))
            output.write("\n  (specify help <group> for details about the commands in the group)\n")
            output.write("\n  (specify help <command> for details about the command)\n\n")
        case "long version":
            output.write(f"covirt {__version__}\nlibvirt API and protocol {api_version()}\n")
        case _:
            output.line(__version__)


def api_version() -> str:
    """The version of libvirt whose interfaces we have."""
    return "11.3.0"


def program() -> str:
    """How we were called."""
    return os.path.basename(sys.argv[0]) or "covirt"


if __name__ == "__main__":
    main()
