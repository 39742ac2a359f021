# SPDX-License-Identifier: LGPL-2.1-or-later
"""Descriptions of domains: printed, translated, edited."""

from __future__ import annotations

from typing import Annotated

from covirt.api.domain.define import DomainDefineFlags
from covirt.api.domain.info import DomainXMLFlags
from covirt.cli.choose import flags
from covirt.cli.command import Exclusive, command
from covirt.cli.editor import edit_text
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.vocabulary import DOMAIN_HELP, TheDomain, Wrap, Xpath, find_domain, read_file
from covirt.cli.xpath import print_xml
from covirt.client.objects_generated import Domain

Format = Annotated[str, Say("form of the other language, such as qemu-argv", positional=True)]


@command()
async def dumpxml(
    shell: Shell,
    *,
    domain: TheDomain,
    inactive: Annotated[bool, Say("as the next boot will find it")] = False,
    security_info: Annotated[bool, Say("with passwords and the like")] = False,
    update_cpu: Annotated[bool, Say("with what the host's processor gives the guest")] = False,
    migratable: Annotated[bool, Say("so that other versions understand it")] = False,
    xpath: Xpath = None,
    wrap: Wrap = False,
) -> None:
    """print the description of a domain"""
    chosen = flags(
        DomainXMLFlags, INACTIVE=inactive, SECURE=security_info, UPDATE_CPU=update_cpu, MIGRATABLE=migratable
    )
    print_xml(shell.output, await domain.xml_desc(chosen), xpath, wrap)


@command()
async def domxml_from_native(
    shell: Shell,
    *,
    format: Format,
    config: Annotated[str, Say("file in that language", positional=True, complete="path-local-existing")],
) -> None:
    """translate another language into a description of a domain"""
    shell.output.write(await shell.conn.domain_xml_from_native(format, read_file("config", config)))


@command(Exclusive("domain", "xml"))
async def domxml_to_native(
    shell: Shell,
    *,
    format: Format,
    domain: Annotated[Domain | None, Say(DOMAIN_HELP, complete="domain-name", find=find_domain)] = None,
    xml: Annotated[
        str | None, Say("file with the description", unwanted_positional=True, complete="path-local-existing")
    ] = None,
) -> None:
    """translate the description of a domain into another language"""
    if domain is not None:
        with failing("failed to retrieve XML"):
            text = await domain.xml_desc()
    elif xml is not None:
        text = read_file("xml", xml)
    else:
        raise CommandFailed("need either domain or domain XML")
    shell.output.write(await shell.conn.domain_xml_to_native(format, text))


@command()
async def edit(
    shell: Shell,
    *,
    domain: TheDomain,
    skip_validate: Annotated[bool, Say("take what the schema does not know")] = False,
) -> None:
    """change the description of a domain in an editor

    The editor is $VISUAL or $EDITOR; the change is there at the next boot.
    """
    secret = DomainXMLFlags.INACTIVE | DomainXMLFlags.SECURE

    async def read() -> str:
        return await domain.xml_desc(secret)

    async def write(text: str, relaxed: bool) -> None:
        how = DomainDefineFlags(0) if relaxed else DomainDefineFlags.VALIDATE
        await shell.conn.define_xml_flags(text, how)

    if await edit_text(shell, read, write, relaxed=skip_validate):
        shell.output.done(f"Domain '{domain.name}' XML configuration edited.")
    else:
        shell.output.done(f"Domain '{domain.name}' XML configuration not changed.")
