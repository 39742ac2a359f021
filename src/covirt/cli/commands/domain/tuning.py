# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shares and limits of a domain."""

from __future__ import annotations

from typing import Annotated

from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.tuning import DomainBlkioParam
from covirt.api.params import ParamName, TypedParams, Value
from covirt.cli.choose import flags
from covirt.cli.command import IMPACT, command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Say
from covirt.cli.params import print_params, value_from
from covirt.cli.shell import Shell
from covirt.cli.vocabulary import Config, Current, Live, TheDomain
from covirt.client.objects_generated import Domain
from covirt.errors import Error

Limits = Annotated[str | None, Say("limits of disks, as /dev/sda,1000,/dev/sdb,2000", unwanted_positional=True)]


@command(IMPACT)
async def blkiotune(
    shell: Shell,
    *,
    domain: TheDomain,
    weight: Annotated[int | None, Say("share of the host's disks", unwanted_positional=True)] = None,
    device_weights: Limits = None,
    device_read_iops_sec: Limits = None,
    device_write_iops_sec: Limits = None,
    device_read_bytes_sec: Limits = None,
    device_write_bytes_sec: Limits = None,
    config: Config = False,
    live: Live = False,
    current: Current = False,
) -> None:
    """show or change how much of the host's disks a domain gets"""
    impact = flags(DomainModificationImpact, CONFIG=config, LIVE=live)
    if weight is not None and weight <= 0:
        raise CommandFailed(f"Invalid value of {weight} for I/O weight")
    given: dict[ParamName, Value | None] = {
        DomainBlkioParam.WEIGHT: weight,
        DomainBlkioParam.DEVICE_WEIGHT: device_weights,
        DomainBlkioParam.DEVICE_READ_IOPS: device_read_iops_sec,
        DomainBlkioParam.DEVICE_WRITE_IOPS: device_write_iops_sec,
        DomainBlkioParam.DEVICE_READ_BPS: device_read_bytes_sec,
        DomainBlkioParam.DEVICE_WRITE_BPS: device_write_bytes_sec,
    }
    params = TypedParams.of(given)
    if params.entries:
        with failing("Unable to change blkio parameters"):
            await domain.set_blkio_parameters(params, impact)
        return
    with failing("Unable to get number of blkio parameters"):
        found = await domain.blkio_parameters(impact)
    print_params(shell.output, found)


@command(IMPACT)
async def schedinfo(
    shell: Shell,
    *,
    domain: TheDomain,
    weight: Annotated[int | None, Say("share of the host's processors")] = None,
    cap: Annotated[int | None, Say("the most it may use of the host's processors")] = None,
    current: Current = False,
    config: Config = False,
    live: Live = False,
    set: Annotated[list[str] | None, Say("what to change, as name=value", positional=True)] = None,
) -> None:
    """show or change how much of the host's processors a domain gets"""
    impact = flags(DomainModificationImpact, CONFIG=config, LIVE=live)
    plain = not (impact or current)
    asked = DomainModificationImpact(0) if config and live else impact
    try:
        scheduler = await domain.scheduler_type()
    except Error as error:
        shell.output.fields([("Scheduler      ", "Unknown")])
        raise CommandFailed("", error) from error
    shell.output.fields([("Scheduler      ", scheduler.type)])
    if not scheduler.number:
        raise CommandFailed
    params = await _scheduler_parameters(domain, plain, asked)
    changes = _changes(params, set or [], cap, weight)
    if changes.entries:
        await (
            domain.set_scheduler_parameters(changes)
            if plain
            else domain.set_scheduler_parameters_flags(changes, impact)
        )
        params = await _scheduler_parameters(domain, plain, asked)
    elif live and config:
        raise CommandFailed("cannot query both live and config at once")
    print_params(shell.output, params)


async def _scheduler_parameters(domain: Domain, plain: bool, impact: DomainModificationImpact) -> TypedParams:
    return await (domain.scheduler_parameters() if plain else domain.scheduler_parameters_flags(impact))


def _changes(known: TypedParams, wanted: list[str], cap: int | None, weight: int | None) -> TypedParams:
    """The parameters to change; only those that the scheduler has can be."""
    types = {entry.name: entry.type for entry in known.entries}
    changes = TypedParams()
    pairs = [word.partition("=") for word in wanted]
    pairs += [(name, "=", str(value)) for name, value in (("cap", cap), ("weight", weight)) if value is not None]
    for name, equals, text in pairs:
        if not equals:
            raise CommandFailed("Invalid syntax for --set, expecting name=value")
        if name not in types:
            raise CommandFailed(f"invalid scheduler option: {name}")
        changes.add(name, types[name], value_from(name, types[name], text))
    return changes
