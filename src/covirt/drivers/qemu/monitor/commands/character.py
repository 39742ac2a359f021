# SPDX-License-Identifier: LGPL-2.1-or-later
"""Character devices' back ends and network back ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from covirt.drivers.qemu.monitor.commands.base import Execute, optional_text, record, records, text
from covirt.drivers.qemu.monitor.errors import UnexpectedReply


@dataclass(frozen=True, slots=True)
class CharacterDevice:
    """A back end; whether the guest has its side open is not always known."""

    pty: str | None
    open: bool | None


async def character_devices(qemu: Execute) -> dict[str, CharacterDevice]:
    """The back ends by name."""
    found: dict[str, CharacterDevice] = {}
    for entry in records(await qemu("query-chardev"), "query-chardev"):
        alias = text(entry, "label", "character device information was missing label")
        file = text(entry, "filename", "character device information was missing filename")
        opened = entry.get("frontend-open")
        found[alias] = CharacterDevice(
            pty=file.removeprefix("pty:") if file.startswith("pty:") else None,
            open=opened if isinstance(opened, bool) else None,
        )
    return found


async def add_character_device(qemu: Execute, alias: str, backend: Mapping[str, object]) -> str | None:
    """Make a back end, and give the terminal that QEMU has opened for it, if it is one."""
    reply = record(await qemu("chardev-add", {"id": alias, "backend": backend}), "chardev-add")
    pty = optional_text(reply, "pty")
    if backend.get("type") == "pty" and pty is None:
        raise UnexpectedReply("chardev-add reply was missing pty path")
    return pty


async def remove_character_device(qemu: Execute, alias: str) -> None:
    """Remove a back end."""
    await qemu("chardev-remove", {"id": alias})


async def add_network(qemu: Execute, properties: Mapping[str, object]) -> None:
    """Make a network back end."""
    await qemu("netdev_add", properties)


async def remove_network(qemu: Execute, alias: str) -> None:
    """Remove a network back end."""
    await qemu("netdev_del", {"id": alias})


async def set_link(qemu: Execute, alias: str, *, up: bool) -> None:
    """Plug the cable in or out."""
    await qemu("set_link", {"name": alias, "up": up})
