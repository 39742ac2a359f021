# SPDX-License-Identifier: LGPL-2.1-or-later
"""A domain that lives as long as somebody watches it."""

from __future__ import annotations

from typing import Annotated

from covirt.api.domain.lifecycle import DomainCreateFlags
from covirt.cli.command import command
from covirt.cli.failure import failing
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.terminal import attach
from covirt.cli.vocabulary import File, read_file
from covirt.client.objects_generated import Domain
from covirt.errors import Error


@command()
async def run(
    shell: Shell,
    *,
    file: File,
    keep: Annotated[bool, Say("let it run on when the console is left")] = False,
) -> None:
    """start a domain from a file and show its console

    When the console is left or the guest ends, nothing of the domain stays.
    """
    text = read_file("file", file)
    how = DomainCreateFlags.PAUSED if keep else DomainCreateFlags.PAUSED | DomainCreateFlags.AUTODESTROY
    with failing(f"Failed to create domain from {file}"):
        domain = await shell.conn.create_xml(text, how)
    try:
        await attach(shell, domain, resume=True)
    finally:
        if not keep:
            await _end(domain)


async def _end(domain: Domain) -> None:
    """End the domain unless it has ended itself."""
    try:
        await domain.destroy()
    except Error:
        return
