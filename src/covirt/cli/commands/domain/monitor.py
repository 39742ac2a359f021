# SPDX-License-Identifier: LGPL-2.1-or-later
"""Words with the hypervisor of one domain."""

from __future__ import annotations

import json
from typing import Annotated

from covirt.api.qemu import DomainQemuMonitorCommandFlags
from covirt.cli.choose import flags, passed_fds
from covirt.cli.command import Exclusive, command
from covirt.cli.failure import CommandFailed
from covirt.cli.option import Say
from covirt.cli.shell import Shell
from covirt.cli.vocabulary import ActiveDomain


@command(Exclusive("hmp", "pretty"), Exclusive("hmp", "return-value"))
async def qemu_monitor_command(
    shell: Shell,
    *,
    domain: ActiveDomain,
    hmp: Annotated[bool, Say("in the language for people")] = False,
    pretty: Annotated[bool, Say("indent the answer")] = False,
    return_value: Annotated[bool, Say("print only what the answer returns")] = False,
    pass_fds: Annotated[str | None, Say("numbers of open files to hand over, with commas")] = None,
    cmd: Annotated[list[str], Say("the command", positional=True)],
) -> None:
    """give QEMU's monitor a command"""
    text = " ".join(cmd) if hmp else as_qmp(cmd)
    chosen = flags(DomainQemuMonitorCommandFlags, HMP=hmp)
    if pass_fds is None:
        answer = await domain.qemu_monitor_command(text, chosen)
    else:
        answer, _ = await domain.qemu_monitor_command_with_files(text, chosen, fds=passed_fds(pass_fds))
    shell.output.line(readable(answer, pretty=pretty, return_value=return_value))


def as_qmp(words: list[str]) -> str:
    """A command that is JSON already, or its name with arguments as JSON behind it."""
    text = " ".join(words)
    if text.lstrip().startswith("{"):
        return text
    name, *rest = words
    command: dict[str, object] = {"execute": name}
    if rest:
        command["arguments"] = _arguments(rest)
    return json.dumps(command)


def _arguments(words: list[str]) -> object:
    """Arguments as one JSON object, or as members of one, a word each."""
    whole = " ".join(words)
    for text in (whole, "{" + ",".join(words) + "}"):
        try:
            found = json.loads(text)
        except json.JSONDecodeError:
            continue
        if isinstance(found, dict):
            return found
    raise CommandFailed(f"failed to wrap arguments '{whole}' into a QMP command wrapper")


def readable(answer: str, *, pretty: bool, return_value: bool) -> str:
    """The answer as it was asked for."""
    if not (pretty or return_value):
        return answer
    try:
        document = json.loads(answer)
    except json.JSONDecodeError:
        if return_value:
            raise CommandFailed("failed to parse JSON returned by qemu") from None
        return answer
    if return_value:
        if not isinstance(document, dict) or "return" not in document:
            raise CommandFailed("'return' member missing")
        document = document["return"]
    return json.dumps(document, indent=2 if pretty else None, separators=None if pretty else (",", ":"))
