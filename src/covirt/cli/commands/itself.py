# SPDX-License-Identifier: LGPL-2.1-or-later
"""Commands about the shell itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from covirt.cli.catalogue import CATALOGUE, Catalogue
from covirt.cli.command import Exclusive, command
from covirt.cli.failure import CommandFailed
from covirt.cli.help import command_help, group_help
from covirt.cli.option import Say, alias
from covirt.cli.quoting import escape_shell, escape_xml, split_commas
from covirt.cli.shell import Shell


@command(connects=False)
async def cd(
    shell: Shell,
    *,
    dir: Annotated[str | None, Say("directory to go to, your home unless said", positional=True)] = None,
) -> None:
    """change the current directory

    Go to another directory; relative names of files begin there.
    """
    target = dir or os.environ.get("HOME") or "/"
    try:
        os.chdir(target)
    except OSError as error:
        raise CommandFailed(f"cd: {error.strerror}: {target}") from error


@command(
    Exclusive("shell", "xml"),
    Exclusive("shell", "split"),
    Exclusive("xml", "split"),
    aliases=(alias("str", "string"), alias("hi", "string=hello")),
    connects=False,
)
async def echo(
    here: Shell,
    /,
    *,
    shell: Annotated[bool, Say("quote for a shell")] = False,
    xml: Annotated[bool, Say("escape for XML")] = False,
    split: Annotated[bool, Say("cut each word at its commas; two of them are one that stays")] = False,
    err: Annotated[bool, Say("write as an error")] = False,
    prefix: Annotated[str | None, Say("word to put in front")] = None,
    string: Annotated[list[str] | None, Say("words to print", positional=True)] = None,
) -> None:
    """print words

    Print the words, with the quoting that is asked for.
    """
    quoted = [_quote(word, shell=shell, xml=xml, split=split) for word in string or []]
    text = " ".join([prefix, *quoted] if prefix else quoted).rstrip(" ") if prefix or quoted else ""
    if err and text:
        here.output.error(text)
    elif text:
        here.output.write(text)


def _quote(word: str, *, shell: bool, xml: bool, split: bool) -> str:
    if xml:
        return escape_xml(word)
    if shell:
        return escape_shell(word)
    if split:
        return "".join(f"{part}\n" for part in split_commas(word))
    return word


@command(connects=False, name="exit")
async def exit_(shell: Shell) -> None:
    """leave the shell"""
    shell.leaving = True


@command(connects=False, name="quit")
async def quit_(shell: Shell) -> None:
    """leave the shell"""
    shell.leaving = True


@command(connects=False)
async def pwd(shell: Shell) -> None:
    """print the current directory

    Print where relative names of files begin.
    """
    shell.output.line(str(Path.cwd()))


@command(connects=False, name="help")
async def help_(
    shell: Shell,
    *,
    command: Annotated[
        str | None, Say("a command or a group of commands", positional=True, complete="help-command")
    ] = None,
) -> None:
    """explain commands

    Explain one command, list those of a group, or list all.
    """
    if not command:
        shell.output.write("Grouped commands:\n\n" + grouped_help(CATALOGUE))
    elif found := CATALOGUE.find(command):
        shell.output.write(command_help(found))
    elif group := CATALOGUE.find_group(command):
        shell.output.write(group_help(group.title, group.keyword, CATALOGUE.commands(group)))
    else:
        raise CommandFailed(f"command or command group '{command}' doesn't exist")


def grouped_help(catalogue: Catalogue, colon: str = ":") -> str:
    """All commands by group."""
    parts = [group_help(group.title, group.keyword, catalogue.commands(group), colon) for group in catalogue.groups]
    return "".join(f"{part}\n" for part in parts)


@command(connects=False, hidden=True)
async def complete(
    shell: Shell,
    *,
    string: Annotated[list[str] | None, Say("the words so far", positional=True, empty=True)] = None,
) -> None:
    """print what could stand at the end of a line

    Asked by other programs, such as a shell that completes our command line.
    """
    from covirt.cli.complete import complete as candidates

    words = string or []
    await shell.connection()
    found = await candidates(shell, " ".join(words), words[-1] if words else "")
    if not found:
        raise CommandFailed
    for candidate in found:
        shell.output.line(candidate)


@command(connects=False)
async def connect(
    shell: Shell,
    *,
    name: Annotated[str | None, Say("URI of the hypervisor", positional=True, empty=True)] = None,
    readonly: Annotated[bool, Say("connect without the right to change anything")] = False,
) -> None:
    """connect to a hypervisor

    Connect anew, to the same hypervisor or to another one.
    """
    await shell.connect(name, readonly=readonly or (name is None and shell.readonly))
