# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<cpu><numa>`: the nodes of memory and processors that the guest sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.scalars import NonZero
from covirt.model.domain.memory_backing import MemoryAccess
from covirt.model.domain.numatune import NumaTuning
from covirt.model.domain.sizes import Memory, Numbers, memory_at
from covirt.xml import At, Choice, Reading, Size, ULong, YesNo

LOCAL_DISTANCE = 10
UNREACHABLE = 255


class Associativity(StrEnum):
    """Where in the cache a line can be."""

    NONE = "none"
    DIRECT = "direct"
    FULL = "full"


class CachePolicy(StrEnum):
    """When writes reach the memory."""

    NONE = "none"
    WRITE_BACK = "writeback"
    WRITE_THROUGH = "writethrough"


class AccessType(StrEnum):
    """For which accesses a figure holds."""

    ACCESS = "access"
    READ = "read"
    WRITE = "write"


@dataclass(slots=True, kw_only=True)
class Distance:
    """How far another node is."""

    id: Annotated[int, At("@id")]
    value: Annotated[int, At("@value")]


@dataclass(slots=True, kw_only=True)
class SideCache:
    """A cache of memory beside a node."""

    level: Annotated[NonZero, At("@level")]
    associativity: Annotated[Associativity, At("@associativity")]
    policy: Annotated[CachePolicy, At("@policy")]
    size: Annotated[
        Memory, memory_at("size/@value", "./size/@value", missing="missing element or attribute './size/@value'")
    ]
    line: Annotated[
        int,
        memory_at("line/@value", "./line/@value", omit=0, missing="missing element or attribute './line/@value'"),
        Size("B"),
    ]


@dataclass(slots=True, kw_only=True)
class Cell:
    """One node of the guest."""

    id: Annotated[int | None, At("@id")] = None
    cpus: Annotated[Numbers | None, At("@cpus")] = None
    memory: Annotated[Memory, memory_at("@memory", "./@memory", missing="missing element or attribute './@memory'")]
    access: Annotated[MemoryAccess | None, At("@memAccess")] = None
    discard: Annotated[YesNo | None, At("@discard")] = None
    distances: Annotated[list[Distance], At("distances/sibling")] = field(default_factory=list)
    caches: Annotated[list[SideCache], At("cache")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """An empty set of processors is none."""
        self.cpus = self.cpus or None
        if not self.distances and reading.element.child("distances"):
            raise XmlError("NUMA distances defined without siblings")

    def check_caches(self) -> None:
        """There are three levels of cache, each once."""
        seen: set[int] = set()
        for cache in self.caches:
            if cache.level > 3:
                raise XmlError("Ain't nobody heard of that much cache level")
            if cache.level in seen:
                raise XmlError(f"Cache level '{cache.level}' already defined")
            seen.add(cache.level)


@dataclass(slots=True, kw_only=True)
class Link:
    """What a figure of the way between two nodes is about."""

    initiator: Annotated[int, At("@initiator")]
    target: Annotated[int, At("@target")]
    cache: Annotated[int, At("@cache", omit=0)] = 0
    type: Annotated[AccessType, At("@type")]


@dataclass(slots=True, kw_only=True)
class Latency(Link):
    """How long an access takes."""

    kind: Literal["latency"] = "latency"
    value: Annotated[ULong, At("@value")]


@dataclass(slots=True, kw_only=True)
class Bandwidth(Link):
    """How much can be moved, in KiB per second."""

    kind: Literal["bandwidth"] = "bandwidth"
    value: Annotated[Memory, memory_at("@value", "./@value", missing="missing element or attribute './@value'")]


@dataclass(slots=True, kw_only=True)
class Numa:
    """All nodes, and the ways between them."""

    cells: Annotated[list[Cell], At("cell")] = field(default_factory=list)
    links: Annotated[list[Latency | Bandwidth], At("interconnects/*"), Choice(".", field="kind")] = field(
        default_factory=list
    )

    @property
    def memory(self) -> int:
        """The memory of all nodes in KiB."""
        return sum(cell.memory for cell in self.cells)

    @property
    def cpu_count(self) -> int:
        """How many processors are in nodes."""
        return sum(len(cell.cpus or ()) for cell in self.cells)

    @property
    def highest_cpu(self) -> int:
        """The highest number of a processor in a node; -1 when there is none."""
        return max((max(cell.cpus) for cell in self.cells if cell.cpus), default=-1)

    def after_parse(self, reading: Reading) -> None:
        """Number and sort the cells, and complete the distances."""
        if not self.cells:
            raise XmlError("NUMA topology defined without NUMA cells")
        self._number()
        self._check_cpus()
        self._complete_distances()

    def _number(self) -> None:
        seen: dict[int, Cell] = {}
        for place, cell in enumerate(self.cells):
            cell.id = place if cell.id is None else cell.id
            if cell.id >= len(self.cells):
                raise XmlError(
                    "Exactly one 'cell' element per guest NUMA cell allowed, "
                    "non-contiguous ranges or ranges not starting from 0 are not allowed"
                )
            if cell.id in seen and seen[cell.id].memory:
                raise XmlError(f"Duplicate NUMA cell info for cell id '{cell.id}'")
            seen[cell.id] = cell
        self.cells = [
            seen[number] if number in seen else Cell(id=number, memory=0) for number in range(len(self.cells))
        ]

    def _check_cpus(self) -> None:
        for cell in self.cells:
            for other in self.cells:
                if cell is not other and cell.cpus and other.cpus and cell.cpus & other.cpus:
                    first, second = sorted((cell.id or 0, other.id or 0), reverse=True)
                    raise ConfigUnsupported(f"NUMA cells {first} and {second} have overlapping vCPU ids")

    def _complete_distances(self) -> None:
        """A distance said for one direction holds for the other, unless that is said too."""
        table: dict[int, dict[int, int]] = {}
        for cell in self.cells:
            here = cell.id or 0
            for distance in cell.distances:
                self._check_distance(here, distance)
                table.setdefault(here, {here: LOCAL_DISTANCE})[distance.id] = distance.value
                table.setdefault(distance.id, {distance.id: LOCAL_DISTANCE}).setdefault(here, distance.value)
        for cell in self.cells:
            row = table.get(cell.id or 0, {})
            cell.distances = [Distance(id=number, value=row[number]) for number in sorted(row)]

    def _check_distance(self, here: int, distance: Distance) -> None:
        if distance.id >= len(self.cells):
            raise XmlError(f"'sibling_id {distance.id}' does not refer to a valid cell within NUMA 'cell id {here}'")
        local = distance.value == LOCAL_DISTANCE
        if not LOCAL_DISTANCE <= distance.value <= UNREACHABLE or (distance.id == here) != local:
            raise XmlError(
                f"'value {distance.value}' is invalid for 'sibling id {distance.id}' under NUMA 'cell id {here}'"
            )

    def check(self, tuning: NumaTuning) -> None:
        """Nodes, and the ways between them, fit together."""
        for cell in self.cells:
            tuning.check_mode(cell.id or 0)
            cell.check_caches()
        for place, link in enumerate(self.links):
            fault = self._fault(link, self.links[:place])
            if fault:
                raise XmlError(fault)

    def _fault(self, link: Latency | Bandwidth, before: list[Latency | Bandwidth]) -> str | None:
        if link.initiator >= len(self.cells):
            return "'initiator' refers to a non-existent NUMA node"
        if link.target >= len(self.cells):
            return "'target' refers to a non-existent NUMA node"
        if not self.cells[link.initiator].cpus:
            return "NUMA nodes without CPUs can't be initiator"
        if link.cache and link.cache not in [cache.level for cache in self.cells[link.target].caches]:
            return "'cache' refers to a non-existent NUMA node cache"
        ends = (link.initiator, link.target)
        for other in before:
            if (type(link), ends, link.cache, link.type) == (
                type(other),
                (other.initiator, other.target),
                other.cache,
                other.type,
            ):
                return "Duplicate info for NUMA latencies"
            if link.initiator != link.target and ends == (other.target, other.initiator):
                return "Link already defined"
        return None
