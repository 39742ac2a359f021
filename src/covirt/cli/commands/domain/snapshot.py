# SPDX-License-Identifier: LGPL-2.1-or-later
"""Snapshots of domains."""

from __future__ import annotations

from typing import Annotated
from xml.etree import ElementTree

from covirt.api.domain.snapshot import (
    DomainSnapshotCreateFlags,
    DomainSnapshotDeleteFlags,
    DomainSnapshotListFlags,
    DomainSnapshotRevertFlags,
    DomainSnapshotXMLFlags,
)
from covirt.cli import moments
from covirt.cli.choose import flags
from covirt.cli.command import Exclusive, command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.markup import element, optional
from covirt.cli.option import Say
from covirt.cli.quoting import split_commas
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.vocabulary import DomainWithSnapshots, StartPaused, StartRunning, TheDomain, Wrap, Xpath, read_file
from covirt.cli.xpath import print_xml
from covirt.client.objects_generated import Domain, DomainSnapshot
from covirt.errors import NoSuchDomainSnapshot, SnapshotRevertRisky

Named = Annotated[str | None, Say("name of the snapshot", positional=True, complete="snapshot-name")]
IsCurrent = Annotated[bool, Say("the snapshot that is current")]
NoMetadata = Annotated[bool, Say("take it, but do not remember it")]
Halt = Annotated[bool, Say("end the domain then")]
DiskOnly = Annotated[bool, Say("of the disks only")]
Reuse = Annotated[bool, Say("use files that are there")]
Quiesce = Annotated[bool, Say("let the guest's file systems rest meanwhile")]
Atomic = Annotated[bool, Say("all or nothing")]
WhileRunning = Annotated[bool, Say("while the domain runs")]
Validate = Annotated[bool, Say("refuse what the schema does not know")]


@command()
async def snapshot_create(
    shell: Shell,
    *,
    domain: TheDomain,
    xmlfile: Annotated[
        str | None, Say("file with the description", positional=True, complete="path-local-existing")
    ] = None,
    redefine: Annotated[bool, Say("tell of a snapshot that was taken before")] = False,
    current: Annotated[bool, Say("make it the current one")] = False,
    no_metadata: NoMetadata = False,
    halt: Halt = False,
    disk_only: DiskOnly = False,
    reuse_external: Reuse = False,
    quiesce: Quiesce = False,
    atomic: Atomic = False,
    live: WhileRunning = False,
    validate: Validate = False,
) -> None:
    """take a snapshot as a file describes it"""
    chosen = flags(
        DomainSnapshotCreateFlags,
        REDEFINE=redefine,
        CURRENT=current,
        NO_METADATA=no_metadata,
        HALT=halt,
        DISK_ONLY=disk_only,
        REUSE_EXT=reuse_external,
        QUIESCE=quiesce,
        ATOMIC=atomic,
        LIVE=live,
        VALIDATE=validate,
    )
    text = "<domainsnapshot/>" if xmlfile is None else read_file("xmlfile", xmlfile)
    made = await domain.snapshot_create_xml(text, chosen)
    source = "" if xmlfile is None else f" from '{xmlfile}'"
    shell.output.say(f"Domain snapshot {made.name} created{source}")


@command()
async def snapshot_create_as(
    shell: Shell,
    *,
    domain: TheDomain,
    name: Annotated[str | None, Say("its name", unwanted_positional=True)] = None,
    description: Annotated[str | None, Say("words about it", unwanted_positional=True)] = None,
    print_xml: Annotated[bool, Say("print the description and take none")] = False,
    no_metadata: NoMetadata = False,
    halt: Halt = False,
    disk_only: DiskOnly = False,
    reuse_external: Reuse = False,
    quiesce: Quiesce = False,
    atomic: Atomic = False,
    live: WhileRunning = False,
    validate: Validate = False,
    memspec: Annotated[str | None, Say("where memory goes: [file=]name[,snapshot=type]")] = None,
    diskspec: Annotated[
        list[str] | None,
        Say(
            "what happens to a disk: disk[,snapshot=type][,driver=type][,stype=type][,file=name]",
            unwanted_positional=True,
        ),
    ] = None,
) -> None:
    """take a snapshot as options describe it"""
    text = element(
        "domainsnapshot",
        None,
        optional("name", name),
        optional("description", description),
        "" if memspec is None else _memory(memspec),
        moments.disks(map(_disk, diskspec)) if diskspec else "",
    )
    if print_xml:
        shell.output.line(text)
        return
    chosen = flags(
        DomainSnapshotCreateFlags,
        NO_METADATA=no_metadata,
        HALT=halt,
        DISK_ONLY=disk_only,
        REUSE_EXT=reuse_external,
        QUIESCE=quiesce,
        ATOMIC=atomic,
        LIVE=live,
        VALIDATE=validate,
    )
    made = await domain.snapshot_create_xml(text, chosen)
    shell.output.say(f"Domain snapshot {made.name} created")


def _memory(spec: str) -> str:
    """Where the memory of a snapshot goes."""
    found: dict[str, str] = {}
    for word in split_commas(spec):
        key, equals, value = word.partition("=")
        if word.startswith("/") and "file" not in found:
            found["file"] = word
        elif equals and key in ("snapshot", "file") and key not in found:
            found[key] = value
        else:
            raise CommandFailed(f"unable to parse memspec: {spec}")
    return element("memory", {"snapshot": found.get("snapshot"), "file": found.get("file")})


def _disk(spec: str) -> str:
    """What happens to a disk."""
    name, found = moments.parts(spec, "snapshot", "driver", "stype", "file")
    kind, driver, file = found.get("stype"), found.get("driver"), found.get("file")
    if kind not in (None, "file", "block"):
        raise CommandFailed(f"Unknown storage type: '{kind}'")
    return element(
        "disk",
        {"name": name, "snapshot": found.get("snapshot"), "type": kind},
        "" if driver is None else element("driver", {"type": driver}),
        "" if file is None else element("source", {"dev" if kind == "block" else "file": file}),
    )


async def _one(domain: Domain, name: str | None, current: bool, option: str = "snapshotname") -> DomainSnapshot:
    """The snapshot that is named, or the current one."""
    if name is not None and current:
        raise CommandFailed(f"--{option} and --current are mutually exclusive")
    if name is not None:
        return await domain.snapshot_lookup_by_name(name)
    if current:
        return await domain.snapshot_current()
    raise CommandFailed(f"--{option} or --current is required")


@command(Exclusive("name", "snapshotname"))
async def snapshot_current(
    shell: Shell,
    *,
    domain: DomainWithSnapshots,
    name: Annotated[bool, Say("print its name only")] = False,
    security_info: Annotated[bool, Say("with passwords and the like")] = False,
    snapshotname: Annotated[
        str | None, Say("make this one the current one", positional=True, complete="snapshot-name")
    ] = None,
) -> None:
    """print or choose the current snapshot"""
    if snapshotname is not None:
        await _make_current(domain, snapshotname)
        shell.output.say(f"Snapshot {snapshotname} set as current")
        return
    if not await domain.has_current_snapshot():
        raise CommandFailed(f"domain '{domain.name}' has no current snapshot")
    snapshot = await domain.snapshot_current()
    if name:
        shell.output.write(snapshot.name)
    else:
        shell.output.write(await snapshot.get_xml_desc(flags(DomainSnapshotXMLFlags, SECURE=security_info)))


async def _make_current(domain: Domain, name: str) -> None:
    """Define the snapshot once more, as the current one."""
    snapshot = await domain.snapshot_lookup_by_name(name)
    text = await snapshot.get_xml_desc(DomainSnapshotXMLFlags.SECURE)
    disk_only = ElementTree.fromstring(text).findtext("state") == "disk-snapshot"
    await domain.snapshot_create_xml(
        text, flags(DomainSnapshotCreateFlags, REDEFINE=True, CURRENT=True, DISK_ONLY=disk_only)
    )


@command()
async def snapshot_delete(
    shell: Shell,
    *,
    domain: DomainWithSnapshots,
    snapshotname: Named = None,
    current: IsCurrent = False,
    children: Annotated[bool, Say("and all below it")] = False,
    children_only: Annotated[bool, Say("only those below it")] = False,
    metadata: Annotated[bool, Say("only forget it")] = False,
) -> None:
    """remove a snapshot"""
    snapshot = await _one(domain, snapshotname, current)
    chosen = flags(DomainSnapshotDeleteFlags, CHILDREN=children, CHILDREN_ONLY=children_only, METADATA_ONLY=metadata)
    with failing(f"Failed to delete snapshot {snapshot.name}"):
        await snapshot.delete(chosen)
    shell.output.done(f"Domain snapshot {snapshot.name} {'children ' if children_only else ''}deleted")


@command()
async def snapshot_dumpxml(
    shell: Shell,
    *,
    domain: DomainWithSnapshots,
    snapshotname: Annotated[str, Say("name of the snapshot", positional=True, complete="snapshot-name")],
    security_info: Annotated[bool, Say("with passwords and the like")] = False,
    xpath: Xpath = None,
    wrap: Wrap = False,
) -> None:
    """print the description of a snapshot"""
    snapshot = await domain.snapshot_lookup_by_name(snapshotname)
    text = await snapshot.get_xml_desc(flags(DomainSnapshotXMLFlags, SECURE=security_info))
    print_xml(shell.output, text, xpath, wrap)


@command()
async def snapshot_info(
    shell: Shell, *, domain: DomainWithSnapshots, snapshotname: Named = None, current: IsCurrent = False
) -> None:
    """print the basics of a snapshot"""
    snapshot = await _one(domain, snapshotname, current)
    description = ElementTree.fromstring(await snapshot.get_xml_desc())
    state = description.findtext("state", "")
    children = await snapshot.num_children()
    descendants = await snapshot.num_children(DomainSnapshotListFlags.DESCENDANTS)
    shell.output.fields(
        [
            ("Name", snapshot.name),
            ("Domain", domain.name),
            ("Current", "yes" if await snapshot.is_current() else "no"),
            ("State", state),
            ("Location", "external" if _external(description, state) else "internal"),
            ("Parent", moments.parent_of(description) or "-"),
            ("Children", children),
            ("Descendants", descendants),
            ("Metadata", "yes" if await snapshot.has_metadata() else "no"),
        ]
    )


def _external(description: ElementTree.Element, state: str) -> bool:
    """Is any of it in files of its own? Old snapshots only say so by their state."""
    if description.find("memory") is None:
        return state == "disk-snapshot"
    places = ("memory[@snapshot='external']", "disks/disk[@snapshot='external']")
    return any(description.find(place) is not None for place in places)


@command(
    Exclusive("tree", "name"),
    Exclusive("parent", "roots"),
    Exclusive("parent", "tree"),
    Exclusive("roots", "tree"),
    Exclusive("roots", "from"),
    Exclusive("roots", "current"),
)
async def snapshot_list(
    shell: Shell,
    *,
    domain: DomainWithSnapshots,
    parent: Annotated[bool, Say("show the snapshot above each")] = False,
    roots: Annotated[bool, Say("those with none above")] = False,
    leaves: Annotated[bool, Say("those with none below")] = False,
    no_leaves: Annotated[bool, Say("those with some below")] = False,
    metadata: Annotated[bool, Say("those that would keep a domain from being undefined")] = False,
    no_metadata: Annotated[bool, Say("those that would not")] = False,
    inactive: Annotated[bool, Say("those of a domain that did not run")] = False,
    active: Annotated[bool, Say("those of a domain that ran")] = False,
    disk_only: Annotated[bool, Say("those of disks only")] = False,
    internal: Annotated[bool, Say("those inside the disks")] = False,
    external: Annotated[bool, Say("those in files of their own")] = False,
    tree: Annotated[bool, Say("draw a tree")] = False,
    from_: Annotated[
        str | None, Say("those below this one", unwanted_positional=True, complete="snapshot-name")
    ] = None,
    current: Annotated[bool, Say("those below the current one")] = False,
    descendants: Annotated[bool, Say("and those further below")] = False,
    name: Annotated[bool, Say("print names only")] = False,
    topological: Annotated[bool, Say("parents before children")] = False,
) -> None:
    """list snapshots of a domain"""
    if tree:
        moments.refuse_with_tree(
            leaves=leaves,
            no_leaves=no_leaves,
            inactive=inactive,
            active=active,
            disk_only=disk_only,
            internal=internal,
            external=external,
        )
    if descendants and from_ is None and not current:
        raise CommandFailed("--descendants requires either --from or --current")
    start = await _one(domain, from_, current, "from") if from_ is not None or current else None
    chosen = flags(
        DomainSnapshotListFlags,
        LEAVES=leaves,
        NO_LEAVES=no_leaves,
        INACTIVE=inactive,
        ACTIVE=active,
        DISK_ONLY=disk_only,
        INTERNAL=internal,
        EXTERNAL=external,
        TOPOLOGICAL=topological,
        ROOTS=roots,
        METADATA=metadata,
        NO_METADATA=no_metadata,
        DESCENDANTS=descendants,
    )
    found = await (start.list_all_children(chosen) if start else domain.list_all_snapshots(chosen))
    described = await moments.described(moments.in_order(found, topological=topological))
    if tree:
        moments.print_tree(shell, described, start.name if start else None)
    elif name:
        moments.print_names(shell, described, parents=parent)
    else:
        _print_table(shell, described, parents=parent)


def _print_table(shell: Shell, described: list[ElementTree.Element], *, parents: bool) -> None:
    table = Table("Name", "Creation Time", "State", *(["Parent"] if parents else []))
    for one in described:
        above = [moments.parent_of(one) or ""] if parents else []
        table.append(one.findtext("name", ""), moments.created(one), one.findtext("state", ""), *above)
    shell.output.table(table)


@command()
async def snapshot_parent(
    shell: Shell, *, domain: DomainWithSnapshots, snapshotname: Named = None, current: IsCurrent = False
) -> None:
    """print the name of the snapshot above another"""
    snapshot = await _one(domain, snapshotname, current)
    try:
        shell.output.write((await snapshot.get_parent()).name)
    except NoSuchDomainSnapshot:
        raise CommandFailed(f"snapshot '{snapshot.name}' has no parent") from None


@command()
async def snapshot_revert(
    shell: Shell,
    *,
    domain: DomainWithSnapshots,
    snapshotname: Named = None,
    current: IsCurrent = False,
    running: StartRunning = False,
    paused: StartPaused = False,
    force: Annotated[bool, Say("even where that is risky")] = False,
    reset_nvram: Annotated[bool, Say("begin with fresh firmware variables")] = False,
) -> None:
    """bring a domain back to a snapshot"""
    snapshot = await _one(domain, snapshotname, current)
    chosen = flags(DomainSnapshotRevertFlags, RUNNING=running, PAUSED=paused, RESET_NVRAM=reset_nvram)
    with failing(f"Failed to revert snapshot {snapshot.name}"):
        try:
            await snapshot.revert_to_snapshot(chosen)
        except SnapshotRevertRisky:
            if not force:
                raise
            await snapshot.revert_to_snapshot(chosen | DomainSnapshotRevertFlags.FORCE)
    shell.output.done(f"Domain snapshot {snapshot.name} reverted")
