# SPDX-License-Identifier: LGPL-2.1-or-later
"""The caches of a host and the bandwidth of its memory, and how they can be dealt out and watched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from covirt.values import CpuSet
from covirt.xml import At


@dataclass(slots=True, kw_only=True)
class CacheShare:
    """In which parts a cache can be dealt out."""

    granularity: Annotated[int, At("@granularity")]
    min: Annotated[int, At("@min", omit=0)] = 0
    unit: Annotated[str, At("@unit")]
    type: Annotated[str, At("@type")]
    max_allocations: Annotated[int, At("@maxAllocs")]


@dataclass(slots=True, kw_only=True)
class CacheBank:
    """One cache."""

    id: Annotated[int, At("@id")]
    level: Annotated[int, At("@level")]
    type: Annotated[str, At("@type")]
    size: Annotated[int, At("@size")]
    unit: Annotated[str, At("@unit")]
    cpus: Annotated[CpuSet, At("@cpus")]
    controls: Annotated[list[CacheShare], At("control")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class MonitorFeature:
    """Something that can be watched."""

    name: Annotated[str, At("@name")]


@dataclass(slots=True, kw_only=True)
class Monitor:
    """What can be watched, and how often at once."""

    level: Annotated[int | None, At("@level")] = None
    reuse_threshold: Annotated[int | None, At("@reuseThreshold")] = None
    max_monitors: Annotated[int, At("@maxMonitors")]
    features: Annotated[list[MonitorFeature], At("feature")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class HostCaches:
    """All caches from the second level on."""

    banks: Annotated[list[CacheBank], At("bank")] = field(default_factory=list)
    monitor: Annotated[Monitor | None, At("monitor")] = None


@dataclass(slots=True, kw_only=True)
class BandwidthNode:
    """The bandwidth that the processors of one cache share, in percent."""

    id: Annotated[int, At("@id")]
    cpus: Annotated[CpuSet, At("@cpus")]
    granularity: Annotated[int, At("control/@granularity")]
    min: Annotated[int, At("control/@min")]
    max_allocations: Annotated[int, At("control/@maxAllocs")]


@dataclass(slots=True, kw_only=True)
class MemoryBandwidth:
    """The bandwidth of memory."""

    nodes: Annotated[list[BandwidthNode], At("node")] = field(default_factory=list)
    monitor: Annotated[Monitor | None, At("monitor")] = None
