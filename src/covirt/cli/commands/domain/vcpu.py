# SPDX-License-Identifier: LGPL-2.1-or-later
"""How many processors a domain has, and where they run."""

from __future__ import annotations

from typing import Annotated

from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.vcpu import DomainVcpuFlags
from covirt.cli.choose import flags
from covirt.cli.command import IMPACT, Exclusive, Requires, command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.value import unsigned
from covirt.cli.vocabulary import Config, Current, Live, TheDomain
from covirt.client.objects_generated import Domain
from covirt.errors import Error
from covirt.values import CpuSet


@command(IMPACT, Exclusive("guest", "config"), Requires("maximum", "config"))
async def setvcpus(
    shell: Shell,
    *,
    domain: TheDomain,
    count: Annotated[int, Say("number of processors", positional=True, convert=unsigned)],
    maximum: Annotated[bool, Say("change the most there may be")] = False,
    config: Config = False,
    live: Live = False,
    current: Current = False,
    guest: Annotated[bool, Say("ask the agent in the guest")] = False,
    hotpluggable: Annotated[bool, Say("so that they can be unplugged again")] = False,
) -> None:
    """change how many processors a domain has"""
    if count == 0:
        raise CommandFailed("Can't set 0 processors for a VM")
    chosen = flags(DomainVcpuFlags, CONFIG=config, LIVE=live, GUEST=guest, MAXIMUM=maximum, HOTPLUGGABLE=hotpluggable)
    await (domain.set_vcpus_flags(count, chosen) if chosen or current else domain.set_vcpus(count))


@command(Exclusive("live", "config"), Exclusive("active", "maximum"), Exclusive("guest", "config"))
async def vcpucount(
    shell: Shell,
    *,
    domain: TheDomain,
    maximum: Annotated[bool, Say("the most there may be")] = False,
    active: Annotated[bool, Say("those that there are")] = False,
    live: Annotated[bool, Say("of the running domain")] = False,
    config: Annotated[bool, Say("of the next boot")] = False,
    current: Annotated[bool, Say("of what the domain's state suggests")] = False,
    guest: Annotated[bool, Say("ask the agent in the guest")] = False,
) -> None:
    """print how many processors a domain has"""
    if not any((maximum, active, live, config, current, guest)):
        await _print_counts(shell, domain)
        return
    # Alone, `--current` is an old word for `--active`.
    for option in ("live", "config") if maximum or active else ():
        Exclusive("current", option).check(shell.given)
    shell.output.line(
        str(await domain.vcpus_flags(flags(DomainVcpuFlags, LIVE=live, CONFIG=config, MAXIMUM=maximum, GUEST=guest)))
    )


async def _print_counts(shell: Shell, domain: Domain) -> None:
    running, kept = await domain.is_active(), await domain.is_persistent()
    states = [("config", DomainVcpuFlags.CONFIG, kept), ("live", DomainVcpuFlags.LIVE, running)]
    for which, more in (("maximum", DomainVcpuFlags.MAXIMUM), ("current", DomainVcpuFlags(0))):
        for state, flag, there in states:
            if there and (count := await domain.vcpus_flags(flag | more)) > 0:
                shell.output.line(f"{which:<12} {state:<12} {count:3}")


@command(IMPACT, Exclusive("live", "config"))
async def vcpupin(
    shell: Shell,
    *,
    domain: TheDomain,
    vcpu: Annotated[
        int | None, Say("number of the processor", unwanted_positional=True, complete="domain-vcpu", convert=unsigned)
    ] = None,
    cpulist: Annotated[
        str | None,
        Say("the host's processors it may run on", unwanted_positional=True, empty=True, complete="domain-cpulist"),
    ] = None,
    config: Config = False,
    live: Live = False,
    current: Current = False,
) -> None:
    """show or say on which of the host's processors those of a domain may run"""
    impact = flags(DomainModificationImpact, CONFIG=config, LIVE=live)
    if cpulist is not None and vcpu is None:
        raise CommandFailed("vcpupin: Missing vCPU number in pin mode.")
    host = (await shell.conn.get_cpu_map(False, False)).total
    if cpulist is None:
        await _print_pins(shell, domain, vcpu, host, impact)
        return
    assert vcpu is not None
    cpumap = cpumap_of(cpulist, host)
    await (domain.pin_vcpu_flags(vcpu, cpumap, impact) if impact or current else domain.pin_vcpu(vcpu, cpumap))


async def _print_pins(
    shell: Shell, domain: Domain, vcpu: int | None, host: int, impact: DomainModificationImpact
) -> None:
    config, live = (flag in impact for flag in (DomainModificationImpact.CONFIG, DomainModificationImpact.LIVE))
    offline = "offline" if live else "transient"
    with failing(f"cannot get vcpupin for {offline} domain"):
        count = await _most_vcpus(domain, config=config, live=live)
    if vcpu is not None and vcpu >= count:
        where = "live" if live or (not config and await domain.is_active()) else "persistent"
        raise CommandFailed(f"vcpu {vcpu} is out of range of {where} cpu count {count}")
    length = -(-host // 8)
    pins = await domain.vcpu_pin_info(count, length, impact)
    table = Table("VCPU", "CPU Affinity")
    for number in range(pins.number):
        if vcpu in (None, number):
            table.append(str(number), str(CpuSet.from_bytes(pins.cpumaps[number * length : (number + 1) * length])))
    shell.output.table(table)


async def _most_vcpus(domain: Domain, *, config: bool, live: bool) -> int:
    """How many processors the domain has; what is current is its running self, if there is one."""
    if not config and not live:
        live = await domain.is_active()
        config = not live
    chosen = DomainVcpuFlags.MAXIMUM | flags(DomainVcpuFlags, CONFIG=config, LIVE=live)
    return await domain.vcpus_flags(chosen)


def cpumap_of(text: str, host: int) -> bytes:
    """A list of the host's processors as a map; one that begins with r, as `reset`, has all."""
    if text.startswith("r"):
        return CpuSet(range(host)).to_bytes()
    try:
        numbers = CpuSet.parse(text)
    except Error as error:
        raise CommandFailed(f"Invalid cpulist '{text}'", error) from error
    if not numbers:
        raise CommandFailed(f"Invalid cpulist '{text}'")
    if max(numbers) >= host:
        raise CommandFailed(f"CPU {max(numbers)} in cpulist '{text}' exceed the maxcpu {host}")
    return numbers.to_bytes()
