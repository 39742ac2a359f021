# SPDX-License-Identifier: LGPL-2.1-or-later
"""Consoles of domains."""

from __future__ import annotations

from typing import Annotated
from xml.etree import ElementTree

from covirt.api.domain.console import DomainConsoleFlags
from covirt.cli.choose import flags
from covirt.cli.command import command
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.terminal import attach
from covirt.cli.vocabulary import ActiveDomain


@command()
async def console(
    shell: Shell,
    *,
    domain: ActiveDomain,
    devname: Annotated[
        str | None, Say("alias of a character device", unwanted_positional=True, complete="domain-console")
    ] = None,
    force: Annotated[bool, Say("disconnect who is connected already")] = False,
    resume: Annotated[bool, Say("let the domain go on once connected")] = False,
    safe: Annotated[bool, Say("only where others cannot interfere")] = False,
) -> None:
    """connect this terminal with the console of a domain"""
    await attach(shell, domain, device=devname, resume=resume, flags=flags(DomainConsoleFlags, FORCE=force, SAFE=safe))


@command()
async def ttyconsole(shell: Shell, *, domain: ActiveDomain) -> None:
    """print where the console of a domain is"""
    description = ElementTree.fromstring(await domain.xml_desc())
    console = description.find("devices/console[@tty]")
    if console is not None:
        shell.output.line(console.attrib["tty"])
