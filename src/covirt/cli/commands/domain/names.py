# SPDX-License-Identifier: LGPL-2.1-or-later
"""From one name of a domain to another."""

from __future__ import annotations

from covirt.cli.command import command
from covirt.cli.shell import Shell
from covirt.cli.vocabulary import ActiveDomain, TheDomain


@command()
async def domid(shell: Shell, *, domain: ActiveDomain) -> None:
    """print the id of a domain

    A domain has an id while it runs.
    """
    shell.output.line(str(domain.id) if domain.id >= 0 else "-")


@command()
async def domname(shell: Shell, *, domain: TheDomain) -> None:
    """print the name of a domain"""
    shell.output.line(domain.name)


@command()
async def domuuid(shell: Shell, *, domain: TheDomain) -> None:
    """print the UUID of a domain"""
    shell.output.line(str(domain.uuid))
