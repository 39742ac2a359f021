# SPDX-License-Identifier: LGPL-2.1-or-later
"""The virtual CPUs of a domain, put together from the CPUs that run and the places for CPUs.

On some machines (POWER) a place is a core with several CPUs: its first CPU stands for it, the others have no place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from covirt.drivers.qemu.monitor.commands.base import Execute
from covirt.drivers.qemu.monitor.commands.cpus import Cpu, HotpluggableCpu, cpus, hotpluggable_cpus

_ORDER = ("socket-id", "die-id", "cluster-id", "core-id", "thread-id")


@dataclass(slots=True, kw_only=True)
class Vcpu:
    """A virtual CPU of the domain, whether it is there or not."""

    online: bool = False
    hotpluggable: bool = False
    place: HotpluggableCpu | None = None
    """Only of the first CPU of a place."""
    enable_order: int = 0
    """In which order places were filled, from 1; 0 for those that are empty."""
    cpu: Cpu | None = None
    """Its thread, when it is there."""


async def vcpus(qemu: Execute, maximum: int, *, hotplug: bool = True) -> list[Vcpu]:
    """All virtual CPUs of a domain that can have so many; machines without hotplug only tell what runs."""
    if not hotplug:
        return _in_order(await cpus(qemu), maximum)
    places, running = await asyncio.gather(hotpluggable_cpus(qemu), cpus(qemu))
    return combine(places, running, maximum)


def combine(places: Sequence[HotpluggableCpu], running: Sequence[Cpu], maximum: int) -> list[Vcpu]:
    """The virtual CPUs from both of QEMU's lists; when they do not fit together, the places are ignored."""
    ordered = sorted(places, key=lambda place: [place.place(name) for name in _ORDER])
    if sum(place.vcpus for place in ordered) != maximum:
        return _in_order(running, maximum)
    paths = [_unit_path(cpu) for cpu in running]
    order = _enable_order(ordered, paths)
    found = [vcpu for place in ordered for vcpu in _unit(place, order.get(place.qom_path, 0))]
    firsts = {vcpu.place.qom_path: number for number, vcpu in enumerate(found) if vcpu.place and vcpu.place.qom_path}
    for cpu, path in zip(running, paths, strict=True):
        first = None if path is None else firsts.get(path)
        if first is None:
            return _in_order(running, maximum)
        free = next((vcpu for vcpu in found[first:] if vcpu.cpu is None), None)
        if free is None:
            return _in_order(running, maximum)
        free.cpu = cpu
    return found


def _unit_path(cpu: Cpu) -> str | None:
    """The path of the place that a CPU is in: that of its thread without the last step."""
    return None if cpu.qom_path is None else cpu.qom_path.partition("/thread")[0]


def _enable_order(places: Sequence[HotpluggableCpu], paths: Sequence[str | None]) -> dict[str | None, int]:
    """In which order places were filled: QEMU lists CPUs so."""
    known = {place.qom_path for place in places if place.qom_path}
    filled = dict.fromkeys(path for path in paths if path in known)
    return {path: number for number, path in enumerate(filled, 1)}


def _unit(place: HotpluggableCpu, enable_order: int) -> list[Vcpu]:
    online = place.qom_path is not None
    removable = place.alias is not None or not online
    first = Vcpu(online=online, hotpluggable=removable, place=place, enable_order=enable_order)
    return [first, *(Vcpu(online=online, hotpluggable=removable) for _ in range(place.vcpus - 1))]


def _in_order(running: Sequence[Cpu], maximum: int) -> list[Vcpu]:
    """As many as there can be, the first of them those that run."""
    return [Vcpu(cpu=running[number] if number < len(running) else None) for number in range(maximum)]
