# SPDX-License-Identifier: LGPL-2.1-or-later
"""Listing domains."""

from __future__ import annotations

import asyncio
from typing import Annotated

from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.api.domain.metadata import DomainMetadataType
from covirt.cli.choose import flags
from covirt.cli.command import Exclusive, command
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.states import state_text
from covirt.cli.table import Table
from covirt.client.objects_generated import Domain
from covirt.errors import Error, NoSuchDomainMetadata

SHUT_OFF = 5


@command(Exclusive("table", "name"), Exclusive("table", "id"), name="list")
async def list_(
    shell: Shell,
    *,
    inactive: Annotated[bool, Say("those that do not run")] = False,
    all: Annotated[bool, Say("those that run and those that do not")] = False,
    transient: Annotated[bool, Say("those without a definition that stays")] = False,
    persistent: Annotated[bool, Say("those with a definition that stays")] = False,
    with_snapshot: Annotated[bool, Say("those with snapshots")] = False,
    without_snapshot: Annotated[bool, Say("those without snapshots")] = False,
    with_checkpoint: Annotated[bool, Say("those with checkpoints")] = False,
    without_checkpoint: Annotated[bool, Say("those without checkpoints")] = False,
    state_running: Annotated[bool, Say("those that run")] = False,
    state_paused: Annotated[bool, Say("those that are paused")] = False,
    state_shutoff: Annotated[bool, Say("those that are shut off")] = False,
    state_other: Annotated[bool, Say("those in another state")] = False,
    autostart: Annotated[bool, Say("those that start with the host")] = False,
    no_autostart: Annotated[bool, Say("those that do not start with the host")] = False,
    with_managed_save: Annotated[bool, Say("those with a managed save")] = False,
    without_managed_save: Annotated[bool, Say("those without a managed save")] = False,
    uuid: Annotated[bool, Say("print UUIDs")] = False,
    name: Annotated[bool, Say("print names")] = False,
    id: Annotated[bool, Say("print ids")] = False,
    table: Annotated[bool, Say("print a table; that is the usual form")] = False,
    managed_save: Annotated[bool, Say("show which ones have a managed save")] = False,
    title: Annotated[bool, Say("show titles")] = False,
) -> None:
    """list domains

    Those that run, unless something else is asked for.
    """
    chosen = flags(
        ConnectListAllDomainsFlags,
        ACTIVE=all or not (inactive or state_shutoff),
        INACTIVE=all or inactive or state_shutoff,
        PERSISTENT=persistent,
        TRANSIENT=transient,
        MANAGEDSAVE=with_managed_save,
        NO_MANAGEDSAVE=without_managed_save,
        AUTOSTART=autostart,
        NO_AUTOSTART=no_autostart,
        HAS_SNAPSHOT=with_snapshot,
        NO_SNAPSHOT=without_snapshot,
        HAS_CHECKPOINT=with_checkpoint,
        NO_CHECKPOINT=without_checkpoint,
        RUNNING=state_running,
        PAUSED=state_paused,
        SHUTOFF=state_shutoff,
        OTHER=state_other,
    )
    domains = sorted(await shell.conn.list_all_domains(chosen), key=order)
    if table or not (uuid or name or id):
        await _print_table(shell, domains, title=title, uuid=uuid, managed_save=managed_save)
    else:
        _print_columns(shell, domains, uuid=uuid, id=id, name=name)


def order(domain: Domain) -> tuple[bool, int, str]:
    """Running domains by their id, then the others by name."""
    return domain.id < 0, domain.id, domain.name.lower()


async def _print_table(shell: Shell, domains: list[Domain], *, title: bool, uuid: bool, managed_save: bool) -> None:
    shown = Table("Id", "Name", "State", *(["Title"] if title else []), *(["UUID"] if uuid else []))
    states = await asyncio.gather(*(_state(domain, managed_save) for domain in domains))
    for domain, state in zip(domains, states, strict=True):
        if state is not None:
            extra = [*([await title_of(domain)] if title else []), *([str(domain.uuid)] if uuid else [])]
            shown.append(str(domain.id) if domain.id >= 0 else "-", domain.name, state, *extra)
    shell.output.table(shown)


async def _state(domain: Domain, managed_save: bool) -> str | None:
    """The word for a domain's state; nothing when it has gone away meanwhile."""
    try:
        state = (await domain.state()).state
        if managed_save and state == SHUT_OFF and await domain.has_managed_save_image():
            return "saved"
    except Error:
        return None
    return state_text(state)


async def title_of(domain: Domain) -> str:
    """The domain's title, empty when it has none."""
    try:
        return await domain.metadata(DomainMetadataType.TITLE, None)
    except NoSuchDomainMetadata:
        return ""


def _print_columns(shell: Shell, domains: list[Domain], *, uuid: bool, id: bool, name: bool) -> None:
    for domain in domains:
        if domain.id < 0 and not uuid and not name:
            continue
        number = str(domain.id) if domain.id >= 0 else "-"
        columns = [(uuid, str(domain.uuid)), (id, number), (name, domain.name)]
        shell.output.line(" ".join(text for wanted, text in columns if wanted))
