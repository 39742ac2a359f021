# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counters of a guest by groups, as bulk queries want them; what a group needs from QEMU is asked at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from covirt.api.domain.stats import ConnectGetAllDomainStatsFlags, DomainStatsTypes
from covirt.api.domain.stats_names import (
    DomainStatsBalloon,
    DomainStatsBlock,
    DomainStatsCpu,
    DomainStatsIothread,
    DomainStatsNet,
    DomainStatsState,
    DomainStatsVcpu,
)
from covirt.api.domain.vcpu import VcpuState
from covirt.api.params import TypedParams
from covirt.drivers.qemu import disks
from covirt.drivers.qemu.figures import figures
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor.commands import cpus, memory
from covirt.errors import Error, OperationTimeout
from covirt.host.links import Links
from covirt.runtime.jobs import Job

Types = DomainStatsTypes


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom and how to ask."""

    guest: QemuGuest
    links: Links
    flags: ConnectGetAllDomainStatsFlags
    monitor: bool
    """May QEMU be asked?"""


Group = Callable[[Asking], Awaitable[TypedParams]]


async def collect(
    guest: QemuGuest, links: Links, groups: DomainStatsTypes, flags: ConnectGetAllDomainStatsFlags
) -> TypedParams:
    """The counters of a guest; all groups when none is named."""
    wanted = [group for kind, group in GROUPS.items() if not groups or kind in groups]
    if not guest.active:
        return await _gather(Asking(guest, links, flags, monitor=False), wanted)
    patience = 0.0 if ConnectGetAllDomainStatsFlags.NOWAIT in flags else None
    try:
        async with guest.jobs.hold(Job.QUERY, api="virConnectGetAllDomainStats", timeout=patience):
            return await _gather(Asking(guest, links, flags, monitor=guest.run is not None), wanted)
    except OperationTimeout:
        return await _gather(Asking(guest, links, flags, monitor=False), wanted)


async def _gather(asking: Asking, groups: list[Group]) -> TypedParams:
    parts = await asyncio.gather(*(group(asking) for group in groups))
    return TypedParams(entry for part in parts for entry in part.entries)


# The groups


async def _state(asking: Asking) -> TypedParams:
    guest = asking.guest
    return TypedParams.of({DomainStatsState.STATE: int(guest.state), DomainStatsState.REASON: int(guest.reason)})


async def _cpu(asking: Asking) -> TypedParams:
    run = asking.guest.run
    found = figures(run.pid) if run and run.pid else None
    if found is None:
        return TypedParams()
    names = DomainStatsCpu
    return TypedParams.of({names.TIME: found.time, names.USER: found.user, names.SYSTEM: found.system})


_BALLOON = {
    "swap_in": DomainStatsBalloon.SWAP_IN,
    "swap_out": DomainStatsBalloon.SWAP_OUT,
    "major_fault": DomainStatsBalloon.MAJOR_FAULT,
    "minor_fault": DomainStatsBalloon.MINOR_FAULT,
    "unused": DomainStatsBalloon.UNUSED,
    "available": DomainStatsBalloon.AVAILABLE,
    "usable": DomainStatsBalloon.USABLE,
    "last_update": DomainStatsBalloon.LAST_UPDATE,
    "disk_caches": DomainStatsBalloon.DISK_CACHES,
    "hugetlb_pgalloc": DomainStatsBalloon.HUGETLB_PGALLOC,
    "hugetlb_pgfail": DomainStatsBalloon.HUGETLB_PGFAIL,
}


async def _balloon(asking: Asking) -> TypedParams:
    guest = asking.guest
    size, run = guest.definition.memory, guest.run
    made = TypedParams()
    if run is not None:
        made.put(DomainStatsBalloon.CURRENT, size.current)
    made.put(DomainStatsBalloon.MAXIMUM, size.total)
    if not asking.monitor or run is None:
        return made
    for name, value in (await balloon_figures(guest)).items():
        made.put(_BALLOON[name], value)
    found = figures(run.pid)
    if found is not None:
        made.put(DomainStatsBalloon.RSS, found.resident)
    return made


async def balloon_figures(guest: QemuGuest) -> dict[str, int]:
    """What the guest told its balloon; nothing when it tells nothing."""
    balloon = guest.definition.devices.memballoon
    if balloon is None or balloon.model == "none" or not balloon.period:
        return {}
    try:
        return await memory.statistics(guest.monitor, f"/machine/peripheral/{balloon.info.alias}")
    except Error:
        return {}


async def _vcpu(asking: Asking) -> TypedParams:
    guest, run, names = asking.guest, asking.guest.run, DomainStatsVcpu
    vcpus = guest.definition.vcpus
    made = TypedParams.of({names.CURRENT: vcpus.count, names.MAXIMUM: vcpus.maximum})
    if run is None:
        return made
    for number in range(vcpus.maximum):
        thread = run.vcpu_threads.get(number)
        found = figures(run.pid, thread) if thread else None
        if found is None:
            continue
        prefix = f"{names.PREFIX}{number}"
        made.add_int(f"{prefix}{names.SUFFIX_STATE}", VcpuState.RUNNING)
        made.add_ullong(f"{prefix}{names.SUFFIX_TIME}", found.time)
        made.add_ullong(f"{prefix}{names.SUFFIX_WAIT}", 0)
    return made


_NET = (
    (DomainStatsNet.SUFFIX_RX_BYTES, "tx_bytes"),
    (DomainStatsNet.SUFFIX_RX_PKTS, "tx_packets"),
    (DomainStatsNet.SUFFIX_RX_ERRS, "tx_errors"),
    (DomainStatsNet.SUFFIX_RX_DROP, "tx_dropped"),
    (DomainStatsNet.SUFFIX_TX_BYTES, "rx_bytes"),
    (DomainStatsNet.SUFFIX_TX_PKTS, "rx_packets"),
    (DomainStatsNet.SUFFIX_TX_ERRS, "rx_errors"),
    (DomainStatsNet.SUFFIX_TX_DROP, "rx_dropped"),
)
"""What the guest receives is what the host's end sends."""


async def _interface(asking: Asking) -> TypedParams:
    cards = asking.guest.definition.devices.interfaces
    if not asking.guest.active:
        return TypedParams()
    made = TypedParams.of({DomainStatsNet.COUNT: len(cards)})
    for number, card in enumerate(cards):
        if not card.target:
            continue
        prefix = f"{DomainStatsNet.PREFIX}{number}"
        made.add_string(f"{prefix}{DomainStatsNet.SUFFIX_NAME}", card.target)
        try:
            counted = asking.links.statistics(card.target)
        except Error:
            continue
        for suffix, name in _NET:
            made.add_ullong(f"{prefix}{suffix}", counted[name])
    return made


async def _block(asking: Asking) -> TypedParams:
    guest, names = asking.guest, DomainStatsBlock
    found = guest.definition.devices.disks
    if not found:
        return TypedParams.of({names.COUNT: 0})
    known = await disks.measure(guest) if asking.monitor else disks.NOTHING
    made, number = TypedParams(), 0
    backing = ConnectGetAllDomainStatsFlags.BACKING in asking.flags
    for disk in found:
        for source, below in disks.sources(disk, backing=backing):
            prefix = f"{names.PREFIX}{number}"
            made.add_string(f"{prefix}{names.SUFFIX_NAME}", disk.target or "")
            path = disks.path_of(source)
            if path:
                made.add_string(f"{prefix}{names.SUFFIX_PATH}", path)
            if backing and source is not None and source.index:
                made.add_uint(f"{prefix}{names.SUFFIX_BACKINGINDEX}", source.index)
            disks.add_counters(made, prefix, known, disk, source, below=below)
            number += 1
    head = TypedParams.of({names.COUNT: number})
    return TypedParams([*head.entries, *made.entries])


async def _iothread(asking: Asking) -> TypedParams:
    threads = asking.guest.definition.iothreads
    if not asking.monitor or not (threads.count or threads.threads):
        return TypedParams()
    names = DomainStatsIothread
    found = await cpus.io_threads(asking.guest.monitor)
    made = TypedParams.of({names.COUNT: len(found)})
    for thread in found:
        prefix = f"{names.PREFIX}{thread.number}"
        if thread.poll is not None:
            most, grow, shrink = thread.poll
            made.add_ullong(f"{prefix}{names.SUFFIX_POLL_MAX_NS}", most)
            made.add_uint(f"{prefix}{names.SUFFIX_POLL_GROW}", grow)
            made.add_uint(f"{prefix}{names.SUFFIX_POLL_SHRINK}", shrink)
    return made


GROUPS: dict[DomainStatsTypes, Group] = {
    Types.STATE: _state,
    Types.CPU_TOTAL: _cpu,
    Types.BALLOON: _balloon,
    Types.VCPU: _vcpu,
    Types.INTERFACE: _interface,
    Types.BLOCK: _block,
    Types.IOTHREAD: _iothread,
}
"""In the order in which they are told."""

SUPPORTED = Types.STATE | Types.CPU_TOTAL | Types.BALLOON | Types.VCPU | Types.INTERFACE | Types.BLOCK | Types.IOTHREAD
