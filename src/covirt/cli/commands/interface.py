# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network interfaces of the host."""

from __future__ import annotations

from typing import Annotated

from covirt.api.interface import ConnectListAllInterfacesFlags, InterfaceDefineFlags, InterfaceXMLFlags
from covirt.cli.choose import flags
from covirt.cli.command import Exclusive, command
from covirt.cli.editor import edit_text
from covirt.cli.failure import failing
from covirt.cli.option import Option, Say
from covirt.cli.shell import Shell
from covirt.cli.table import Table
from covirt.cli.vocabulary import File, Wrap, Xpath, read_file
from covirt.cli.xpath import print_xml
from covirt.client.objects_generated import Interface
from covirt.errors import Error
from covirt.values import Mac


async def find_interface(shell: Shell, option: Option, text: str) -> Interface:
    """An interface by its name or MAC address."""
    shell.explain(f"found option <{option.name}>: {text}")
    try:
        Mac.parse(text)
    except Error:
        return await find_interface_by_name(shell, option, text)
    with failing(f"failed to get interface '{text}'"):
        return await shell.conn.interface_lookup_by_mac_string(text)


async def find_interface_by_name(shell: Shell, option: Option, text: str) -> Interface:
    """An interface by its name."""
    with failing(f"failed to get interface '{text}'"):
        return await shell.conn.interface_lookup_by_name(text)


async def find_interface_by_mac(shell: Shell, option: Option, text: str) -> Interface:
    """An interface by its MAC address; its name is what is asked for."""
    with failing(f"failed to get interface '{text}'"):
        return await shell.conn.interface_lookup_by_mac_string(text)


HELP = "name or MAC address of the interface"
TheInterface = Annotated[Interface, Say(HELP, positional=True, complete="interface-name", find=find_interface)]
InactiveInterface = Annotated[
    Interface, Say(HELP, positional=True, complete="interface-name", only="INACTIVE", find=find_interface)
]
ActiveInterface = Annotated[
    Interface, Say(HELP, positional=True, complete="interface-name", only="ACTIVE", find=find_interface)
]
InterfaceByMac = Annotated[
    Interface,
    Say("MAC address of the interface", positional=True, complete="interface-mac", find=find_interface_by_mac),
]
InterfaceByName = Annotated[
    Interface, Say("name of the interface", positional=True, complete="interface-name", find=find_interface_by_name)
]


@command(Exclusive("all", "inactive"))
async def iface_list(
    shell: Shell,
    *,
    inactive: Annotated[bool, Say("those that are down")] = False,
    all: Annotated[bool, Say("those that are up and those that are down")] = False,
) -> None:
    """list interfaces of the host"""
    chosen = flags(ConnectListAllInterfacesFlags, ACTIVE=not inactive, INACTIVE=inactive or all)
    with failing("Failed to list interfaces"):
        interfaces = sorted(await shell.conn.list_all_interfaces(chosen), key=lambda one: one.name)
    table = Table("Name", "State", "MAC Address")
    for one in interfaces:
        table.append(one.name, "active" if await one.is_active() else "inactive", one.mac)
    shell.output.table(table)


@command()
async def iface_name(shell: Shell, *, interface: InterfaceByMac) -> None:
    """print the name of an interface"""
    shell.output.line(interface.name)


@command()
async def iface_mac(shell: Shell, *, interface: InterfaceByName) -> None:
    """print the MAC address of an interface"""
    shell.output.line(interface.mac)


@command()
async def iface_dumpxml(
    shell: Shell,
    *,
    interface: TheInterface,
    inactive: Annotated[bool, Say("as it is defined")] = False,
    xpath: Xpath = None,
    wrap: Wrap = False,
) -> None:
    """print the description of an interface"""
    print_xml(shell.output, await interface.xml_desc(flags(InterfaceXMLFlags, INACTIVE=inactive)), xpath, wrap)


@command()
async def iface_define(
    shell: Shell, *, file: File, validate: Annotated[bool, Say("refuse what the schema does not know")] = False
) -> None:
    """define an interface or change its definition"""
    text = read_file("file", file)
    with failing(f"Failed to define interface from {file}"):
        made = await shell.conn.interface_define_xml(text, flags(InterfaceDefineFlags, VALIDATE=validate))
    shell.output.done(f"Interface {made.name} defined from {file}")


@command()
async def iface_edit(shell: Shell, *, interface: TheInterface) -> None:
    """change the definition of an interface in an editor"""

    async def read() -> str:
        return await interface.xml_desc(InterfaceXMLFlags.INACTIVE)

    async def write(text: str, relaxed: bool) -> None:
        await shell.conn.interface_define_xml(text)

    changed = await edit_text(shell, read, write, relaxed=True)
    shell.output.done(f"Interface {interface.name} XML configuration {'edited' if changed else 'not changed'}.")


@command()
async def iface_undefine(shell: Shell, *, interface: TheInterface) -> None:
    """forget the definition of an interface"""
    with failing(f"Failed to undefine interface {shell.given['interface']}"):
        await interface.undefine()
    shell.output.done(f"Interface {shell.given['interface']} undefined")


@command()
async def iface_start(shell: Shell, *, interface: InactiveInterface) -> None:
    """bring an interface up"""
    with failing(f"Failed to start interface {shell.given['interface']}"):
        await interface.create()
    shell.output.done(f"Interface {shell.given['interface']} started")


@command()
async def iface_destroy(shell: Shell, *, interface: ActiveInterface) -> None:
    """bring an interface down"""
    with failing(f"Failed to destroy interface {shell.given['interface']}"):
        await interface.destroy()
    shell.output.done(f"Interface {shell.given['interface']} destroyed")


# Several changes that stay or go together


@command()
async def iface_begin(shell: Shell) -> None:
    """keep the present definitions, so that later changes can be taken back"""
    with failing("Failed to begin network config change transaction"):
        await shell.conn.change_begin()
    shell.output.done("Network config change transaction started")


@command()
async def iface_commit(shell: Shell) -> None:
    """let all changes since `iface-begin` stay"""
    with failing("Failed to commit network config change transaction"):
        await shell.conn.change_commit()
    shell.output.done("Network config change transaction committed")


@command()
async def iface_rollback(shell: Shell) -> None:
    """take all changes since `iface-begin` back"""
    with failing("Failed to rollback network config change transaction"):
        await shell.conn.change_rollback()
    shell.output.done("Network config change transaction rolled back")
