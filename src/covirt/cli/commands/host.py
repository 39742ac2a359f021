# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host and its hypervisor."""

from __future__ import annotations

from typing import Annotated

from covirt.api.connect.host import ConnectGetDomainCapabilitiesFlags
from covirt.cli.choose import flags
from covirt.cli.command import command
from covirt.cli.failure import failing
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.vocabulary import Wrap, Xpath
from covirt.cli.xpath import print_xml

LIBRARY = 11_003_000
"""The version of libvirt whose API we have."""

FIELD = 20


@command()
async def capabilities(shell: Shell, *, xpath: Xpath = None, wrap: Wrap = False) -> None:
    """print what the host is and which guests it can run"""
    with failing("failed to get capabilities"):
        text = await shell.conn.get_capabilities()
    print_xml(shell.output, text, xpath, wrap)


@command()
async def domcapabilities(
    shell: Shell,
    *,
    virttype: Annotated[
        str | None, Say("kind of hypervisor: qemu, kvm, ...", unwanted_positional=True, complete="domain-virt-type")
    ] = None,
    emulatorbin: Annotated[str | None, Say("path of the emulator", unwanted_positional=True)] = None,
    arch: Annotated[str | None, Say("architecture of the guest", unwanted_positional=True, complete="arch")] = None,
    machine: Annotated[str | None, Say("machine type of the guest", unwanted_positional=True)] = None,
    xpath: Xpath = None,
    wrap: Wrap = False,
    disable_deprecated_features: Annotated[bool, Say("show the host's model without what it should not use")] = False,
) -> None:
    """print what guests of a kind can have"""
    chosen = flags(ConnectGetDomainCapabilitiesFlags, DISABLE_DEPRECATED_FEATURES=disable_deprecated_features)
    with failing("failed to get emulator capabilities"):
        text = await shell.conn.get_domain_capabilities(emulatorbin, arch, machine, virttype, chosen)
    print_xml(shell.output, text, xpath, wrap)


@command()
async def hostname(shell: Shell) -> None:
    """print the name of the hypervisor's host"""
    with failing("failed to get hostname"):
        shell.output.line(await shell.conn.get_hostname())


@command()
async def nodeinfo(shell: Shell) -> None:
    """print the processors and the memory of the host"""
    with failing("failed to get node information"):
        info = await shell.conn.get_info()
    shell.output.fields(
        [
            ("CPU model", info.model),
            ("CPU(s)", info.cpus),
            ("CPU frequency", f"{info.mhz} MHz"),
            ("CPU socket(s)", info.sockets),
            ("Core(s) per socket", info.cores),
            ("Thread(s) per core", info.threads),
            ("NUMA cell(s)", info.nodes),
            ("Memory size", f"{info.memory} KiB"),
        ],
        width=FIELD,
    )


@command()
async def sysinfo(shell: Shell) -> None:
    """print the firmware tables of the host"""
    with failing("failed to get sysinfo"):
        shell.output.write(await shell.conn.get_sysinfo())


@command()
async def uri(shell: Shell) -> None:
    """print the URI of the hypervisor"""
    with failing("failed to get URI"):
        shell.output.line(await shell.conn.get_uri())


@command()
async def version(shell: Shell, *, daemon: Annotated[bool, Say("ask for the daemon's version, too")] = False) -> None:
    """print versions of the API, the hypervisor and the daemon"""
    with failing("failed to get hypervisor type"):
        kind = await shell.conn.get_type()
    shell.output.line(f"Compiled against library: libvirt {dotted(LIBRARY)}")
    shell.output.line(f"Using library: libvirt {dotted(LIBRARY)}")
    shell.output.line(f"Using API: {kind} {dotted(LIBRARY)}")
    with failing("failed to get the hypervisor version"):
        running = await shell.conn.get_version()
    if running:
        shell.output.line(f"Running hypervisor: {kind} {dotted(running)}")
    else:
        shell.output.line(f"Cannot extract running {kind} hypervisor version")
    if daemon:
        with failing("failed to get the daemon version"):
            shell.output.line(f"Running against daemon: {dotted(await shell.conn.get_lib_version())}")


def dotted(version: int) -> str:
    """A version number as people write it."""
    return f"{version // 1_000_000}.{version // 1000 % 1000}.{version % 1000}"
