# SPDX-License-Identifier: LGPL-2.1-or-later
"""How much memory a domain has."""

from __future__ import annotations

from typing import Annotated

from covirt.api.domain.memory import DomainMemoryModFlags, DomainMemoryStatTags
from covirt.cli.choose import flags
from covirt.cli.command import IMPACT, command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Say, alias
from covirt.cli.shell import Shell
from covirt.cli.value import kibibytes
from covirt.cli.vocabulary import ActiveDomain, Config, Current, Live, TheDomain

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


STATS = {
    DomainMemoryStatTags.SWAP_IN: "swap_in",
    DomainMemoryStatTags.SWAP_OUT: "swap_out",
    DomainMemoryStatTags.MAJOR_FAULT: "major_fault",
    DomainMemoryStatTags.MINOR_FAULT: "minor_fault",
    DomainMemoryStatTags.UNUSED: "unused",
    DomainMemoryStatTags.AVAILABLE: "available",
    DomainMemoryStatTags.USABLE: "usable",
    DomainMemoryStatTags.ACTUAL_BALLOON: "actual",
    DomainMemoryStatTags.RSS: "rss",
    DomainMemoryStatTags.LAST_UPDATE: "last_update",
    DomainMemoryStatTags.DISK_CACHES: "disk_caches",
    DomainMemoryStatTags.HUGETLB_PGALLOC: "hugetlb_pgalloc",
    DomainMemoryStatTags.HUGETLB_PGFAIL: "hugetlb_pgfail",
}


@command(IMPACT)
async def dommemstat(
    shell: Shell,
    *,
    domain: ActiveDomain,
    period: Annotated[int | None, Say("seconds between two questions to the guest")] = None,
    config: Config = False,
    live: Live = False,
    current: Current = False,
) -> None:
    """print how a domain uses its memory, or say how often to ask"""
    if period is not None:
        if period < 0:
            raise CommandFailed(f"Invalid collection period value '{period}'")
        with failing("Unable to change balloon collection period."):
            await domain.set_memory_stats_period(period, flags(DomainMemoryModFlags, CONFIG=config, LIVE=live))
        return
    with failing(f"Failed to get memory statistics for domain {domain.name}"):
        stats = await domain.memory_stats()
    for stat in stats:
        if name := STATS.get(DomainMemoryStatTags(stat.tag)):
            shell.output.line(f"{name} {stat.val}")


def rounded(octets: int) -> int:
    """KiB that are enough."""
    return -(-octets // 1024)
