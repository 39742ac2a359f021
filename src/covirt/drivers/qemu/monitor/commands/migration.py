# SPDX-License-Identifier: LGPL-2.1-or-later
"""Migration, and launch secrets of encrypted guests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from covirt.drivers.qemu.monitor.commands.base import Execute, Record, given, record, records, text


async def migrate(qemu: Execute, uri: str, *, resume: bool = False) -> None:
    """Begin to migrate; events and `migration` tell how it goes."""
    await qemu("migrate", {"detach": True, "resume": resume, "uri": uri})


async def migration(qemu: Execute) -> Record:
    """How the migration goes, in QEMU's terms; an empty object before any."""
    return record(await qemu("query-migrate"), "query-migrate")


async def cancel(qemu: Execute) -> None:
    """Give the migration up."""
    await qemu("migrate_cancel")


async def receive(qemu: Execute, uri: str, *, exit_on_error: bool | None = None) -> None:
    """Wait for a guest to come."""
    await qemu("migrate-incoming", given(uri=uri, exit_on_error=exit_on_error))


async def start_post_copy(qemu: Execute) -> None:
    """Let the guest run on the other side before all its memory is there."""
    await qemu("migrate-start-postcopy")


async def proceed(qemu: Execute, state: str) -> None:
    """Go on from a state in which the migration waits for us."""
    await qemu("migrate-continue", {"state": state})


async def recover(qemu: Execute, uri: str) -> None:
    """Listen anew for a migration whose connection broke after the guest had moved."""
    await qemu("migrate-recover", {"uri": uri})


async def capabilities(qemu: Execute) -> dict[str, bool]:
    """What migration can do, and whether it is asked to."""
    command = "query-migrate-capabilities"
    entries = records(await qemu(command), command)
    missing = "missing migration capability name"
    return {text(entry, "capability", missing): entry.get("state") is True for entry in entries}


async def set_capabilities(qemu: Execute, wanted: Mapping[str, bool]) -> None:
    """Say what migration shall do."""
    entries = [{"capability": name, "state": state} for name, state in wanted.items()]
    await qemu("migrate-set-capabilities", {"capabilities": entries})


async def parameters(qemu: Execute) -> Record:
    """The parameters of migration."""
    return record(await qemu("query-migrate-parameters"), "query-migrate-parameters")


async def set_parameters(qemu: Execute, wanted: Mapping[str, Any]) -> None:
    """Change parameters of migration."""
    if wanted:
        await qemu("migrate-set-parameters", wanted)


async def inject_launch_secret(qemu: Execute, header: str, secret: str, address: int | None = None) -> None:
    """Give an encrypted guest its secret before it starts."""
    await qemu("sev-inject-launch-secret", given(packet_header=header, secret=secret, gpa=address))
