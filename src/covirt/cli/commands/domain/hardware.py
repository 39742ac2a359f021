# SPDX-License-Identifier: LGPL-2.1-or-later
"""What hardware a domain has, read from its description."""

from __future__ import annotations

from typing import Annotated
from xml.etree import ElementTree

from covirt.api.domain.info import DomainXMLFlags
from covirt.cli.choose import flags
from covirt.cli.command import command
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.vocabulary import TheDomain
from covirt.client.objects_generated import Domain

Inactive = Annotated[bool, Say("as the next boot will find it")]

SOURCES = {"file": "file", "block": "dev", "dir": "dir", "network": "name", "volume": "volume", "vhostuser": "path"}
"""The attribute of a disk's source that names it, by the disk's type."""


async def _devices(domain: Domain, kind: str, inactive: bool) -> list[ElementTree.Element]:
    text = await domain.xml_desc(flags(DomainXMLFlags, INACTIVE=inactive))
    return ElementTree.fromstring(text).findall(f"devices/{kind}")


def _attribute(device: ElementTree.Element, child: str, name: str) -> str:
    found = device.find(child)
    return "-" if found is None else found.get(name, "-")


@command()
async def domblklist(
    shell: Shell,
    *,
    domain: TheDomain,
    inactive: Inactive = False,
    details: Annotated[bool, Say("show kinds, too")] = False,
) -> None:
    """list the disks of a domain"""
    table = Table(*(["Type", "Device"] if details else []), "Target", "Source")
    for disk in await _devices(domain, "disk", inactive):
        kind = disk.get("type", "")
        more = [kind, disk.get("device", "")] if details else []
        table.append(*more, _attribute(disk, "target", "dev"), _attribute(disk, "source", SOURCES.get(kind, "file")))
    shell.output.table(table)


@command()
async def domiflist(shell: Shell, *, domain: TheDomain, inactive: Inactive = False) -> None:
    """list the network cards of a domain"""
    table = Table("Interface", "Type", "Source", "Model", "MAC")
    for card in await _devices(domain, "interface", inactive):
        kind = card.get("type", "")
        source = _attribute(card, "source", {"bridge": "bridge", "network": "network", "direct": "dev"}.get(kind, ""))
        table.append(
            _attribute(card, "target", "dev"),
            kind,
            source,
            _attribute(card, "model", "type"),
            _attribute(card, "mac", "address"),
        )
    shell.output.table(table)
