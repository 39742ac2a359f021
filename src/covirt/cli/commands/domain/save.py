# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains put to sleep in a file, and brought back."""

from __future__ import annotations

from typing import Annotated

from covirt.api.domain.save import DomainSaveImageXMLFlags, DomainSaveParam, DomainSaveRestoreFlags
from covirt.api.params import ParamName, TypedParams, Value
from covirt.cli.choose import flags
from covirt.cli.command import command
from covirt.cli.failure import failing
from covirt.cli.option import Say
from covirt.cli.progress import watched
from covirt.cli.shell import Shell
from covirt.cli.vocabulary import (
    ActiveDomain,
    BypassCache,
    SavedDomain,
    StartPaused,
    StartRunning,
    Verbose,
    Wrap,
    Xpath,
    read_file,
)
from covirt.cli.xpath import print_xml

Image = Annotated[str, Say("file with the saved state", positional=True)]
Channels = Annotated[int | None, Say("how many streams to save with")]
OtherXml = Annotated[
    str | None,
    Say("file with the description to come back with", unwanted_positional=True, complete="path-local-existing"),
]
Secrets = Annotated[bool, Say("with passwords and the like")]


@command()
async def save(
    shell: Shell,
    *,
    domain: ActiveDomain,
    file: Annotated[str, Say("file to save to", positional=True)],
    bypass_cache: BypassCache = False,
    parallel_channels: Channels = None,
    image_format: Annotated[str | None, Say("form of the file")] = None,
    xml: OtherXml = None,
    running: Annotated[bool, Say("let it run when it comes back")] = False,
    paused: Annotated[bool, Say("leave it paused when it comes back")] = False,
    verbose: Verbose = False,
) -> None:
    """save the state of a domain to a file and end it"""
    chosen = flags(
        DomainSaveRestoreFlags,
        BYPASS_CACHE=bypass_cache,
        RUNNING=running,
        PAUSED=paused,
        PARALLEL=parallel_channels is not None,
    )
    text = None if xml is None else read_file("xml", xml)
    given: dict[ParamName, Value | None] = {
        DomainSaveParam.FILE: file,
        DomainSaveParam.DXML: text,
        DomainSaveParam.IMAGE_FORMAT: image_format,
        DomainSaveParam.PARALLEL_CHANNELS: parallel_channels,
    }
    with failing(f"Failed to save domain '{shell.given['domain']}' to {file}"):
        if parallel_channels is not None or image_format is not None:
            job = domain.save_params(TypedParams.of(given), chosen)
        elif chosen or text is not None:
            job = domain.save_flags(file, text, chosen)
        else:
            job = domain.save(file)
        await watched(shell, "Save", domain, job, show=verbose)
    shell.output.done(f"\nDomain '{shell.given['domain']}' saved to {file}")


@command()
async def restore(
    shell: Shell,
    *,
    file: Image,
    bypass_cache: BypassCache = False,
    parallel_channels: Channels = None,
    xml: OtherXml = None,
    running: StartRunning = False,
    paused: StartPaused = False,
    reset_nvram: Annotated[bool, Say("begin with fresh firmware variables")] = False,
) -> None:
    """bring a domain back from a file"""
    chosen = flags(
        DomainSaveRestoreFlags,
        BYPASS_CACHE=bypass_cache,
        RUNNING=running,
        PAUSED=paused,
        RESET_NVRAM=reset_nvram,
        PARALLEL=parallel_channels is not None,
    )
    text = None if xml is None else read_file("xml", xml)
    with failing(f"Failed to restore domain from {file}"):
        if parallel_channels is not None:
            given: dict[ParamName, Value | None] = {
                DomainSaveParam.FILE: file,
                DomainSaveParam.DXML: text,
                DomainSaveParam.PARALLEL_CHANNELS: parallel_channels,
            }
            await shell.conn.restore_params(TypedParams.of(given), chosen)
        elif chosen or text is not None:
            await shell.conn.restore_flags(file, text, chosen)
        else:
            await shell.conn.restore(file)
    shell.output.done(f"Domain restored from {file}")


@command()
async def save_image_dumpxml(
    shell: Shell, *, file: Image, security_info: Secrets = False, xpath: Xpath = None, wrap: Wrap = False
) -> None:
    """print the description in a file with a saved state"""
    text = await shell.conn.save_image_get_xml_desc(file, flags(DomainSaveImageXMLFlags, SECURE=security_info))
    print_xml(shell.output, text, xpath, wrap)


@command()
async def managedsave(
    shell: Shell,
    *,
    domain: ActiveDomain,
    bypass_cache: BypassCache = False,
    running: Annotated[bool, Say("let it run at its next start")] = False,
    paused: Annotated[bool, Say("leave it paused at its next start")] = False,
    verbose: Verbose = False,
) -> None:
    """save the state of a domain for its next start, and end it"""
    chosen = flags(DomainSaveRestoreFlags, BYPASS_CACHE=bypass_cache, RUNNING=running, PAUSED=paused)
    with failing(f"Failed to save domain '{shell.given['domain']}' state"):
        await watched(shell, "Managedsave", domain, domain.managed_save(chosen), show=verbose)
    shell.output.done(f"\nDomain '{shell.given['domain']}' state saved by libvirt")


@command()
async def managedsave_remove(shell: Shell, *, domain: SavedDomain) -> None:
    """forget the managed save of a domain"""
    with failing("Failed to check for domain managed save image"):
        there = await domain.has_managed_save_image()
    if not there:
        shell.output.say(f"Domain '{shell.given['domain']}' has no manage save image; removal skipped")
        return
    with failing(f"Failed to remove managed save image for domain '{shell.given['domain']}'"):
        await domain.managed_save_remove()
    shell.output.say(f"Removed managedsave image for domain '{shell.given['domain']}'")


@command()
async def managedsave_dumpxml(
    shell: Shell, *, domain: SavedDomain, security_info: Secrets = False, xpath: Xpath = None, wrap: Wrap = False
) -> None:
    """print the description in the managed save of a domain"""
    text = await domain.managed_save_get_xml_desc(flags(DomainSaveImageXMLFlags, SECURE=security_info))
    print_xml(shell.output, text, xpath, wrap)
