# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks of domains: sizes and errors."""

from __future__ import annotations

from typing import Annotated
from xml.etree import ElementTree

from covirt.api.domain.block import BlockInfo, DomainDiskErrorCode
from covirt.cli.command import Exclusive, command
from covirt.cli.failure import CommandFailed
from covirt.cli.option import Say
from covirt.cli.quantity import pretty
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.vocabulary import ActiveDomain, TheDomain

ERRORS = {
    DomainDiskErrorCode.NONE: "no error",
    DomainDiskErrorCode.UNSPEC: "unspecified error",
    DomainDiskErrorCode.NO_SPACE: "no space",
}


@command(Exclusive("all", "device"))
async def domblkinfo(
    shell: Shell,
    *,
    domain: TheDomain,
    device: Annotated[str | None, Say("target or source of a disk", positional=True, complete="domain-disk")] = None,
    human: Annotated[bool, Say("print sizes as people read them")] = False,
    all: Annotated[bool, Say("of all disks")] = False,
) -> None:
    """print the sizes of disks"""
    if not all:
        if device is None:
            raise CommandFailed("command 'domblkinfo' requires <device> option")
        sizes = shown(await domain.block_info(device), human=human)
        shell.output.fields(zip(("Capacity", "Allocation", "Physical"), sizes, strict=True))
        return
    table = Table("Target", "Capacity", "Allocation", "Physical")
    for disk in ElementTree.fromstring(await domain.xml_desc()).iterfind("devices/disk"):
        target = disk.find("target")
        name = "" if target is None else target.get("dev", "")
        info = BlockInfo(0, 0, 0) if disk.find("source") is None else await domain.block_info(name)
        table.append(name, *shown(info, human=human))
    shell.output.table(table)


def shown(info: BlockInfo, *, human: bool) -> tuple[str, str, str]:
    """Sizes as texts; those that are not known are a dash."""
    if info.capacity == info.allocation == info.physical == 0:
        return ("-",) * 3
    sizes = (info.capacity, info.allocation, info.physical)
    first, second, third = (pretty(size, digits=3) if human else str(size) for size in sizes)
    return first, second, third


@command()
async def domblkerror(shell: Shell, *, domain: ActiveDomain) -> None:
    """print which disks have errors"""
    errors = await domain.disk_errors()
    for one in errors:
        shell.output.line(f"{one.disk}: {ERRORS[DomainDiskErrorCode(one.error)]}")
    if not errors:
        shell.output.line("No errors found")
