# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host's part of the capabilities, from what the machine tells."""

from __future__ import annotations

from covirt.host.cpus import CpuPlace
from covirt.host.node import Node
from covirt.host.resctrl import MONITORED_LEVEL, CacheControl, Monitoring, Resctrl
from covirt.host.topology import CacheBank as Cache
from covirt.host.topology import Cell
from covirt.model.capabilities import topology as model
from covirt.model.capabilities.caches import (
    BandwidthNode,
    CacheBank,
    CacheShare,
    HostCaches,
    MemoryBandwidth,
    Monitor,
    MonitorFeature,
)

CACHES_FROM_LEVEL = 2
_KINDS = {"Unified": "both", "Instruction": "code", "Data": "data"}


def host_topology(node: Node) -> model.HostTopology:
    """The NUMA nodes."""
    cells = [_cell(cell, node) for cell in node.topology.cells()]
    latencies = [
        model.Reach(initiator=one.initiator, target=one.target, kind=one.kind, value=one.value)
        for one in node.topology.interconnects("latency")
    ]
    bandwidths = [
        model.Reach(initiator=one.initiator, target=one.target, kind=one.kind, value=one.value, unit="KiB")
        for one in node.topology.interconnects("bandwidth")
    ]
    return model.HostTopology(count=len(cells), cells=cells, latencies=latencies, bandwidths=bandwidths)


def host_caches(node: Node, resctrl: Resctrl) -> HostCaches | None:
    """The caches that processors share, and how they can be dealt out and watched."""
    banks = [_bank(cache, resctrl) for cache in node.topology.caches(CACHES_FROM_LEVEL)]
    monitor = _monitor(resctrl.monitoring, "llc_")
    if monitor is not None and resctrl.monitoring is not None:
        monitor.level, monitor.reuse_threshold = MONITORED_LEVEL, resctrl.monitoring.reuse_threshold
    return HostCaches(banks=banks, monitor=monitor) if banks or monitor else None


def memory_bandwidth(node: Node, resctrl: Resctrl) -> MemoryBandwidth | None:
    """The bandwidth of memory; it is dealt out where processors share a cache of the last level."""
    caches, control = node.topology.caches(CACHES_FROM_LEVEL), resctrl.bandwidth
    last = max((cache.level for cache in caches), default=0)
    nodes = (
        []
        if control is None
        else [
            BandwidthNode(
                id=cache.number,
                cpus=cache.cpus,
                granularity=control.granularity,
                min=control.min,
                max_allocations=control.max_allocations,
            )
            for cache in caches
            if cache.level == last
        ]
    )
    monitor = _monitor(resctrl.monitoring, "mbm_")
    return MemoryBandwidth(nodes=nodes, monitor=monitor) if nodes or monitor else None


def _cell(cell: Cell, node: Node) -> model.HostCell:
    places = {place.cpu: place for place in cell.places}
    return model.HostCell(
        id=cell.number,
        memory=cell.memory,
        pages=[model.Pages(size=size, count=count) for size, count in cell.pages.items()],
        distances=[model.Distance(id=other, value=value) for other, value in cell.distances.items()],
        caches=[
            model.NodeCache(
                level=cache.level,
                associativity=cache.associativity,
                policy=cache.policy,
                size=model.Amount(value=cache.size, unit="KiB"),
                line=model.Amount(value=cache.line, unit="B"),
            )
            for cache in node.topology.memory_caches(cell.number)
        ],
        cpu_count=len(cell.cpus),
        cpus=[_cpu(cpu, places.get(cpu)) for cpu in sorted(cell.cpus)],
    )


def _cpu(number: int, place: CpuPlace | None) -> model.NodeCpu:
    if place is None:
        return model.NodeCpu(id=number)
    return model.NodeCpu(
        id=number,
        socket=place.socket,
        die=place.die,
        cluster=place.cluster,
        core=place.core,
        siblings=place.siblings,
    )


def _bank(cache: Cache, resctrl: Resctrl) -> CacheBank:
    size, unit = _pretty(cache.size)
    return CacheBank(
        id=cache.number,
        level=cache.level,
        type=_KINDS[cache.kind],
        size=size,
        unit=unit,
        cpus=cache.cpus,
        controls=[_share(cache.size, control) for control in resctrl.caches.get(cache.level, ())],
    )


def _share(size: int, control: CacheControl) -> CacheShare:
    """The parts of a cache, both numbers in the unit that fits the finer one."""
    granularity = size // control.bits
    least = granularity * control.min_bits if control.min_bits > 1 else 0
    exponent = min(_exponent(one) for one in (granularity, least) if one)
    return CacheShare(
        granularity=granularity >> 10 * exponent,
        min=least >> 10 * exponent,
        unit=_UNITS[exponent],
        type=control.scope,
        max_allocations=control.max_allocations,
    )


def _monitor(monitoring: Monitoring | None, prefix: str) -> Monitor | None:
    if monitoring is None:
        return None
    features = [MonitorFeature(name=name) for name in monitoring.features if name.startswith(prefix)]
    return Monitor(max_monitors=monitoring.max_monitors, features=features) if features else None


_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def _exponent(size: int) -> int:
    """The largest unit in which a size is a whole number."""
    return next(number for number in reversed(range(len(_UNITS))) if size % (1 << 10 * number) == 0)


def _pretty(size: int) -> tuple[int, str]:
    exponent = _exponent(size)
    return size >> 10 * exponent, _UNITS[exponent]
