# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checking documents without a connection."""

from __future__ import annotations

import dataclasses
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

from covirt.cli.command import Exclusive, command
from covirt.cli.failure import CommandFailed
from covirt.cli.option import Say
from covirt.cli.shell import Shell


@command(Exclusive("emulator", "no-emulator"), connects=False)
async def lint(
    shell: Shell,
    *,
    file: Annotated[list[str], Say("files with XML documents", positional=True, complete="path-local-existing")],
    strict: Annotated[bool, Say("what is unknown is an error, not a warning")] = False,
    emulator: Annotated[str | None, Say("QEMU binary to check guests against, whatever they name")] = None,
    no_emulator: Annotated[bool, Say("do not ask QEMU what it can do")] = False,
) -> None:
    """check documents

    Say all that is wrong with domains, networks, pools, volumes, secrets, node devices, interfaces, snapshots and
    checkpoints, without a connection. Guests of QEMU are also checked against the emulator, when it is installed.
    """
    # Only this command knows documents, so that all others start without loading them.
    from covirt.lint import Severity, qemu_of_this_host
    from covirt.lint import lint as look

    rows = []
    async with AsyncExitStack() as stack:
        emulators = None if no_emulator else await stack.enter_async_context(qemu_of_this_host(emulator))
        for name in file:
            found = await look(_read(name), strict=strict, emulators=emulators, name=name)
            rows += [(name, finding) for finding in found]
    shell.output.records((f"{name}:{found}", {"file": name, **dataclasses.asdict(found)}) for name, found in rows)
    if any(found.severity is Severity.ERROR for _name, found in rows):
        raise CommandFailed


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandFailed(f"cannot read {name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandFailed(f"cannot read {name}: it is not UTF-8") from error
