# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counters of domains."""

from __future__ import annotations

from typing import Annotated

from covirt.api.domain.stats import ConnectGetAllDomainStatsFlags, DomainStatsTypes
from covirt.api.params import TypedParam
from covirt.cli.choose import flags
from covirt.cli.command import command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Kind, Option, Say
from covirt.cli.params import text_of
from covirt.cli.shell import Shell
from covirt.cli.vocabulary import ActiveDomain, find_domain
from covirt.client.objects_generated import Domain

ONE_ANSWER = 128
"""How many processors one call tells about."""

DOMAIN = Option("domain", Kind.STRING)

CONTROL_STATES = ("ok", "background job", "occupied", "error")
CONTROL_REASONS = ("", "unknown", "monitor failure", "internal (locking) error")


@command()
async def domcontrol(shell: Shell, *, domain: ActiveDomain) -> None:
    """print whether the hypervisor of a domain answers"""
    info = await domain.control_info()
    text = CONTROL_STATES[info.state]
    if text == "error":
        shell.output.line(f"{text}: {CONTROL_REASONS[info.details]}" if info.details else text)
    else:
        shell.output.line(text if text == "ok" else f"{text} ({info.state_time / 1000:.3f}s)")


@command()
async def domstats(
    shell: Shell,
    *,
    state: Annotated[bool, Say("what it does, and why")] = False,
    cpu_total: Annotated[bool, Say("time on the host's processors")] = False,
    balloon: Annotated[bool, Say("memory it uses")] = False,
    vcpu: Annotated[bool, Say("its processors")] = False,
    interface: Annotated[bool, Say("its network cards")] = False,
    block: Annotated[bool, Say("its disks")] = False,
    perf: Annotated[bool, Say("counters of the host's processors")] = False,
    iothread: Annotated[bool, Say("its threads for disks")] = False,
    memory: Annotated[bool, Say("bandwidth of memory")] = False,
    dirtyrate: Annotated[bool, Say("how fast it changes memory")] = False,
    vm: Annotated[bool, Say("what only its hypervisor counts")] = False,
    list_active: Annotated[bool, Say("of those that run")] = False,
    list_inactive: Annotated[bool, Say("of those that do not run")] = False,
    list_persistent: Annotated[bool, Say("of those with a definition that stays")] = False,
    list_transient: Annotated[bool, Say("of those without a definition that stays")] = False,
    list_running: Annotated[bool, Say("of those that run and are not paused")] = False,
    list_paused: Annotated[bool, Say("of those that are paused")] = False,
    list_shutoff: Annotated[bool, Say("of those that are shut off")] = False,
    list_other: Annotated[bool, Say("of those in another state")] = False,
    raw: Annotated[bool, Say("print the counters as they are")] = False,
    enforce: Annotated[bool, Say("fail when something asked for is not counted")] = False,
    backing: Annotated[bool, Say("of disks below disks, too")] = False,
    nowait: Annotated[bool, Say("leave out what is not there at once")] = False,
    domain: Annotated[
        list[str] | None, Say("of these domains", positional=True, complete="domain-name", find=find_domain)
    ] = None,
) -> None:
    """print counters of domains"""
    groups = flags(
        DomainStatsTypes,
        STATE=state,
        CPU_TOTAL=cpu_total,
        BALLOON=balloon,
        VCPU=vcpu,
        INTERFACE=interface,
        BLOCK=block,
        PERF=perf,
        IOTHREAD=iothread,
        MEMORY=memory,
        DIRTYRATE=dirtyrate,
        VM=vm,
    )
    which = flags(
        ConnectGetAllDomainStatsFlags,
        ACTIVE=list_active,
        INACTIVE=list_inactive,
        PERSISTENT=list_persistent,
        TRANSIENT=list_transient,
        RUNNING=list_running,
        PAUSED=list_paused,
        SHUTOFF=list_shutoff,
        OTHER=list_other,
        ENFORCE_STATS=enforce,
        BACKING=backing,
        NOWAIT=nowait,
    )
    domains = [await find_domain(shell, DOMAIN, word) for word in domain or []]
    records = await shell.conn.get_all_domain_stats(domains, groups, which)
    shell.output.write("\n".join(_record(record.dom.name, record.params.entries) for record in records))


def _record(name: str, params: list[TypedParam]) -> str:
    return f"Domain: '{name}'\n" + "".join(f"  {entry.name}={text_of(entry)}\n" for entry in params)


@command()
async def cpu_stats(
    shell: Shell,
    *,
    domain: ActiveDomain,
    total: Annotated[bool, Say("only all together")] = False,
    start: Annotated[int | None, Say("first of the host's processors to tell about", unwanted_positional=True)] = None,
    count: Annotated[int | None, Say("how many of them", unwanted_positional=True)] = None,
) -> None:
    """print how long a domain has used each of the host's processors"""
    if start is not None and start < 0:
        raise CommandFailed("Invalid value for start CPU")
    if count is not None and count < 0:
        raise CommandFailed("Invalid value for number of CPUs to show")
    single = start is not None or count is not None or not total
    with failing(f"Failed to retrieve CPU statistics for domain '{domain.name}'"):
        if single:
            await _print_each(shell, domain, start or 0, count)
        if total or (start is None and count is None):
            stats = await domain.get_cpu_stats(await _parameters(domain, -1), -1, 1)
            shell.output.line("Total:")
            _print_times(shell, stats.params.entries)


async def _parameters(domain: Domain, cpu: int) -> int:
    return (await domain.get_cpu_stats(0, cpu, 1)).per_cpu


async def _print_each(shell: Shell, domain: Domain, start: int, count: int | None) -> None:
    there = (await domain.get_cpu_stats(0, 0, 0)).per_cpu
    if start >= there:
        raise CommandFailed(f"Start CPU {start} is out of range (min: 0, max: {there - 1})")
    if count is not None and count > there:
        shell.output.line(f"Only {there} CPUs available to show")
    end = there if count is None or count > there else start + count
    each = await _parameters(domain, 0)
    for first in range(start, end, ONE_ANSWER):
        stats = await domain.get_cpu_stats(each, first, min(ONE_ANSWER, end - first))
        for number in range(first, min(first + ONE_ANSWER, end)):
            entries = stats.params.entries[(number - first) * each : (number - first + 1) * each]
            if entries:
                shell.output.line(f"CPU{number}:")
                _print_times(shell, entries)


def _print_times(shell: Shell, entries: list[TypedParam]) -> None:
    for entry in entries:
        if entry.name.endswith("_time") and isinstance(entry.value, int):
            seconds, rest = divmod(entry.value, 1_000_000_000)
            shell.output.line(f"\t{entry.name:<12} {seconds:>9}.{rest:09} seconds")
        else:
            shell.output.line(f"\t{entry.name:<12} {text_of(entry)}")
