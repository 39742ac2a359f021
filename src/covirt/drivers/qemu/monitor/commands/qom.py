# SPDX-License-Identifier: LGPL-2.1-or-later
"""Objects and devices inside QEMU: made, removed, and their properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from covirt.drivers.qemu.monitor.commands.base import Execute, optional_text, records, text


@dataclass(frozen=True, slots=True)
class Member:
    """Something that an object has: a property, a child, a link."""

    name: str
    type: str | None


async def members(qemu: Execute, path: str) -> list[Member]:
    """What an object has."""
    reply = records(await qemu("qom-list", {"path": path}), "qom-list")
    missing = "qom-list reply data was missing 'name'"
    return [Member(text(entry, "name", missing), optional_text(entry, "type")) for entry in reply]


async def get_property(qemu: Execute, path: str, name: str) -> Any:
    """The value of a property."""
    return await qemu("qom-get", {"path": path, "property": name})


async def set_property(qemu: Execute, path: str, name: str, value: object) -> None:
    """Change a property."""
    await qemu("qom-set", {"path": path, "property": name, "value": value})


async def add_device(qemu: Execute, properties: Mapping[str, object]) -> None:
    """Plug a device."""
    await qemu("device_add", properties)


async def remove_device(qemu: Execute, alias: str) -> None:
    """Ask the guest to let a device go; DEVICE_DELETED tells when it has."""
    await qemu("device_del", {"id": alias})


async def add_object(qemu: Execute, properties: Mapping[str, object]) -> None:
    """Make an object."""
    await qemu("object-add", properties)


async def remove_object(qemu: Execute, alias: str) -> None:
    """Remove an object."""
    await qemu("object-del", {"id": alias})


async def device_aliases(qemu: Execute) -> list[str]:
    """The names of the devices that were plugged by us."""
    found = await members(qemu, "/machine/peripheral")
    return [member.name for member in found if member.type is not None and member.type.startswith("child")]
