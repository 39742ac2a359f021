# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices that come and go."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Annotated

from covirt.api.domain.devices import DomainDeviceModifyFlags
from covirt.cli.choose import flags
from covirt.cli.command import IMPACT, Exclusive, Requires, command
from covirt.cli.device_address import formatted_address
from covirt.cli.failure import CommandFailed, failing
from covirt.cli.markup import element, optional
from covirt.cli.option import Kind, Option, Say
from covirt.cli.option import alias as other_name
from covirt.cli.shell import Shell
from covirt.cli.vocabulary import (
    DOMAIN_HELP,
    Config,
    Current,
    File,
    Live,
    Persistent,
    TheDomain,
    find_domain,
    read_file,
)
from covirt.client.objects_generated import Domain

DEVICE_IMPACT = (Exclusive("persistent", "current"), *IMPACT)
DOMAIN = Option("domain", Kind.STRING)


@command(DEVICE_IMPACT)
async def attach_device(
    shell: Shell,
    *,
    domain: TheDomain,
    file: File,
    persistent: Persistent = False,
    config: Config = False,
    live: Live = False,
    current: Current = False,
) -> None:
    """plug in a device that a file describes"""
    text = read_file("file", file)
    with failing(f"Failed to attach device from {file}"):
        await _attach(domain, text, persistent=persistent, config=config, live=live, current=current)
    shell.output.done("Device attached successfully")


@command(DEVICE_IMPACT)
async def detach_device(
    shell: Shell,
    *,
    domain: TheDomain,
    file: File,
    persistent: Persistent = False,
    config: Config = False,
    live: Live = False,
    current: Current = False,
) -> None:
    """unplug a device that a file describes"""
    text = read_file("file", file)
    impact = await _impact(domain, persistent=persistent, config=config, live=live)
    with failing(f"Failed to detach device from {file}"):
        await (domain.detach_device_flags(text, impact) if impact or current else domain.detach_device(text))
    shell.output.done("Device detached successfully")


async def _impact(domain: Domain, *, persistent: bool, config: bool, live: bool) -> DomainDeviceModifyFlags:
    """A change that lives on is for the definition, and for the domain itself while it runs."""
    running = live or (persistent and await domain.is_active())
    return flags(DomainDeviceModifyFlags, CONFIG=config or persistent, LIVE=running)


async def _attach(domain: Domain, text: str, *, persistent: bool, config: bool, live: bool, current: bool) -> None:
    impact = await _impact(domain, persistent=persistent, config=config, live=live)
    await (domain.attach_device_flags(text, impact) if impact or current else domain.attach_device(text))


@command(
    DEVICE_IMPACT,
    Requires("source-host-name", "source-protocol"),
    Requires("source-host-transport", "source-protocol"),
    Requires("source-host-socket", "source-protocol"),
    Requires("source-host-socket", "source-host-transport"),
    Exclusive("source-host-name", "source-host-socket"),
    aliases=(other_name("shareable", "mode=shareable"),),
)
async def attach_disk(
    shell: Shell,
    *,
    domain: Annotated[str, Say(DOMAIN_HELP, positional=True, complete="domain-name")],
    source: Annotated[str, Say("file, block device or name of the image", positional=True, empty=True)],
    target: Annotated[str, Say("what the guest calls it, such as vda", positional=True)],
    targetbus: Annotated[str | None, Say("bus it hangs on")] = None,
    driver: Annotated[str | None, Say("backend of the disk")] = None,
    subdriver: Annotated[str | None, Say("format of the image")] = None,
    iothread: Annotated[str | None, Say("thread that serves it", complete="domain-io-thread-id")] = None,
    cache: Annotated[str | None, Say("how the host caches it")] = None,
    io: Annotated[str | None, Say("how the host reads and writes it")] = None,
    type: Annotated[str | None, Say("kind of device: disk, cdrom, floppy, lun")] = None,
    mode: Annotated[str | None, Say("readonly or shareable")] = None,
    sourcetype: Annotated[str | None, Say("kind of source: file, block, network")] = None,
    serial: Annotated[str | None, Say("serial number")] = None,
    wwn: Annotated[str | None, Say("world-wide name")] = None,
    alias: Annotated[str | None, Say("alias of the device")] = None,
    rawio: Annotated[bool, Say("needs the right to raw input and output")] = False,
    address: Annotated[str | None, Say("address, such as pci:0000.00.04.0")] = None,
    multifunction: Annotated[bool, Say("other functions may share its slot")] = False,
    print_xml: Annotated[bool, Say("print the description and attach nothing")] = False,
    source_protocol: Annotated[str | None, Say("protocol of a network disk")] = None,
    source_host_name: Annotated[str | None, Say("host of a network disk, with :port")] = None,
    source_host_transport: Annotated[str | None, Say("transport of a network disk")] = None,
    source_host_socket: Annotated[str | None, Say("socket of a network disk")] = None,
    throttle_groups: Annotated[
        str | None, Say("throttle groups, with commas", complete="domain-throttle-groups")
    ] = None,
    persistent: Persistent = False,
    config: Config = False,
    live: Live = False,
    current: Current = False,
) -> None:
    """plug in a disk"""
    kind = _source_kind(sourcetype, source_protocol, driver, source)
    if mode not in (None, "readonly", "shareable"):
        raise CommandFailed(f"No support for {mode} in command 'attach-disk'")
    if wwn is not None and (len(wwn) != 16 or set(wwn.lower()) - set("0123456789abcdef")):
        raise CommandFailed(f"internal error: malformed wwn: {wwn}")
    host = _host(source_host_name, source_host_transport, source_host_socket)
    if kind == "network":
        place = element("source", {"protocol": source_protocol, "name": source}, host)
    else:
        place = element("source", {"dev" if kind == "block" else "file": source})
    settings = {"name": driver, "type": subdriver, "iothread": iothread, "cache": cache, "io": io}
    groups = [element("throttlefilter", {"group": group}) for group in (throttle_groups or "").split(",") if group]
    text = element(
        "disk",
        {"type": kind, "device": type, "rawio": "yes" if rawio else None},
        element("driver", settings, empty=False),
        place,
        element("target", {"dev": target, "bus": targetbus}),
        element("throttlefilters", None, *groups, empty=False),
        "" if mode is None else element(mode),
        optional("serial", serial),
        "" if alias is None else element("alias", {"name": alias}),
        optional("wwn", wwn),
        "" if address is None else formatted_address(address, target, multifunction=multifunction),
    )
    if print_xml:
        shell.output.write(text)
        return
    found = await find_domain(shell, DOMAIN, domain)
    with failing("Failed to attach disk"):
        await _attach(found, text, persistent=persistent, config=config, live=live, current=current)
    shell.output.done("Disk attached successfully")


def _source_kind(wanted: str | None, protocol: str | None, driver: str | None, source: str) -> str:
    """What kind of source it is; a block device shows by itself."""
    if wanted not in (None, "file", "block", "network"):
        raise CommandFailed(f"Unknown source type: '{wanted}'")
    if wanted is None:
        if protocol is not None:
            return "network"
        return "block" if driver not in ("file", "tap") and _is_block_device(source) else "file"
    if (wanted == "network") != (protocol is not None):
        raise CommandFailed("--source-protocol option requires --sourcetype network")
    return wanted


def _is_block_device(path: str) -> bool:
    try:
        return stat.S_ISBLK(Path(path).stat().st_mode)
    except (OSError, ValueError):
        return False


def _host(name: str | None, transport: str | None, socket: str | None) -> str:
    """The host of a network disk; the port stands behind a colon."""
    host, colon, port = (name or "").partition(":")
    attributes = {
        "transport": transport,
        "socket": socket,
        "name": None if name is None else host,
        "port": port if colon else None,
    }
    return element("host", attributes, empty=False)
