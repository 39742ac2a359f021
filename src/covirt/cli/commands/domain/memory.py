# SPDX-License-Identifier: LGPL-2.1-or-later
"""How much memory a domain has."""

from __future__ import annotations

from typing import Annotated

from covirt.api.domain.memory import DomainMemoryModFlags
from covirt.cli.choose import flags
from covirt.cli.command import IMPACT, command
from covirt.cli.failure import failing
from covirt.cli.option import Say, alias
from covirt.cli.shell import Shell
from covirt.cli.value import kibibytes
from covirt.cli.vocabulary import Config, Current, Live, TheDomain

Size = Annotated[int, Say("memory, in KiB or with a unit behind it", positional=True, convert=kibibytes)]
OLD_NAME = (alias("kilobytes", "size"),)


@command(IMPACT, aliases=OLD_NAME)
async def setmem(
    shell: Shell, *, domain: TheDomain, size: Size, config: Config = False, live: Live = False, current: Current = False
) -> None:
    """change how much memory a domain uses"""
    at_once = live or not (config or current)
    await domain.set_memory_flags(rounded(size), flags(DomainMemoryModFlags, CONFIG=config, LIVE=at_once))


@command(IMPACT, aliases=OLD_NAME)
async def setmaxmem(
    shell: Shell, *, domain: TheDomain, size: Size, config: Config = False, live: Live = False, current: Current = False
) -> None:
    """change how much memory a domain may use at most"""
    with failing("Unable to change MaxMemorySize"):
        chosen = flags(DomainMemoryModFlags, CONFIG=config, LIVE=live, MAXIMUM=True)
        await domain.set_memory_flags(rounded(size), chosen)


def rounded(octets: int) -> int:
    """KiB that are enough."""
    return -(-octets // 1024)
