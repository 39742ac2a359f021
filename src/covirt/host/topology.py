# SPDX-License-Identifier: LGPL-2.1-or-later
"""How processors, memory and caches of this machine lie to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from covirt.host import sysfs
from covirt.host.cpus import CpuPlace, Cpus
from covirt.host.hmat import Interconnect, MemoryCache, interconnects, memory_caches
from covirt.host.memory import Memory
from covirt.values import CpuSet


@dataclass(frozen=True, slots=True)
class Cell:
    """One NUMA node."""

    number: int
    cpus: CpuSet
    places: tuple[CpuPlace, ...]
    memory: int
    """In KiB."""
    pages: Mapping[int, int] = field(default_factory=dict)
    """Size in KiB -> how many."""
    distances: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CacheBank:
    """A cache that several processors share."""

    level: int
    kind: str
    number: int
    size: int
    """In bytes."""
    cpus: CpuSet


class Topology:
    """Reads how the parts lie to each other."""

    def __init__(self, cpus: Cpus, memory: Memory, system: Path = Path("/sys/devices/system")) -> None:
        """`system` is /sys/devices/system."""
        self._cpus, self._memory, self._system = cpus, memory, system

    def cells(self) -> list[Cell]:
        """All NUMA nodes; a machine without them has one with everything."""
        numbers = self._memory.cells()
        if not numbers:
            cpus = self._cpus.online()
            return [Cell(0, cpus, self._places(cpus), self._memory.total(), self._pages(-1))]
        return [self._cell(number) for number in numbers]

    def cpus_of(self, cell: int) -> CpuSet:
        """The processors of a node."""
        return sysfs.read_set(self._system / f"node/node{cell}/cpulist")

    def distances(self, cell: int) -> dict[int, int]:
        """How far the nodes are from this one; empty when the kernel does not say."""
        text = sysfs.read_optional(self._system / f"node/node{cell}/distance")
        return dict(zip(self._memory.cells(), map(int, text.split()), strict=False)) if text else {}

    def caches(self, level: int = 3) -> list[CacheBank]:
        """The caches of a level and those above, each once."""
        found: set[CacheBank] = set()
        for cpu in self._cpus.online():
            for _, path in sysfs.numbered(self._system / f"cpu/cpu{cpu}/cache", "index"):
                # A cache without a number cannot be told from others of its kind.
                if sysfs.read_int(path / "level") >= level and (path / "id").exists():
                    found.add(_cache(path))
        return sorted(found, key=lambda one: (one.level, one.kind, one.number, sorted(one.cpus)))

    def memory_caches(self, cell: int) -> list[MemoryCache]:
        """The caches before the memory of a node."""
        return memory_caches(self._system / f"node/node{cell}")

    def interconnects(self, what: str) -> list[Interconnect]:
        """How fast nodes reach each other's memory: `latency` or `bandwidth`."""
        return interconnects(self._system / "node", what)

    def _cell(self, number: int) -> Cell:
        cpus = self.cpus_of(number)
        distances = self.distances(number)
        return Cell(number, cpus, self._places(cpus), self._memory.total(number), self._pages(number), distances)

    def _places(self, cpus: CpuSet) -> tuple[CpuPlace, ...]:
        return tuple(self._cpus.place(cpu) for cpu in sorted(cpus & self._cpus.online()))

    def _pages(self, cell: int) -> dict[int, int]:
        return {size: self._memory.pages(size, cell)[0] for size in self._memory.page_sizes(cell)}


def _cache(path: Path) -> CacheBank:
    size = sysfs.read_text(path / "size")
    unit = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(size[-1:], 1)
    return CacheBank(
        sysfs.read_int(path / "level"),
        sysfs.read_text(path / "type"),
        sysfs.read_int(path / "id"),
        int(size.rstrip("KMG")) * unit,
        sysfs.read_set(path / "shared_cpu_list"),
    )
