# SPDX-License-Identifier: LGPL-2.1-or-later
"""Filters for what network cards of guests may send, and where they are bound."""

from __future__ import annotations

from typing import Annotated

from covirt.api.nwfilter import NWFilterDefineFlags
from covirt.api.nwfilter_binding import NWFilterBindingCreateFlags
from covirt.cli.choose import flags
from covirt.cli.command import command
from covirt.cli.editor import edit_text
from covirt.cli.failure import failing
from covirt.cli.option import Option, Say
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.vocabulary import File, Wrap, Xpath, as_uuid, read_file
from covirt.cli.xpath import print_xml
from covirt.client.objects_generated import NWFilter, NWFilterBinding
from covirt.errors import Error


async def find_filter(shell: Shell, option: Option, text: str) -> NWFilter:
    """A filter by its UUID or name."""
    shell.explain(f"found option <{option.name}>: {text}")
    if uuid := as_uuid(text):
        try:
            return await shell.conn.nwfilter_lookup_by_uuid(uuid)
        except Error:
            pass
    with failing(f"failed to get nwfilter '{text}'"):
        return await shell.conn.nwfilter_lookup_by_name(text)


async def find_binding(shell: Shell, option: Option, text: str) -> NWFilterBinding:
    """A binding by the interface it is on."""
    with failing(f"failed to get nwfilter binding '{text}'"):
        return await shell.conn.nwfilter_binding_lookup_by_port_dev(text)


TheFilter = Annotated[
    NWFilter, Say("name or UUID of the filter", positional=True, complete="nwfilter-name", find=find_filter)
]
TheBinding = Annotated[
    NWFilterBinding,
    Say("interface that the filter is bound to", positional=True, complete="nwfilter-binding", find=find_binding),
]
Validate = Annotated[bool, Say("refuse what the schema does not know")]


@command()
async def nwfilter_define(shell: Shell, *, file: File, validate: Validate = False) -> None:
    """define a filter or replace it"""
    text = read_file("file", file)
    with failing(f"Failed to define network filter from {file}"):
        if validate:
            made = await shell.conn.nwfilter_define_xml_flags(text, NWFilterDefineFlags.VALIDATE)
        else:
            made = await shell.conn.nwfilter_define_xml(text)
    shell.output.done(f"Network filter {made.name} defined from {file}")


@command()
async def nwfilter_undefine(shell: Shell, *, nwfilter: TheFilter) -> None:
    """forget a filter"""
    with failing(f"Failed to undefine network filter {shell.given['nwfilter']}"):
        await nwfilter.undefine()
    shell.output.done(f"Network filter {shell.given['nwfilter']} undefined")


@command()
async def nwfilter_dumpxml(shell: Shell, *, nwfilter: TheFilter, xpath: Xpath = None, wrap: Wrap = False) -> None:
    """print the description of a filter"""
    print_xml(shell.output, await nwfilter.xml_desc(), xpath, wrap)


@command()
async def nwfilter_edit(shell: Shell, *, nwfilter: TheFilter) -> None:
    """change the description of a filter in an editor"""

    async def read() -> str:
        return await nwfilter.xml_desc()

    async def write(text: str, relaxed: bool) -> None:
        await shell.conn.nwfilter_define_xml(text)

    changed = await edit_text(shell, read, write, relaxed=True)
    shell.output.done(f"Network filter {nwfilter.name} XML configuration {'edited' if changed else 'not changed'}.")


@command()
async def nwfilter_list(shell: Shell) -> None:
    """list filters"""
    with failing("Failed to list network filters"):
        filters = sorted(await shell.conn.list_all_nwfilters(), key=lambda one: one.name)
    table = Table("UUID", "Name")
    for one in filters:
        table.append(str(one.uuid), one.name)
    shell.output.table(table)


# Bindings


@command()
async def nwfilter_binding_create(shell: Shell, *, file: File, validate: Validate = False) -> None:
    """bind a filter to an interface as a file says"""
    text = read_file("file", file)
    chosen = flags(NWFilterBindingCreateFlags, VALIDATE=validate)
    with failing(f"Failed to create network filter from {file}"):
        made = await shell.conn.nwfilter_binding_create_xml(text, chosen)
    shell.output.done(f"Network filter binding on {made.port_dev} created from {file}")


@command()
async def nwfilter_binding_delete(shell: Shell, *, binding: TheBinding) -> None:
    """take a filter from an interface"""
    with failing(f"Failed to delete network filter binding on {shell.given['binding']}"):
        await binding.delete()
    shell.output.done(f"Network filter binding on {shell.given['binding']} deleted")


@command()
async def nwfilter_binding_dumpxml(
    shell: Shell, *, binding: TheBinding, xpath: Xpath = None, wrap: Wrap = False
) -> None:
    """print the description of a binding"""
    print_xml(shell.output, await binding.xml_desc(), xpath, wrap)


@command()
async def nwfilter_binding_list(shell: Shell) -> None:
    """list which filters are bound to which interfaces"""
    with failing("Failed to list network filter bindings"):
        bindings = sorted(await shell.conn.list_all_nwfilter_bindings(), key=lambda one: one.port_dev)
    table = Table("Port Dev", "Filter")
    for one in bindings:
        table.append(one.port_dev, one.filter_name)
    shell.output.table(table)
