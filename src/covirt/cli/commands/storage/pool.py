# SPDX-License-Identifier: LGPL-2.1-or-later
"""Storage pools."""

from __future__ import annotations

from typing import Annotated

from covirt.api.storage.pool import (
    ConnectListAllStoragePoolsFlags,
    StoragePoolBuildFlags,
    StoragePoolCreateFlags,
    StoragePoolDefineFlags,
    StorageXMLFlags,
)
from covirt.cli.choose import flags
from covirt.cli.command import Exclusive, command
from covirt.cli.failure import failing
from covirt.cli.option import Say
from covirt.cli.pool_options import PoolOptions
from covirt.cli.quantity import pretty
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.vocabulary import ActivePool, File, InactivePool, PersistentPool, ThePool, Wrap, Xpath, read_file
from covirt.cli.xpath import print_xml
from covirt.client.objects_generated import StoragePool

STATES = ("inactive", "building", "running", "degraded", "inaccessible")

Build = Annotated[bool, Say("make what it stands on first")]
NoOverwrite = Annotated[bool, Say("give up where there is something already")]
Overwrite = Annotated[bool, Say("overwrite what there is")]


@command()
async def pool_autostart(
    shell: Shell, *, pool: PersistentPool, disable: Annotated[bool, Say("do not start it any more")] = False
) -> None:
    """start a storage pool when the host starts"""
    verb = "unmark" if disable else "mark"
    with failing(f"failed to {verb} pool {shell.given['pool']} as autostarted"):
        await pool.set_autostart(not disable)
    shell.output.done(f"Pool {shell.given['pool']} {verb}ed as autostarted")


@command()
async def pool_build(
    shell: Shell, *, pool: ThePool, no_overwrite: NoOverwrite = False, overwrite: Overwrite = False
) -> None:
    """make what a storage pool stands on"""
    with failing(f"Failed to build pool {shell.given['pool']}"):
        await pool.build(flags(StoragePoolBuildFlags, NO_OVERWRITE=no_overwrite, OVERWRITE=overwrite))
    shell.output.done(f"Pool {shell.given['pool']} built")


def _how(*, build: bool, overwrite: bool, no_overwrite: bool) -> StoragePoolCreateFlags:
    """How to start a pool; saying what to do with what there is means to build."""
    return flags(
        StoragePoolCreateFlags,
        WITH_BUILD=build,
        WITH_BUILD_OVERWRITE=overwrite,
        WITH_BUILD_NO_OVERWRITE=no_overwrite,
    )


@command(Exclusive("overwrite", "no-overwrite"))
async def pool_create(
    shell: Shell, *, file: File, build: Build = False, no_overwrite: NoOverwrite = False, overwrite: Overwrite = False
) -> None:
    """start a storage pool from a file; it is forgotten when it is stopped"""
    text = read_file("file", file)
    with failing(f"Failed to create pool from {file}"):
        pool = await shell.conn.storage_pool_create_xml(
            text, _how(build=build, overwrite=overwrite, no_overwrite=no_overwrite)
        )
    shell.output.done(f"Pool {pool.name} created from {file}")


@command(Exclusive("overwrite", "no-overwrite"))
async def pool_create_as(
    shell: Shell,
    *,
    pool: PoolOptions,
    build: Build = False,
    no_overwrite: NoOverwrite = False,
    overwrite: Overwrite = False,
) -> None:
    """start a storage pool as options describe it; it is forgotten when it is stopped"""
    if pool.print_xml:
        shell.output.write(pool.document())
        return
    with failing(f"Failed to create pool {pool.name}"):
        made = await shell.conn.storage_pool_create_xml(
            pool.document(), _how(build=build, overwrite=overwrite, no_overwrite=no_overwrite)
        )
    shell.output.done(f"Pool {made.name} created")


@command()
async def pool_define(
    shell: Shell, *, file: File, validate: Annotated[bool, Say("refuse what the schema does not know")] = False
) -> None:
    """define a storage pool, without starting it"""
    text = read_file("file", file)
    with failing(f"Failed to define pool from {file}"):
        pool = await shell.conn.storage_pool_define_xml(text, flags(StoragePoolDefineFlags, VALIDATE=validate))
    shell.output.done(f"Pool {pool.name} defined from {file}")


@command()
async def pool_define_as(shell: Shell, *, pool: PoolOptions) -> None:
    """define a storage pool as options describe it"""
    if pool.print_xml:
        shell.output.write(pool.document())
        return
    with failing(f"Failed to define pool {pool.name}"):
        made = await shell.conn.storage_pool_define_xml(pool.document())
    shell.output.done(f"Pool {made.name} defined")


@command(Exclusive("overwrite", "no-overwrite"))
async def pool_start(
    shell: Shell,
    *,
    pool: InactivePool,
    build: Build = False,
    no_overwrite: NoOverwrite = False,
    overwrite: Overwrite = False,
) -> None:
    """start a storage pool that is defined"""
    with failing(f"Failed to start pool {shell.given['pool']}"):
        await pool.create(_how(build=build, overwrite=overwrite, no_overwrite=no_overwrite))
    shell.output.done(f"Pool {shell.given['pool']} started")


@command()
async def pool_delete(shell: Shell, *, pool: InactivePool) -> None:
    """remove what a storage pool stands on; there is no way back"""
    with failing(f"Failed to delete pool {shell.given['pool']}"):
        await pool.delete()
    shell.output.done(f"Pool {shell.given['pool']} deleted")


@command()
async def pool_destroy(shell: Shell, *, pool: ActivePool) -> None:
    """stop a storage pool; its volumes stay"""
    with failing(f"Failed to destroy pool {shell.given['pool']}"):
        await pool.destroy()
    shell.output.done(f"Pool {shell.given['pool']} destroyed")


@command()
async def pool_dumpxml(
    shell: Shell,
    *,
    pool: ThePool,
    inactive: Annotated[bool, Say("as the next start will find it")] = False,
    xpath: Xpath = None,
    wrap: Wrap = False,
) -> None:
    """print the description of a storage pool"""
    print_xml(shell.output, await pool.xml_desc(flags(StorageXMLFlags, INACTIVE=inactive)), xpath, wrap)


@command()
async def pool_info(
    shell: Shell,
    *,
    pool: ThePool,
    bytes: Annotated[bool, Say("print sizes in bytes")] = False,
) -> None:
    """print the basics of a storage pool"""
    info = await pool.info()
    shell.output.fields(
        [
            ("Name", pool.name),
            ("UUID", pool.uuid),
            ("State", STATES[info.state]),
            ("Persistent", "yes" if await pool.is_persistent() else "no"),
            ("Autostart", "yes" if await pool.autostart() else "no"),
        ]
    )
    if STATES[info.state] in ("running", "degraded"):
        sizes = (("Capacity", info.capacity), ("Allocation", info.allocation), ("Available", info.available))
        shell.output.fields((name, size if bytes else pretty(size)) for name, size in sizes)


@command(Exclusive("all", "inactive"), Exclusive("details", "uuid"), Exclusive("details", "name"))
async def pool_list(
    shell: Shell,
    *,
    inactive: Annotated[bool, Say("those that are not started")] = False,
    all: Annotated[bool, Say("those that are started and those that are not")] = False,
    transient: Annotated[bool, Say("those without a definition that stays")] = False,
    persistent: Annotated[bool, Say("those with a definition that stays")] = False,
    autostart: Annotated[bool, Say("those that start with the host")] = False,
    no_autostart: Annotated[bool, Say("those that do not start with the host")] = False,
    type: Annotated[
        str | None, Say("those of these types, with commas", unwanted_positional=True, complete="pool-type")
    ] = None,
    details: Annotated[bool, Say("show sizes, too")] = False,
    uuid: Annotated[bool, Say("print UUIDs")] = False,
    name: Annotated[bool, Say("print names")] = False,
) -> None:
    """list storage pools"""
    chosen = flags(
        ConnectListAllStoragePoolsFlags,
        ACTIVE=all or not inactive,
        INACTIVE=all or inactive,
        TRANSIENT=transient,
        PERSISTENT=persistent,
        AUTOSTART=autostart,
        NO_AUTOSTART=no_autostart,
    )
    for kind in type.split(",") if type else []:
        chosen |= ConnectListAllStoragePoolsFlags[kind.upper().replace("-", "_")]
    pools = sorted(await shell.conn.list_all_storage_pools(chosen), key=lambda pool: pool.name.lower())
    if uuid or name:
        for pool in pools:
            columns = [(uuid, str(pool.uuid)), (name, pool.name)]
            shell.output.line(" ".join(text for wanted, text in columns if wanted))
    else:
        await _print_pools(shell, pools, details=details)


async def _print_pools(shell: Shell, pools: list[StoragePool], *, details: bool) -> None:
    more = ("Persistent", "Capacity", "Allocation", "Available") if details else ()
    table = Table("Name", "State", "Autostart", *more)
    for pool in pools:
        info = await pool.info()
        active = STATES[info.state] != "inactive"
        state = STATES[info.state] if details else ("active" if active else "inactive")
        row = [pool.name, state, "yes" if await pool.autostart() else "no"]
        if details:
            sizes = (info.capacity, info.allocation, info.available)
            row.append("yes" if await pool.is_persistent() else "no")
            row.extend(pretty(size) if active else "-" for size in sizes)
        table.append(*row)
    shell.output.table(table)


@command()
async def pool_name(shell: Shell, *, pool: ThePool) -> None:
    """print the name of a storage pool"""
    shell.output.line(pool.name)


@command()
async def pool_uuid(shell: Shell, *, pool: ThePool) -> None:
    """print the UUID of a storage pool"""
    shell.output.line(str(pool.uuid))


@command()
async def pool_refresh(shell: Shell, *, pool: ActivePool) -> None:
    """look anew which volumes a storage pool has"""
    with failing(f"Failed to refresh pool {shell.given['pool']}"):
        await pool.refresh()
    shell.output.done(f"Pool {shell.given['pool']} refreshed")


@command()
async def pool_undefine(shell: Shell, *, pool: PersistentPool) -> None:
    """forget the definition of a storage pool"""
    with failing(f"Failed to undefine pool {shell.given['pool']}"):
        await pool.undefine()
    shell.output.done(f"Pool {shell.given['pool']} has been undefined")
