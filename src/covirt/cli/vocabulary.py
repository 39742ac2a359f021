# SPDX-License-Identifier: LGPL-2.1-or-later
"""Options that many commands share, and how the objects they name are found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from covirt.cli.failure import CommandFailed
from covirt.cli.option import Option, Say
from covirt.cli.settings import Level
from covirt.client.objects_generated import Domain, Network, StoragePool
from covirt.errors import Error
from covirt.values import Uuid

if TYPE_CHECKING:
    from covirt.cli.shell import Shell

ID_MAX = 2**31 - 1


async def find_domain(shell: Shell, option: Option, text: str) -> Domain:
    """A domain by its id, UUID or name, tried in this order."""
    shell.explain(f"found option <{option.name}>: {text}")
    number = text.strip()
    if number.isascii() and number.removeprefix("+").isdigit() and int(number) <= ID_MAX:
        shell.explain(f"<{option.name}> looks like ID", Level.DEBUG)
        try:
            return await shell.conn.lookup_by_id(int(number))
        except Error:
            pass
    return await _by_uuid_or_name(shell, option, text)


async def find_domain_by_name(shell: Shell, option: Option, text: str) -> Domain:
    """A domain by its UUID or name; an id means nothing to a command about domains that do not run."""
    shell.explain(f"found option <{option.name}>: {text}")
    return await _by_uuid_or_name(shell, option, text)


async def _by_uuid_or_name(shell: Shell, option: Option, text: str) -> Domain:
    if uuid := as_uuid(text):
        shell.explain(f"<{option.name}> trying as domain UUID", Level.DEBUG)
        try:
            return await shell.conn.lookup_by_uuid(uuid)
        except Error:
            pass
    shell.explain(f"<{option.name}> trying as domain NAME", Level.DEBUG)
    try:
        return await shell.conn.lookup_by_name(text)
    except Error as error:
        raise CommandFailed(f"failed to get domain '{text}'") from error


async def find_pool(shell: Shell, option: Option, text: str) -> StoragePool:
    """A storage pool by its UUID or name."""
    shell.explain(f"found option <{option.name}>: {text}")
    if uuid := as_uuid(text):
        try:
            return await shell.conn.storage_pool_lookup_by_uuid(uuid)
        except Error:
            pass
    try:
        return await shell.conn.storage_pool_lookup_by_name(text)
    except Error as error:
        raise CommandFailed(f"failed to get pool '{text}'", error) from error


async def find_pool_by_name(shell: Shell, option: Option, text: str) -> StoragePool:
    """A storage pool by its name; its UUID is what is asked for."""
    try:
        return await shell.conn.storage_pool_lookup_by_name(text)
    except Error as error:
        raise CommandFailed(f"failed to get pool '{text}'", error) from error


async def find_network(shell: Shell, option: Option, text: str) -> Network:
    """A network by its UUID or name."""
    shell.explain(f"found option <{option.name}>: {text}")
    if uuid := as_uuid(text):
        try:
            return await shell.conn.network_lookup_by_uuid(uuid)
        except Error:
            pass
    try:
        return await shell.conn.network_lookup_by_name(text)
    except Error as error:
        raise CommandFailed(f"failed to get network '{text}'", error) from error


def as_uuid(text: str) -> Uuid | None:
    """The UUID that a text is, if it is one."""
    if len(text) != 36:
        return None
    try:
        return Uuid.parse(text)
    except Error:
        return None


def read_file(name: str, text: str) -> str:
    """What stands in the file that an option names."""
    try:
        return Path(text).read_text()
    except OSError as error:
        raise CommandFailed(f"Failed to open file '{text}': {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandFailed(f"file '{text}' is not text in UTF-8") from error


DOMAIN_HELP = "name, id or UUID of the domain"

TheDomain = Annotated[Domain, Say(DOMAIN_HELP, positional=True, complete="domain-name", find=find_domain)]
ActiveDomain = Annotated[
    Domain, Say(DOMAIN_HELP, positional=True, complete="domain-name", only="ACTIVE", find=find_domain)
]
RunningDomain = Annotated[
    Domain, Say(DOMAIN_HELP, positional=True, complete="domain-name", only="RUNNING", find=find_domain)
]
PausedDomain = Annotated[
    Domain, Say(DOMAIN_HELP, positional=True, complete="domain-name", only="PAUSED", find=find_domain)
]
InactiveDomain = Annotated[
    Domain, Say(DOMAIN_HELP, positional=True, complete="domain-name", only="INACTIVE", find=find_domain)
]
PersistentDomain = Annotated[
    Domain, Say(DOMAIN_HELP, positional=True, complete="domain-name", only="PERSISTENT", find=find_domain)
]
SavedDomain = Annotated[
    Domain, Say(DOMAIN_HELP, positional=True, complete="domain-name", only="MANAGEDSAVE", find=find_domain)
]
StoppedDomain = Annotated[
    Domain,
    Say(
        "name or UUID of the domain", positional=True, complete="domain-name", only="SHUTOFF", find=find_domain_by_name
    ),
]
File = Annotated[str, Say("file with the description as XML", positional=True, complete="path-local-existing")]
Persistent = Annotated[bool, Say("let the change live on at the next boot")]
Config = Annotated[bool, Say("change what the next boot will find")]
Live = Annotated[bool, Say("change the running domain")]
Current = Annotated[bool, Say("change what the domain's state suggests")]
StartPaused = Annotated[bool, Say("leave the domain paused")]
StartRunning = Annotated[bool, Say("let the domain run")]
BypassCache = Annotated[bool, Say("keep the file out of the host's page cache")]
Verbose = Annotated[bool, Say("show how far it is")]
Xpath = Annotated[str | None, Say("print only what this XPath expression finds")]
Wrap = Annotated[bool, Say("put what was found below one element")]
PassFds = Annotated[str | None, Say("numbers of open files to hand over, with commas", unwanted_positional=True)]
DomainWithSnapshots = Annotated[
    Domain, Say(DOMAIN_HELP, positional=True, complete="domain-name", only="HAS_SNAPSHOT", find=find_domain)
]
DomainWithCheckpoints = Annotated[
    Domain, Say(DOMAIN_HELP, positional=True, complete="domain-name", only="HAS_CHECKPOINT", find=find_domain)
]
POOL_HELP = "name or UUID of the storage pool"
ThePool = Annotated[StoragePool, Say(POOL_HELP, positional=True, complete="storage-pool-name", find=find_pool)]
ActivePool = Annotated[
    StoragePool, Say(POOL_HELP, positional=True, complete="storage-pool-name", only="ACTIVE", find=find_pool)
]
InactivePool = Annotated[
    StoragePool, Say(POOL_HELP, positional=True, complete="storage-pool-name", only="INACTIVE", find=find_pool)
]
PersistentPool = Annotated[
    StoragePool, Say(POOL_HELP, positional=True, complete="storage-pool-name", only="PERSISTENT", find=find_pool)
]
NETWORK_HELP = "name or UUID of the network"
TheNetwork = Annotated[Network, Say(NETWORK_HELP, positional=True, complete="network-name", find=find_network)]
ActiveNetwork = Annotated[
    Network, Say(NETWORK_HELP, positional=True, complete="network-name", only="ACTIVE", find=find_network)
]
InactiveNetwork = Annotated[
    Network, Say(NETWORK_HELP, positional=True, complete="network-name", only="INACTIVE", find=find_network)
]
PersistentNetwork = Annotated[
    Network, Say(NETWORK_HELP, positional=True, complete="network-name", only="PERSISTENT", find=find_network)
]
NetworkByUuid = Annotated[Network, Say(NETWORK_HELP, positional=True, complete="network-uuid", find=find_network)]
