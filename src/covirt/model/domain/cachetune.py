# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<cachetune>` and `<memorytune>`: parts of the host's caches and memory bandwidth for groups of processors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from covirt.errors import InvalidArg, XmlError
from covirt.model.domain.sizes import Numbers
from covirt.values import CpuSet
from covirt.xml import At, Context, Reading, Size

MONITORED_LEVEL = 3
"""The only level of cache that can be watched."""


class CacheType(StrEnum):
    """What the cache is for."""

    BOTH = "both"
    CODE = "code"
    DATA = "data"


def _vcpus(element: str) -> At:
    return At(
        "@vcpus",
        missing=f"Missing {element} attribute 'vcpus'",
        invalid=f"Invalid {element} attribute 'vcpus' value '{{value}}'",
    )


@dataclass(slots=True, kw_only=True)
class CacheSize:
    """A part of one cache, in bytes."""

    id: Annotated[int, At("@id")]
    level: Annotated[int, At("@level")]
    type: Annotated[CacheType, At("@type")]
    size: Annotated[
        int,
        At("@size", invalid="Invalid value '{value}' for element or attribute './@size'"),
        Size("B", default="KiB", pretty=True),
    ]

    @property
    def order(self) -> tuple[int, int, int]:
        """How parts are sorted."""
        return self.level, list(CacheType).index(self.type), self.id

    def collides(self, other: CacheSize) -> bool:
        """Do both take of the same cache in ways that exclude each other?"""
        same = (self.level, self.id) == (other.level, other.id)
        return same and (self.type is other.type or CacheType.BOTH in (self.type, other.type))


@dataclass(slots=True, kw_only=True)
class CacheMonitor:
    """Processors whose use of the cache is watched."""

    level: Annotated[int, At("@level")]
    vcpus: Annotated[Numbers, _vcpus("monitor")]

    def after_parse(self, reading: Reading) -> None:
        """Only one level can be watched."""
        if self.level != MONITORED_LEVEL:
            raise XmlError(f"Invalid monitor cache level '{self.level}'")


@dataclass(slots=True, kw_only=True)
class CacheTune:
    """A group of processors with its parts of the caches."""

    vcpus: Annotated[Numbers, _vcpus("cachetune")]
    id: Annotated[str | None, At("@id", unless=Context.INACTIVE)] = None
    caches: Annotated[list[CacheSize], At("cache")] = field(default_factory=list)
    monitors: Annotated[list[CacheMonitor], At("monitor")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """No cache is given twice; parts are sorted."""
        for place, cache in enumerate(self.caches):
            if any(cache.collides(other) for other in self.caches[:place]):
                raise XmlError(
                    f"Colliding cache allocations for cache level '{cache.level}' id '{cache.id}', type '{cache.type}'"
                )
        self.caches.sort(key=lambda cache: cache.order)

    def for_format(self, context: Context) -> CacheTune | None:
        """A group without parts and monitors is not written."""
        return self if self.caches or self.monitors else None


@dataclass(slots=True, kw_only=True)
class NodeBandwidth:
    """A percentage of the memory bandwidth of a host node."""

    id: Annotated[int, At("@id")]
    bandwidth: Annotated[int, At("@bandwidth")]


@dataclass(slots=True, kw_only=True)
class MemoryMonitor:
    """Processors whose use of memory bandwidth is watched."""

    vcpus: Annotated[Numbers, _vcpus("monitor")]


@dataclass(slots=True, kw_only=True)
class MemoryTune:
    """A group of processors with its memory bandwidth."""

    vcpus: Annotated[Numbers, _vcpus("memorytune")]
    id: Annotated[str | None, At("@id", unless=Context.INACTIVE)] = None
    nodes: Annotated[list[NodeBandwidth], At("node")] = field(default_factory=list)
    monitors: Annotated[list[MemoryMonitor], At("monitor")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """No node is given twice; they are sorted."""
        seen: set[int] = set()
        for node in self.nodes:
            if node.id in seen:
                raise XmlError(f"Memory Bandwidth already defined for node {node.id}")
            seen.add(node.id)
        self.nodes.sort(key=lambda node: node.id)

    def for_format(self, context: Context) -> MemoryTune | None:
        """A group without bandwidth and monitors is not written."""
        return self if self.nodes or self.monitors else None


def settle_allocations(caches: Sequence[CacheTune], memory: Sequence[MemoryTune], vcpus: int) -> None:
    """Limit the groups to the processors there are, name them, and check that they do not overlap.

    A cache group and a memory group of the same processors are one group for the kernel.
    """
    groups: list[CpuSet] = []
    tunes: list[CacheTune | MemoryTune] = [*caches, *memory]
    for tune in tunes:
        tune.vcpus = CpuSet(number for number in tune.vcpus if number < vcpus)
        if not tune.vcpus:
            continue
        if tune.vcpus in groups and isinstance(tune, CacheTune):
            raise XmlError("Identical vcpus in cachetunes found")
        if any(tune.vcpus & group and tune.vcpus != group for group in groups):
            raise XmlError("Overlapping vcpus in resctrls")
        if isinstance(tune, MemoryTune) or tune.caches or tune.monitors:
            groups.append(tune.vcpus)
        tune.id = tune.id or f"vcpus_{tune.vcpus}"
        _check_monitors(tune, vcpus)


def _check_monitors(tune: CacheTune | MemoryTune, vcpus: int) -> None:
    """Monitors watch processors of their group, each once."""
    seen: list[CpuSet] = []
    plain = isinstance(tune, CacheTune) and not tune.caches
    for monitor in tune.monitors:
        monitor.vcpus = CpuSet(number for number in monitor.vcpus if number < vcpus)
        if not monitor.vcpus:
            raise InvalidArg("vcpus is empty")
        if not monitor.vcpus <= tune.vcpus:
            raise InvalidArg("Monitor vcpus conflicts with allocation")
        if monitor.vcpus in seen:
            raise InvalidArg("Identical vcpus found in same type monitors")
        if any(monitor.vcpus & other and (plain or tune.vcpus not in (other, monitor.vcpus)) for other in seen):
            raise InvalidArg("vcpus overlaps in resctrl groups")
        seen.append(monitor.vcpus)
