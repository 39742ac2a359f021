# SPDX-License-Identifier: LGPL-2.1-or-later
"""Storage volumes."""

from __future__ import annotations

import re
from typing import Annotated
from xml.etree import ElementTree

from covirt.api.storage.volume import (
    StorageVolCreateFlags,
    StorageVolDeleteFlags,
    StorageVolInfo,
    StorageVolInfoFlags,
    StorageVolResizeFlags,
    StorageVolType,
    StorageVolWipeAlgorithm,
)
from covirt.cli.choose import flags
from covirt.cli.command import command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.markup import element, optional
from covirt.cli.option import Find, Kind, Option, Say
from covirt.cli.quantity import pretty
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.vocabulary import ActivePool, File, Wrap, Xpath, find_pool, read_file
from covirt.cli.xpath import print_xml
from covirt.client.objects_generated import StoragePool, StorageVol
from covirt.errors import Error
from covirt.values import scale

POOL = Option("pool", Kind.STRING)


def volume_in(option_name: str | None) -> Find:
    """How a volume is found whose pool another option may tell: by name in it, by key, by path."""

    async def find(shell: Shell, option: Option, text: str) -> StorageVol:
        wanted = shell.given.get(option_name) if option_name else None
        pool = None if wanted is None else await _active_pool(shell, str(wanted))
        shell.explain(f"found option <{option.name}>: {text}")
        volume = await _by_name_key_path(shell, pool, text)
        if isinstance(volume, Error):
            hint = f", specifying --{option_name} might help" if option_name and pool is None else ""
            raise CommandFailed(f"failed to get vol '{text}'{hint}", volume)
        if pool is not None and (await volume.storage_pool_lookup_by_volume()).name != pool.name:
            raise CommandFailed(f"Requested volume '{text}' is not in pool '{pool.name}'")
        return volume

    return find


async def _active_pool(shell: Shell, text: str) -> StoragePool:
    pool = await find_pool(shell, POOL, text)
    if not await pool.is_active():
        raise CommandFailed(f"pool '{text}' is not active")
    return pool


async def _by_name_key_path(shell: Shell, pool: StoragePool | None, text: str) -> StorageVol | Error:
    """The volume, or why the last attempt failed."""
    ways = [shell.conn.storage_vol_lookup_by_key, shell.conn.storage_vol_lookup_by_path]
    for way in ways if pool is None else [pool.storage_vol_lookup_by_name, *ways]:
        try:
            return await way(text)
        except Error as error:
            failure = error
    return failure


HELP = "name, key or path of the volume"
TheVolume = Annotated[StorageVol, Say(HELP, positional=True, complete="storage-vol-name", find=volume_in("pool"))]
VolumeAnywhere = Annotated[
    StorageVol, Say("key or path of the volume", positional=True, complete="storage-vol-key", find=volume_in(None))
]
InputVolume = Annotated[
    StorageVol, Say(HELP, positional=True, complete="storage-vol-name", find=volume_in("inputpool"))
]
ItsPool = Annotated[str | None, Say("its pool", positional=True, complete="storage-pool-name")]
Preallocate = Annotated[bool, Say("write its tables at once, where the format has some")]
Reflink = Annotated[bool, Say("share blocks with the original, where the file system can")]
Validate = Annotated[bool, Say("refuse what the schema does not know")]

_SIZE = re.compile(r"\s*(\d+)(.*)", re.DOTALL)


def size_of(text: str) -> int:
    """A size in bytes, with an optional unit."""
    match = _SIZE.fullmatch(text)
    try:
        if match is not None:
            return scale(int(match[1]), match[2] or None, default=1, limit=2**64 - 1)
    except Error as error:
        raise CommandFailed(f"Malformed size {text}", error) from error
    raise CommandFailed(f"Malformed size {text}")


# Creating


@command()
async def vol_create(
    shell: Shell, *, pool: ActivePool, file: File, prealloc_metadata: Preallocate = False, validate: Validate = False
) -> None:
    """create a volume from a file"""
    text = read_file("file", file)
    chosen = flags(StorageVolCreateFlags, PREALLOC_METADATA=prealloc_metadata, VALIDATE=validate)
    with failing(f"Failed to create vol from {file}"):
        volume = await pool.create_xml(text, chosen)
    shell.output.done(f"Vol {volume.name} created from {file}")


@command()
async def vol_create_as(
    shell: Shell,
    *,
    pool: ActivePool,
    name: Annotated[str, Say("name of the volume", positional=True)],
    capacity: Annotated[str, Say("its size, in bytes or with a unit behind it", positional=True)],
    allocation: Annotated[str | None, Say("what is taken at once", unwanted_positional=True)] = None,
    format: Annotated[str | None, Say("its format, such as raw or qcow2", unwanted_positional=True)] = None,
    backing_vol: Annotated[str | None, Say("volume that it is based on", unwanted_positional=True)] = None,
    backing_vol_format: Annotated[str | None, Say("format of that volume", unwanted_positional=True)] = None,
    prealloc_metadata: Preallocate = False,
    print_xml: Annotated[bool, Say("print the description and create nothing")] = False,
) -> None:
    """create a volume as options describe it"""
    taken = None if allocation is None else str(size_of(allocation))
    target = "" if format is None else element("target", None, element("format", {"type": format}))
    backing = "" if backing_vol is None else await _backing(shell, pool, backing_vol, backing_vol_format)
    size = element("capacity", text=str(size_of(capacity)))
    text = element("volume", None, element("name", text=name), size, optional("allocation", taken), target, backing)
    if print_xml:
        shell.output.write(text)
        return
    with failing(f"Failed to create vol {name}"):
        await pool.create_xml(text, flags(StorageVolCreateFlags, PREALLOC_METADATA=prealloc_metadata))
    shell.output.done(f"Vol {name} created")


async def _backing(shell: Shell, pool: StoragePool, name: str, format: str | None) -> str:
    """What a new volume is based on."""
    volume = await _by_name_key_path(shell, pool, name)
    if isinstance(volume, Error):
        raise CommandFailed(f"failed to get vol '{name}'", volume)
    kind = "" if format is None else element("format", {"type": format})
    return element("backingStore", None, element("path", text=await volume.path()), kind)


@command()
async def vol_create_from(
    shell: Shell,
    *,
    pool: ActivePool,
    file: File,
    vol: InputVolume,
    inputpool: Annotated[
        str | None, Say("pool of the original", unwanted_positional=True, complete="storage-pool-name")
    ] = None,
    prealloc_metadata: Preallocate = False,
    reflink: Reflink = False,
    validate: Validate = False,
) -> None:
    """create a volume from a file, with the content of another one"""
    text = read_file("file", file)
    chosen = flags(StorageVolCreateFlags, PREALLOC_METADATA=prealloc_metadata, REFLINK=reflink, VALIDATE=validate)
    with failing(f"Failed to create vol from {file}"):
        volume = await pool.create_xml_from(text, vol, chosen)
    shell.output.done(f"Vol {volume.name} created from input vol {vol.name}")


@command()
async def vol_clone(
    shell: Shell,
    *,
    vol: TheVolume,
    newname: Annotated[str, Say("name of the copy", positional=True)],
    pool: ItsPool = None,
    prealloc_metadata: Preallocate = False,
    reflink: Reflink = False,
    print_xml: Annotated[bool, Say("print the description and create nothing")] = False,
) -> None:
    """copy a volume within its pool"""
    with failing("failed to get parent pool"):
        parent = await vol.storage_pool_lookup_by_volume()
    text = renamed(await vol.xml_desc(), newname)
    if print_xml:
        shell.output.write(text)
        return
    with failing(f"Failed to clone vol from {vol.name}"):
        made = await parent.create_xml_from(
            text, vol, flags(StorageVolCreateFlags, PREALLOC_METADATA=prealloc_metadata, REFLINK=reflink)
        )
    shell.output.done(f"Vol {made.name} cloned from {vol.name}")


def renamed(description: str, name: str) -> str:
    """A volume's description with another name."""
    document = ElementTree.fromstring(description)
    found = document.find("name")
    if found is None:
        raise CommandFailed("the description of the volume has no name")
    found.text = name
    return ElementTree.tostring(document, encoding="unicode").replace(" />", "/>")


# Changing


@command()
async def vol_delete(
    shell: Shell,
    *,
    vol: TheVolume,
    pool: ItsPool = None,
    delete_snapshots: Annotated[bool, Say("with its snapshots, where it has some")] = False,
) -> None:
    """delete a volume"""
    with failing(f"Failed to delete vol {shell.given['vol']}"):
        await vol.delete(flags(StorageVolDeleteFlags, WITH_SNAPSHOTS=delete_snapshots))
    shell.output.done(f"Vol {shell.given['vol']} deleted")


ALGORITHMS = tuple(one.name.lower() for one in StorageVolWipeAlgorithm)


@command()
async def vol_wipe(
    shell: Shell,
    *,
    vol: TheVolume,
    pool: ItsPool = None,
    algorithm: Annotated[
        str | None, Say("how to overwrite it", unwanted_positional=True, complete="storage-vol-wipe")
    ] = None,
) -> None:
    """overwrite a volume, so that nobody can read what was there"""
    if algorithm is not None and algorithm not in ALGORITHMS:
        raise CommandFailed(f"Unsupported algorithm '{algorithm}'")
    with failing(f"Failed to wipe vol {shell.given['vol']}"):
        if algorithm is None:
            await vol.wipe()
        else:
            await vol.wipe_pattern(StorageVolWipeAlgorithm[algorithm.upper()])
    shell.output.done(f"Vol {shell.given['vol']} wiped")


@command()
async def vol_resize(
    shell: Shell,
    *,
    vol: TheVolume,
    capacity: Annotated[str, Say("new size, in bytes or with a unit behind it", positional=True)],
    pool: ItsPool = None,
    allocate: Annotated[bool, Say("take the space at once")] = False,
    delta: Annotated[bool, Say("the size is a difference")] = False,
    shrink: Annotated[bool, Say("make it smaller; what is at its end is lost")] = False,
) -> None:
    """change the size of a volume"""
    amount = capacity.lstrip()
    if amount.startswith("-"):
        if not shrink:
            raise CommandFailed("negative size requires --shrink")
        amount, delta = amount[1:], True
    direction = "by" if delta else "to"
    size = size_of(amount)
    with failing(f"Failed to change size of volume '{vol.name}' {direction} {amount}"):
        await vol.resize(size, flags(StorageVolResizeFlags, ALLOCATE=allocate, DELTA=delta, SHRINK=shrink))
    shell.output.done(f"Size of volume '{vol.name}' successfully changed {direction} {amount}")


# Looking


@command()
async def vol_dumpxml(
    shell: Shell, *, vol: TheVolume, pool: ItsPool = None, xpath: Xpath = None, wrap: Wrap = False
) -> None:
    """print the description of a volume"""
    print_xml(shell.output, await vol.xml_desc(), xpath, wrap)


@command()
async def vol_info(
    shell: Shell,
    *,
    vol: TheVolume,
    pool: ItsPool = None,
    bytes: Annotated[bool, Say("print sizes in bytes")] = False,
    physical: Annotated[bool, Say("print what it takes on the device")] = False,
) -> None:
    """print the basics of a volume"""
    shell.output.fields([("Name", vol.name)])
    info = await (vol.info_flags(StorageVolInfoFlags.GET_PHYSICAL) if physical else vol.info())
    shown = (lambda size: f"{size} bytes") if bytes else pretty
    taken = "Physical" if physical else "Allocation"
    shell.output.fields([("Type", kind_of(info)), ("Capacity", shown(info.capacity)), (taken, shown(info.allocation))])


def kind_of(info: StorageVolInfo) -> str:
    """The kind of a volume in a word."""
    return StorageVolType(info.type).name.lower()


@command()
async def vol_list(
    shell: Shell, *, pool: ActivePool, details: Annotated[bool, Say("with kind and sizes")] = False
) -> None:
    """list the volumes of a pool"""
    with failing("Failed to list volumes"):
        volumes = sorted(await pool.list_all_volumes(), key=lambda volume: volume.name.lower())
    table = Table("Name", "Path", *(("Type", "Capacity", "Allocation") if details else ()))
    for volume in volumes:
        table.append(volume.name, await _path(volume), *(await _details(volume) if details else ()))
    shell.output.table(table)


async def _path(volume: StorageVol) -> str:
    try:
        return await volume.path()
    except Error:
        return "unknown"


async def _details(volume: StorageVol) -> tuple[str, str, str]:
    try:
        info = await volume.info()
    except Error:
        return ("unknown",) * 3
    return kind_of(info), pretty(info.capacity), pretty(info.allocation)


@command()
async def vol_name(shell: Shell, *, vol: VolumeAnywhere) -> None:
    """print the name of a volume"""
    shell.output.line(vol.name)


@command()
async def vol_key(shell: Shell, *, vol: TheVolume, pool: ItsPool = None) -> None:
    """print the key of a volume"""
    shell.output.line(vol.key)


@command()
async def vol_path(shell: Shell, *, vol: TheVolume, pool: ItsPool = None) -> None:
    """print the path of a volume"""
    shell.output.line(await vol.path())


@command()
async def vol_pool(shell: Shell, *, vol: VolumeAnywhere, uuid: Annotated[bool, Say("print its UUID")] = False) -> None:
    """print the pool of a volume"""
    with failing("failed to get parent pool"):
        pool = await vol.storage_pool_lookup_by_volume()
    shell.output.line(str(pool.uuid) if uuid else pool.name)
