# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checkpoints of domains: moments since which changes of disks are remembered."""

from __future__ import annotations

from typing import Annotated
from xml.etree import ElementTree

from covirt.api.domain.checkpoint import (
    DomainCheckpointCreateFlags,
    DomainCheckpointDeleteFlags,
    DomainCheckpointListFlags,
    DomainCheckpointXMLFlags,
)
from covirt.cli import moments
from covirt.cli.choose import flags
from covirt.cli.command import Exclusive, Requires, command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.markup import element, optional
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.vocabulary import ActiveDomain, DomainWithCheckpoints, Wrap, Xpath, read_file
from covirt.cli.xpath import print_xml
from covirt.errors import NoSuchDomainCheckpoint

Named = Annotated[str, Say("name of the checkpoint", positional=True, complete="checkpoint-name")]
Quiesce = Annotated[bool, Say("let the guest's file systems rest meanwhile")]


@command(Requires("redefine-validate", "redefine"))
async def checkpoint_create(
    shell: Shell,
    *,
    domain: ActiveDomain,
    xmlfile: Annotated[
        str | None, Say("file with the description", positional=True, complete="path-local-existing")
    ] = None,
    redefine: Annotated[bool, Say("tell of a checkpoint that was made before")] = False,
    redefine_validate: Annotated[bool, Say("check that it is there")] = False,
    quiesce: Quiesce = False,
) -> None:
    """make a checkpoint as a file describes it"""
    chosen = flags(DomainCheckpointCreateFlags, REDEFINE=redefine, REDEFINE_VALIDATE=redefine_validate, QUIESCE=quiesce)
    text = "<domaincheckpoint/>" if xmlfile is None else read_file("xmlfile", xmlfile)
    made = await domain.checkpoint_create_xml(text, chosen)
    source = "" if xmlfile is None else f" from '{xmlfile}'"
    shell.output.say(f"Domain checkpoint {made.name} created{source}")


@command()
async def checkpoint_create_as(
    shell: Shell,
    *,
    domain: ActiveDomain,
    name: Annotated[str | None, Say("its name", unwanted_positional=True)] = None,
    description: Annotated[str | None, Say("words about it", unwanted_positional=True)] = None,
    print_xml: Annotated[bool, Say("print the description and make none")] = False,
    quiesce: Quiesce = False,
    diskspec: Annotated[
        list[str] | None, Say("what is of a disk: disk[,checkpoint=type][,bitmap=name]", unwanted_positional=True)
    ] = None,
) -> None:
    """make a checkpoint as options describe it"""
    text = element(
        "domaincheckpoint",
        None,
        optional("name", name),
        optional("description", description),
        moments.disks(map(_disk, diskspec)) if diskspec else "",
    )
    if print_xml:
        shell.output.line(text)
        return
    made = await domain.checkpoint_create_xml(text, flags(DomainCheckpointCreateFlags, QUIESCE=quiesce))
    shell.output.say(f"Domain checkpoint {made.name} created")


def _disk(spec: str) -> str:
    name, found = moments.parts(spec, "checkpoint", "bitmap")
    return element("disk", {"name": name, "checkpoint": found.get("checkpoint"), "bitmap": found.get("bitmap")})


@command()
async def checkpoint_delete(
    shell: Shell,
    *,
    domain: DomainWithCheckpoints,
    checkpointname: Named,
    children: Annotated[bool, Say("and all below it")] = False,
    children_only: Annotated[bool, Say("only those below it")] = False,
    metadata: Annotated[bool, Say("only forget it")] = False,
) -> None:
    """remove a checkpoint"""
    checkpoint = await domain.checkpoint_lookup_by_name(checkpointname)
    chosen = flags(DomainCheckpointDeleteFlags, CHILDREN=children, CHILDREN_ONLY=children_only, METADATA_ONLY=metadata)
    with failing(f"Failed to delete checkpoint {checkpoint.name}"):
        await checkpoint.delete(chosen)
    shell.output.done(f"Domain checkpoint {checkpoint.name} {'children ' if children_only else ''}deleted")


@command()
async def checkpoint_dumpxml(
    shell: Shell,
    *,
    domain: DomainWithCheckpoints,
    checkpointname: Named,
    security_info: Annotated[bool, Say("with passwords and the like")] = False,
    no_domain: Annotated[bool, Say("without the domain inside")] = False,
    size: Annotated[bool, Say("with how much has changed since")] = False,
    xpath: Xpath = None,
    wrap: Wrap = False,
) -> None:
    """print the description of a checkpoint"""
    checkpoint = await domain.checkpoint_lookup_by_name(checkpointname)
    chosen = flags(DomainCheckpointXMLFlags, SECURE=security_info, NO_DOMAIN=no_domain, SIZE=size)
    print_xml(shell.output, await checkpoint.get_xml_desc(chosen), xpath, wrap)


@command()
async def checkpoint_info(shell: Shell, *, domain: DomainWithCheckpoints, checkpointname: Named) -> None:
    """print the basics of a checkpoint"""
    checkpoint = await domain.checkpoint_lookup_by_name(checkpointname)
    description = ElementTree.fromstring(await checkpoint.get_xml_desc())
    descendants = await checkpoint.list_all_children(DomainCheckpointListFlags.DESCENDANTS)
    shell.output.fields(
        [
            ("Name", checkpoint.name),
            ("Domain", domain.name),
            ("Parent", moments.parent_of(description) or "-"),
            ("Children", len(await checkpoint.list_all_children())),
            ("Descendants", len(descendants)),
        ]
    )


@command(
    Exclusive("tree", "name"),
    Exclusive("parent", "roots"),
    Exclusive("parent", "tree"),
    Exclusive("roots", "tree"),
    Exclusive("roots", "from"),
)
async def checkpoint_list(
    shell: Shell,
    *,
    domain: DomainWithCheckpoints,
    parent: Annotated[bool, Say("show the checkpoint above each")] = False,
    roots: Annotated[bool, Say("those with none above")] = False,
    leaves: Annotated[bool, Say("those with none below")] = False,
    no_leaves: Annotated[bool, Say("those with some below")] = False,
    tree: Annotated[bool, Say("draw a tree")] = False,
    from_: Annotated[
        str | None, Say("those below this one", unwanted_positional=True, complete="checkpoint-name")
    ] = None,
    descendants: Annotated[bool, Say("and those further below")] = False,
    name: Annotated[bool, Say("print names only")] = False,
    topological: Annotated[bool, Say("parents before children")] = False,
) -> None:
    """list checkpoints of a domain"""
    if tree:
        moments.refuse_with_tree(leaves=leaves, no_leaves=no_leaves)
    if descendants and from_ is None:
        raise CommandFailed("--descendants requires --from")
    start = None if from_ is None else await domain.checkpoint_lookup_by_name(from_)
    chosen = flags(
        DomainCheckpointListFlags,
        LEAVES=leaves,
        NO_LEAVES=no_leaves,
        TOPOLOGICAL=topological,
        ROOTS=roots,
        DESCENDANTS=descendants,
    )
    found = await (start.list_all_children(chosen) if start else domain.list_all_checkpoints(chosen))
    described = await moments.described(moments.in_order(found, topological=topological))
    if tree:
        moments.print_tree(shell, described, start.name if start else None)
    elif name:
        moments.print_names(shell, described, parents=parent)
    else:
        table = Table("Name", "Creation Time", *(["Parent"] if parent else []))
        for one in described:
            above = [moments.parent_of(one) or ""] if parent else []
            table.append(one.findtext("name", ""), moments.created(one), *above)
        shell.output.table(table)


@command()
async def checkpoint_parent(shell: Shell, *, domain: DomainWithCheckpoints, checkpointname: Named) -> None:
    """print the name of the checkpoint above another"""
    checkpoint = await domain.checkpoint_lookup_by_name(checkpointname)
    try:
        shell.output.write((await checkpoint.get_parent()).name)
    except NoSuchDomainCheckpoint:
        raise CommandFailed(f"checkpoint '{checkpoint.name}' has no parent") from None
