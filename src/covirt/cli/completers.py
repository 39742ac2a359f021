# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where the candidates for values come from, by the name that a declaration gives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.cli.event_texts import TEXTS
from covirt.cli.parse import Invocation
from covirt.errors import Error

if TYPE_CHECKING:
    from covirt.cli.shell import Shell
    from covirt.client.objects_generated import Domain

Completer = Callable[["Shell", Invocation], Awaitable[list[str]]]


def fixed(*values: str) -> Completer:
    """Always the same candidates."""

    async def complete(shell: Shell, invocation: Invocation) -> list[str]:
        return list(values)

    return complete


async def domain_names(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of domains that the command can be about."""
    only = invocation.last.only if invocation.last else None
    which = ConnectListAllDomainsFlags[only] if only else ConnectListAllDomainsFlags(0)
    return sorted(domain.name for domain in await shell.conn.list_all_domains(which))


async def help_words(shell: Shell, invocation: Invocation) -> list[str]:
    """Commands and groups."""
    return list(shell.commands.names())


async def domain_consoles(shell: Shell, invocation: Invocation) -> list[str]:
    """Aliases of character devices."""
    return await _aliases(shell, invocation, ("console", "serial", "parallel", "channel"))


async def domain_disks(shell: Shell, invocation: Invocation) -> list[str]:
    """Targets of a domain's disks."""
    domain = await _domain(shell, invocation)
    if domain is None:
        return []
    targets = ElementTree.fromstring(await domain.xml_desc()).iterfind("devices/disk/target")
    return [target.get("dev", "") for target in targets]


async def architectures(shell: Shell, invocation: Invocation) -> list[str]:
    """Architectures that the hypervisor has guests for."""
    found = ElementTree.fromstring(await shell.conn.get_capabilities()).iterfind("guest/arch")
    return sorted({arch.get("name", "") for arch in found})


async def domain_events(shell: Shell, invocation: Invocation) -> list[str]:
    """Names of events."""
    return [name for name, _ in TEXTS.values()]


async def _aliases(shell: Shell, invocation: Invocation, kinds: Iterable[str]) -> list[str]:
    domain = await _domain(shell, invocation)
    if domain is None:
        return []
    devices = ElementTree.fromstring(await domain.xml_desc()).find("devices")
    found = [] if devices is None else [alias for kind in kinds for alias in devices.iterfind(f"{kind}/alias")]
    return [alias.get("name", "") for alias in found]


async def _domain(shell: Shell, invocation: Invocation) -> Domain | None:
    try:
        return await shell.conn.lookup_by_name(str(invocation.given.get("domain", "")))
    except Error:
        return None


COMPLETERS: dict[str, Completer] = {
    "domain-name": domain_names,
    "domain-undefine-storage-disks": domain_disks,
    "domain-event-name": domain_events,
    "arch": architectures,
    "domain-shutdown-mode": fixed("acpi", "agent", "initctl", "signal", "paravirt"),
    "domain-console": domain_consoles,
    "domain-virt-type": fixed("qemu", "kvm", "xen", "lxc", "hvf", "test"),
    "help-command": help_words,
}
