# SPDX-License-Identifier: LGPL-2.1-or-later
"""The NUMA nodes of a host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from covirt.values import CpuSet
from covirt.xml import At


@dataclass(slots=True, kw_only=True)
class Pages:
    """How many pages of a size there are."""

    unit: Annotated[str, At("@unit")] = "KiB"
    size: Annotated[int, At("@size")]
    count: Annotated[int, At(".")]


@dataclass(slots=True, kw_only=True)
class Distance:
    """How far another node is."""

    id: Annotated[int, At("@id")]
    value: Annotated[int, At("@value")]


@dataclass(slots=True, kw_only=True)
class Amount:
    """A size with its unit."""

    value: Annotated[int, At("@value")]
    unit: Annotated[str, At("@unit")]


@dataclass(slots=True, kw_only=True)
class NodeCache:
    """A cache before a node's memory."""

    level: Annotated[int, At("@level")]
    associativity: Annotated[str, At("@associativity")]
    policy: Annotated[str, At("@policy")]
    size: Annotated[Amount, At("size")]
    line: Annotated[Amount, At("line")]


@dataclass(slots=True, kw_only=True)
class NodeCpu:
    """A processor; of one that is switched off only its number is known."""

    id: Annotated[int, At("@id")]
    socket: Annotated[int | None, At("@socket_id")] = None
    die: Annotated[int | None, At("@die_id")] = None
    cluster: Annotated[int | None, At("@cluster_id")] = None
    core: Annotated[int | None, At("@core_id")] = None
    siblings: Annotated[CpuSet | None, At("@siblings")] = None


@dataclass(slots=True, kw_only=True)
class HostCell:
    """One node."""

    id: Annotated[int, At("@id")]
    memory_unit: Annotated[str, At("memory/@unit")] = "KiB"
    memory: Annotated[int, At("memory")]
    pages: Annotated[list[Pages], At("pages")] = field(default_factory=list)
    distances: Annotated[list[Distance], At("distances/sibling")] = field(default_factory=list)
    caches: Annotated[list[NodeCache], At("cache")] = field(default_factory=list)
    cpu_count: Annotated[int, At("cpus/@num")]
    cpus: Annotated[list[NodeCpu], At("cpus/cpu")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Reach:
    """How fast one node reaches the memory of another."""

    initiator: Annotated[int, At("@initiator")]
    target: Annotated[int, At("@target")]
    kind: Annotated[str, At("@type")]
    value: Annotated[int, At("@value")]
    unit: Annotated[str | None, At("@unit")] = None


@dataclass(slots=True, kw_only=True)
class HostTopology:
    """All nodes."""

    count: Annotated[int, At("cells/@num")]
    cells: Annotated[list[HostCell], At("cells/cell")] = field(default_factory=list)
    latencies: Annotated[list[Reach], At("interconnects/latency")] = field(default_factory=list)
    bandwidths: Annotated[list[Reach], At("interconnects/bandwidth")] = field(default_factory=list)
