# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guest's file systems and disks, through its agent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from covirt.drivers.qemu.agent.answers import flag, listing, optional_text, text
from covirt.drivers.qemu.agent.client import Agent
from covirt.drivers.qemu.agent.errors import MalformedAnswer


async def freeze(agent: Agent, mount_points: Sequence[str] = ()) -> int:
    """Freeze file systems, all or these, and tell how many are frozen."""
    if mount_points:
        arguments = {"mountpoints": list(mount_points)}
        return _count(await agent.execute("guest-fsfreeze-freeze-list", arguments, within=agent.patience))
    return _count(await agent.execute("guest-fsfreeze-freeze", within=agent.patience))


async def thaw(agent: Agent) -> int:
    """Thaw all file systems, and tell how many were frozen."""
    return _count(await agent.execute("guest-fsfreeze-thaw", within=agent.patience))


async def trim(agent: Agent, minimum: int) -> None:
    """Give unused blocks of all file systems back, in pieces of at least so many bytes."""
    await agent.execute("guest-fstrim", {"minimum": minimum}, within=agent.patience)


def _count(answer: object) -> int:
    if not isinstance(answer, int) or isinstance(answer, bool):
        raise MalformedAnswer("malformed return value")
    return answer


@dataclass(frozen=True, slots=True)
class CcwAddress:
    """Where a disk is on the channel subsystem of s390x."""

    cssid: int
    ssid: int
    devno: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskAddress:
    """Where a disk is, which leads to its name in the domain."""

    bus_type: str | None
    bus: int
    target: int
    unit: int
    pci: tuple[int, int, int, int]
    ccw: CcwAddress | None
    serial: str | None
    device: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSystem:
    """A mounted file system; sizes in bytes, None when the agent is too old to tell."""

    mount_point: str
    name: str
    type: str
    used: int | None
    total: int | None
    disks: tuple[DiskAddress, ...]


async def file_systems(agent: Agent) -> list[FileSystem]:
    """The mounted file systems, in the order they were mounted."""
    answer = await agent.execute("guest-get-fsinfo", within=agent.patience)
    entries = listing(answer, "guest-get-fsinfo reply was missing or not an array")
    # The agent lists the last mount first.
    return [_file_system(entry) for entry in reversed(entries)]


def _file_system(entry: Mapping[str, Any]) -> FileSystem:
    where = "reply of guest-get-fsinfo"
    return FileSystem(
        mount_point=text(entry, "mountpoint", where),
        name=text(entry, "name", where),
        type=text(entry, "type", where),
        used=_size(entry, "used-bytes"),
        total=_size(entry, "total-bytes"),
        disks=tuple(
            _address(disk)
            for disk in listing(entry.get("disk"), "'disk' missing or not an array in reply of guest-get-fsinfo")
        ),
    )


def _size(entry: Mapping[str, Any], name: str) -> int | None:
    if name not in entry:
        return None
    size = entry[name]
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise MalformedAnswer(f"Error getting '{name}' in reply of guest-get-fsinfo")
    return size


def _address(disk: Mapping[str, Any]) -> DiskAddress:
    bus, target, unit = (_part(disk, name) for name in ("bus", "target", "unit"))
    pci = disk.get("pci-controller")
    if not isinstance(pci, Mapping):
        raise MalformedAnswer("'pci-controller' missing")
    domain, pci_bus, slot, function = (_part(pci, name) for name in ("domain", "bus", "slot", "function"))
    ccw = disk.get("ccw-address")
    return DiskAddress(
        bus_type=optional_text(disk, "bus-type"),
        bus=bus,
        target=target,
        unit=unit,
        pci=(domain, pci_bus, slot, function),
        ccw=_ccw(ccw) if isinstance(ccw, Mapping) else None,
        serial=optional_text(disk, "serial"),
        device=optional_text(disk, "dev"),
    )


def _ccw(ccw: Mapping[str, Any]) -> CcwAddress:
    cssid, ssid, devno = (_part(ccw, name) for name in ("cssid", "ssid", "devno"))
    # What the guest calls 0 is 0xfe to the host.
    return CcwAddress(cssid or 0xFE, ssid, devno)


def _part(entry: Mapping[str, Any], name: str) -> int:
    """A part of an address; -1, as an agent gives it for what it does not know, is libvirt's largest number."""
    value = entry.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value not in range(-(2**31), 2**32):
        raise MalformedAnswer(f"'{name}' missing")
    return value & 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A disk or partition of the guest, and the disks it is made of."""

    name: str
    partition: bool
    dependencies: tuple[str, ...]
    alias: str | None
    address: DiskAddress | None


async def disks(agent: Agent) -> list[Disk]:
    """The guest's disks and partitions."""
    answer = await agent.execute("guest-get-disks", within=agent.patience)
    return [_disk(entry) for entry in listing(answer, "qemu agent didn't return an array of disks")]


def _disk(entry: Mapping[str, Any]) -> Disk:
    dependencies, address = entry.get("dependencies"), entry.get("address")
    return Disk(
        name=text(entry, "name", "reply of guest-get-disks"),
        partition=flag(entry, "partition", "guest-get-disks"),
        dependencies=tuple(map(str, dependencies)) if isinstance(dependencies, list) else (),
        alias=optional_text(entry, "alias"),
        address=_address(address) if isinstance(address, Mapping) else None,
    )
