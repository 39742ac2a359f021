# SPDX-License-Identifier: LGPL-2.1-or-later
"""Virtual networks."""

from __future__ import annotations

from typing import Annotated

from covirt.api.network import (
    ConnectListAllNetworksFlags,
    NetworkCreateFlags,
    NetworkDefineFlags,
    NetworkMetadataType,
    NetworkXMLFlags,
)
from covirt.cli.choose import flags
from covirt.cli.command import command
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Say
from covirt.cli.output import yes_no
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.vocabulary import (
    ActiveNetwork,
    File,
    InactiveNetwork,
    NetworkByUuid,
    PersistentNetwork,
    TheNetwork,
    Wrap,
    Xpath,
    read_file,
)
from covirt.cli.xpath import print_xml
from covirt.client.objects_generated import Network
from covirt.errors import Error, NoSuchNetworkMetadata

Validate = Annotated[bool, Say("refuse what the schema does not know")]


@command()
async def net_autostart(
    shell: Shell, *, network: PersistentNetwork, disable: Annotated[bool, Say("do not start it any more")] = False
) -> None:
    """start a network when the host starts"""
    verb = "unmark" if disable else "mark"
    with failing(f"failed to {verb} network {shell.given['network']} as autostarted"):
        await network.set_autostart(not disable)
    shell.output.done(f"Network {shell.given['network']} {verb}ed as autostarted")


@command()
async def net_create(shell: Shell, *, file: File, validate: Validate = False) -> None:
    """start a network from a file; it is forgotten when it is stopped"""
    text = read_file("file", file)
    with failing(f"Failed to create network from {file}"):
        if validate:
            network = await shell.conn.network_create_xml_flags(text, NetworkCreateFlags.VALIDATE)
        else:
            network = await shell.conn.network_create_xml(text)
    shell.output.done(f"Network {network.name} created from {file}")


@command()
async def net_define(shell: Shell, *, file: File, validate: Validate = False) -> None:
    """define a network, without starting it"""
    text = read_file("file", file)
    with failing(f"Failed to define network from {file}"):
        if validate:
            network = await shell.conn.network_define_xml_flags(text, NetworkDefineFlags.VALIDATE)
        else:
            network = await shell.conn.network_define_xml(text)
    shell.output.done(f"Network {network.name} defined from {file}")


@command()
async def net_destroy(shell: Shell, *, network: ActiveNetwork) -> None:
    """stop a network"""
    with failing(f"Failed to destroy network {shell.given['network']}"):
        await network.destroy()
    shell.output.done(f"Network {shell.given['network']} destroyed")


@command()
async def net_dumpxml(
    shell: Shell,
    *,
    network: TheNetwork,
    inactive: Annotated[bool, Say("as the next start will find it")] = False,
    xpath: Xpath = None,
    wrap: Wrap = False,
) -> None:
    """print the description of a network"""
    print_xml(shell.output, await network.xml_desc(flags(NetworkXMLFlags, INACTIVE=inactive)), xpath, wrap)


@command()
async def net_info(shell: Shell, *, network: TheNetwork) -> None:
    """print the basics of a network"""
    shell.output.fields([("Name", network.name), ("UUID", network.uuid)])
    shell.output.fields([("Active", yes_no(await network.is_active()))])
    shell.output.fields([("Persistent", yes_no(await network.is_persistent()))])
    shell.output.fields([("Autostart", await _autostart(network))])
    try:
        shell.output.fields([("Bridge", await network.bridge_name())])
    except Error as error:
        shell.debug(f"no bridge: {error}\n")


@command()
async def net_list(
    shell: Shell,
    *,
    inactive: Annotated[bool, Say("those that are not started")] = False,
    all: Annotated[bool, Say("those that are started and those that are not")] = False,
    persistent: Annotated[bool, Say("those with a definition that stays")] = False,
    transient: Annotated[bool, Say("those without a definition that stays")] = False,
    autostart: Annotated[bool, Say("those that start with the host")] = False,
    no_autostart: Annotated[bool, Say("those that do not start with the host")] = False,
    uuid: Annotated[bool, Say("print UUIDs")] = False,
    name: Annotated[bool, Say("print names")] = False,
    table: Annotated[bool, Say("print a table; that is the usual form")] = False,
    title: Annotated[bool, Say("show titles")] = False,
) -> None:
    """list networks"""
    chosen = flags(
        ConnectListAllNetworksFlags,
        ACTIVE=all or not inactive,
        INACTIVE=all or inactive,
        PERSISTENT=persistent,
        TRANSIENT=transient,
        AUTOSTART=autostart,
        NO_AUTOSTART=no_autostart,
    )
    if sum((table, name, uuid)) > 1:
        raise CommandFailed("Only one argument from --table, --name and --uuid may be specified.")
    networks = sorted(await shell.conn.list_all_networks(chosen), key=lambda network: network.name.lower())
    if uuid or name:
        for network in networks:
            shell.output.line(str(network.uuid) if uuid else network.name)
        return
    shown = Table("Name", "State", "Autostart", "Persistent", *(["Title"] if title else []))
    for network in networks:
        state = "active" if await network.is_active() else "inactive"
        extra = [await _title(network)] if title else []
        shown.append(network.name, state, await _autostart(network), yes_no(await network.is_persistent()), *extra)
    shell.output.table(shown)


async def _autostart(network: Network) -> str:
    try:
        return yes_no(await network.autostart())
    except Error:
        return "no autostart"


async def _title(network: Network) -> str:
    try:
        return await network.metadata(NetworkMetadataType.TITLE, None)
    except NoSuchNetworkMetadata:
        return ""


@command()
async def net_name(shell: Shell, *, network: NetworkByUuid) -> None:
    """print the name of a network"""
    shell.output.line(network.name)


@command()
async def net_start(shell: Shell, *, network: InactiveNetwork) -> None:
    """start a network that is defined"""
    with failing(f"Failed to start network {shell.given['network']}"):
        await network.create()
    shell.output.done(f"Network {shell.given['network']} started")


@command()
async def net_undefine(shell: Shell, *, network: PersistentNetwork) -> None:
    """forget the definition of a network"""
    with failing(f"Failed to undefine network {shell.given['network']}"):
        await network.undefine()
    shell.output.done(f"Network {shell.given['network']} has been undefined")


@command()
async def net_uuid(shell: Shell, *, network: TheNetwork) -> None:
    """print the UUID of a network"""
    shell.output.line(str(network.uuid))
