# SPDX-License-Identifier: LGPL-2.1-or-later
"""How much memory a guest has and uses."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.access import when
from covirt.api.call import Calls, Job, exclusive
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Domain
from covirt.api.layout import Max, UInt, ULong, UpTo, Width
from covirt.api.themes import DOMAIN

call = Calls(DOMAIN)


class DomainMemoryStatTags(Number, prefix="VIR_DOMAIN_MEMORY_STAT_"):
    """What a memory figure tells."""

    SWAP_IN = 0
    SWAP_OUT = 1
    MAJOR_FAULT = 2
    MINOR_FAULT = 3
    UNUSED = 4
    AVAILABLE = 5
    ACTUAL_BALLOON = 6
    RSS = 7
    USABLE = 8
    LAST_UPDATE = 9
    DISK_CACHES = 10
    HUGETLB_PGALLOC = 11
    HUGETLB_PGFAIL = 12
    NR = 13


class DomainMemoryModFlags(Flags, prefix="VIR_DOMAIN_MEM_"):
    """Which memory of a guest to set, and when."""

    CURRENT = 0
    LIVE = 1
    CONFIG = 1 << 1
    MAXIMUM = 1 << 2


class DomainMemoryFlags(Flags, prefix="VIR_MEMORY_"):
    """What the address of memory means."""

    VIRTUAL = 1
    PHYSICAL = 1 << 1


class MemoryStat(NamedTuple):
    """One figure about memory."""

    tag: DomainMemoryStatTags
    val: ULong


@call(17, "virDomainGetMaxMemory", acl="domain:read", high=True, since="0.0.3")
def max_memory(dom: Domain) -> ULong:
    """Get the most memory that the guest may use, in KiB."""


@call(30, "virDomainSetMaxMemory", acl="domain:write", job=Job.MODIFY, high=True, since="0.0.3")
def set_max_memory(dom: Domain, memory: ULong) -> None:
    """Set the most memory that the guest may use, in KiB."""


@call(31, "virDomainSetMemory", acl="domain:write", job=Job.MODIFY, since="0.1.1")
def set_memory(dom: Domain, memory: ULong) -> None:
    """Set the memory that the running guest uses now, in KiB."""


@call(
    204,
    "virDomainSetMemoryFlags",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainMemoryModFlags.CONFIG | DomainMemoryModFlags.LIVE),
        when("domain:save", all_set=DomainMemoryModFlags.CONFIG),
    ),
    job=Job.MODIFY,
    since="0.9.0",
)
def set_memory_flags(dom: Domain, memory: ULong, flags: DomainMemoryModFlags) -> None:
    """Set the memory of the guest or its limit, now or for the next start."""


@call(159, "virDomainMemoryStats", acl="domain:read", job=Job.QUERY, since="0.7.5")
def memory_stats(
    dom: Domain, flags: NoFlags
) -> Annotated[list[MemoryStat], UpTo(limits.DOMAIN_MEMORY_STATS, ask=Width.UINT)]:
    """Get what the guest tells about its memory."""


@call(
    308,
    "virDomainSetMemoryStatsPeriod",
    acl=(
        "domain:write",
        when("domain:save", none_set=DomainMemoryModFlags.CONFIG | DomainMemoryModFlags.LIVE),
        when("domain:save", all_set=DomainMemoryModFlags.CONFIG),
    ),
    job=Job.MODIFY,
    since="1.1.1",
)
def set_memory_stats_period(dom: Domain, period: int, flags: DomainMemoryModFlags) -> None:
    """Set every how many seconds the guest tells about its memory."""


@call(
    104,
    "virDomainMemoryPeek",
    acl="domain:mem_read",
    job=Job.QUERY,
    rules=(exclusive(DomainMemoryFlags.VIRTUAL, DomainMemoryFlags.PHYSICAL),),
    since="0.4.2",
)
def memory_peek(
    dom: Domain, offset: ULong, size: UInt, flags: DomainMemoryFlags
) -> Annotated[bytes, Max(limits.DOMAIN_MEMORY_PEEK_BUFFER)]:
    """Read a piece of the guest's memory."""
