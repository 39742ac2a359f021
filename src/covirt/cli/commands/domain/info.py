# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a domain is and how it does."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, TypeVar

from covirt.cli.command import command
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.states import reason_text, state_text
from covirt.cli.vocabulary import TheDomain
from covirt.client.objects_generated import Domain
from covirt.errors import Error, NoSupport

UNLIMITED = 2**32 - 1

T = TypeVar("T")


async def known(answer: Awaitable[T]) -> T | None:
    """An answer, or nothing when there is none."""
    try:
        return await answer
    except Error:
        return None


@command()
async def dominfo(shell: Shell, *, domain: TheDomain) -> None:
    """print the basics of a domain"""
    shell.output.fields([("Id", domain.id if domain.id >= 0 else "-"), ("Name", domain.name), ("UUID", domain.uuid)])
    if (os_type := await known(domain.os_type())) is not None:
        shell.output.fields([("OS Type", os_type)])
    await _print_numbers(shell, domain)
    persistent = await known(domain.is_persistent())
    shell.output.fields([("Persistent", yes_no(persistent))])
    for name, answer in (("Autostart", domain.autostart()), ("Autostart Once", domain.autostart_once())):
        if (enabled := await known(answer)) is not None:
            shell.output.fields([(name, "enable" if enabled else "disable")])
    saved = await known(domain.has_managed_save_image())
    shell.output.fields([("Managed save", yes_no(saved))])
    await _print_security(shell, domain)
    messages = await known(domain.messages()) or []
    shell.output.fields([("Messages", messages[0])] if messages else [])
    shell.output.fields([("", message) for message in messages[1:]], mark="")


def yes_no(answer: bool | None) -> str:
    """An answer in words; there may be none."""
    return {True: "yes", False: "no", None: "unknown"}[answer]


async def _print_numbers(shell: Shell, domain: Domain) -> None:
    info = await domain.info()
    shell.output.fields([("State", state_text(info.state)), ("CPU(s)", info.nr_virt_cpu)])
    if info.cpu_time:
        shell.output.fields([("CPU time", f"{info.cpu_time / 1e9:.1f}s")])
    most = "no limit" if info.max_mem == UNLIMITED else f"{info.max_mem} KiB"
    shell.output.fields([("Max memory", most), ("Used memory", f"{info.memory} KiB")])


async def _print_security(shell: Shell, domain: Domain) -> None:
    try:
        model = await shell.conn.get_security_model()
    except NoSupport:
        return
    if not model.model:
        return
    shell.output.fields([("Security model", model.model), ("Security DOI", model.doi)])
    label = await domain.security_label()
    if label.label:
        mode = "enforcing" if label.enforcing else "permissive"
        shell.output.fields([("Security label", f"{label.label} ({mode})")])


@command()
async def domstate(shell: Shell, *, domain: TheDomain, reason: Annotated[bool, Say("say why, too")] = False) -> None:
    """print the state of a domain"""
    state = await domain.state()
    text = state_text(state.state)
    shell.output.line(f"{text} ({reason_text(state.state, state.reason)})" if reason else text)
