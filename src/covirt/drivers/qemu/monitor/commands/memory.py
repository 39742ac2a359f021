# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guest's memory: balloon, saving parts of it, dumps."""

from __future__ import annotations

from dataclasses import dataclass

from covirt.drivers.qemu.monitor.commands.base import Execute, given, number, optional_number, record
from covirt.drivers.qemu.monitor.errors import CommandFailed
from covirt.errors import ErrorDomain, OperationInvalid

_KIB = 1024
_NOT_COLLECTED = (-1, 2**64 - 1)


async def balloon(qemu: Execute) -> int | None:
    """The memory in KiB that the balloon leaves to the guest; None without a balloon."""
    try:
        reply = record(await qemu("query-balloon"), "query-balloon")
    except CommandFailed as error:
        if error.qemu_class in ("DeviceNotActive", "KVMMissingCap"):
            return None
        raise
    return number(reply, "actual", "info balloon reply was missing balloon data") // _KIB


async def set_balloon(qemu: Execute, kib: int) -> bool:
    """Ask the balloon for a size in KiB; False without a balloon."""
    try:
        await qemu("balloon", {"value": kib * _KIB})
    except CommandFailed as error:
        if error.qemu_class in ("DeviceNotActive", "KVMMissingCap"):
            return False
        raise
    return True


# The guest's names, libvirt's names, and what turns one into the other.
_STATISTICS = {
    "stat-swap-in": ("swap_in", _KIB),
    "stat-swap-out": ("swap_out", _KIB),
    "stat-major-faults": ("major_fault", 1),
    "stat-minor-faults": ("minor_fault", 1),
    "stat-free-memory": ("unused", _KIB),
    "stat-total-memory": ("available", _KIB),
    "stat-available-memory": ("usable", _KIB),
    "last-update": ("last_update", 1),
    "stat-disk-caches": ("disk_caches", _KIB),
    "stat-htlb-pgalloc": ("hugetlb_pgalloc", 1),
    "stat-htlb-pgfail": ("hugetlb_pgfail", 1),
}


async def statistics(qemu: Execute, balloon_path: str) -> dict[str, int]:
    """What the guest told the balloon last, by libvirt's names and in KiB."""
    try:
        reply = record(await qemu("qom-get", {"path": balloon_path, "property": "guest-stats"}), "qom-get")
    except CommandFailed as error:
        if error.description == "guest hasn't updated any stats yet":
            raise OperationInvalid("the guest hasn't updated any stats yet", domain=ErrorDomain.QEMU) from None
        raise
    values = {"last-update": reply.get("last-update"), **record(reply.get("stats", {}), "qom-get")}
    found: dict[str, int] = {}
    for name, (ours, divisor) in _STATISTICS.items():
        value = optional_number(values, name)
        if value is not None and value not in _NOT_COLLECTED:
            found[ours] = value // divisor
    return found


async def set_statistics_period(qemu: Execute, balloon_path: str, seconds: int) -> None:
    """Say how often the balloon asks the guest."""
    name = "guest-stats-polling-interval"
    await qemu("qom-set", {"path": balloon_path, "property": name, "value": seconds})


async def save_virtual_memory(qemu: Execute, offset: int, size: int, path: str) -> None:
    """Write a part of the memory, as the CPU sees it, to a file."""
    await qemu("memsave", {"val": offset, "size": size, "filename": path})


async def save_physical_memory(qemu: Execute, offset: int, size: int, path: str) -> None:
    """Write a part of the physical memory to a file."""
    await qemu("pmemsave", {"val": offset, "size": size, "filename": path})


async def dump(qemu: Execute, protocol: str, *, format: str | None = None, detach: bool = False) -> None:
    """Write all memory for a debugger; detached, DUMP_COMPLETED tells the end."""
    arguments = given(paging=False, protocol=protocol, format=format, detach=detach or None)
    await qemu("dump-guest-memory", arguments)


async def can_dump(qemu: Execute, format: str) -> bool:
    """Whether dumps can have this format."""
    command = "query-dump-guest-memory-capability"
    formats = record(await qemu(command), command).get("formats")
    return isinstance(formats, list) and format in formats


@dataclass(frozen=True, slots=True)
class DumpProgress:
    """How far a dump has come, in bytes."""

    status: str
    completed: int
    total: int


async def dump_progress(qemu: Execute) -> DumpProgress:
    """How far the dump has come."""
    reply = record(await qemu("query-dump"), "query-dump")
    missing = "incomplete result, failed to get {}"
    return DumpProgress(
        status=str(reply.get("status")),
        completed=number(reply, "completed", missing.format("completed")),
        total=number(reply, "total", missing.format("total")),
    )
