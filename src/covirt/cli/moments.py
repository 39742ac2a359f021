# SPDX-License-Identifier: LGPL-2.1-or-later
"""What snapshots and checkpoints have in common when they are listed and described."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from xml.etree import ElementTree

from covirt.cli.failure import CommandFailed
from covirt.cli.markup import element
from covirt.cli.quoting import split_commas
from covirt.cli.tree import draw
from covirt.client.objects_generated import DomainCheckpoint, DomainSnapshot

if TYPE_CHECKING:
    from covirt.cli.shell import Shell

Moment = TypeVar("Moment", DomainSnapshot, DomainCheckpoint)


def in_order(moments: Iterable[Moment], *, topological: bool) -> list[Moment]:
    """Moments by name, without regard to case, or as they come: parents first."""
    return list(moments) if topological else sorted(moments, key=lambda moment: moment.name.lower())


async def described(moments: Iterable[DomainSnapshot | DomainCheckpoint]) -> list[ElementTree.Element]:
    """Their descriptions."""
    return [ElementTree.fromstring(await moment.get_xml_desc()) for moment in moments]


def parent_of(description: ElementTree.Element) -> str | None:
    """The name of the moment above."""
    return description.findtext("parent/name")


def created(description: ElementTree.Element) -> str:
    """When it was made, in local time."""
    seconds = int(description.findtext("creationTime", "0"))
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")


def print_tree(shell: Shell, descriptions: Sequence[ElementTree.Element], top: str | None) -> None:
    """Draw the trees; `top` is shown as one that has nothing above it."""
    parents = {description.findtext("name", ""): parent_of(description) for description in descriptions}
    if top is not None:
        parents[top] = None
    shell.output.write(draw(dict(sorted(parents.items(), key=lambda item: item[0].lower()))))


def print_names(shell: Shell, descriptions: Iterable[ElementTree.Element], *, parents: bool) -> None:
    """A name on each line, with that of the moment above where asked for."""
    for description in descriptions:
        above = parent_of(description) if parents else None
        shell.output.line(description.findtext("name", "") + ("" if above is None else f"\t{above}"))


def refuse_with_tree(**options: bool) -> None:
    """Refuse filters that would cut a tree to pieces."""
    for name, given in options.items():
        if given:
            raise CommandFailed(f"--{name.replace('_', '-')} and --tree are mutually exclusive")


def parts(spec: str, *keys: str) -> tuple[str, dict[str, str]]:
    """The name of a disk and what is said of it: `vda,key=value,...`."""
    name, *words = split_commas(spec)
    found: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key not in keys or key in found:
            raise CommandFailed(f"unable to parse diskspec: {spec}")
        found[key] = value
    return name, found


def disks(specs: Iterable[str]) -> str:
    """The element that holds disks."""
    return element("disks", None, *specs)
