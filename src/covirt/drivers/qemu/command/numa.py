# SPDX-License-Identifier: LGPL-2.1-or-later
"""-numa: the guest's nodes, their memory, and the ways between them."""

from __future__ import annotations

from covirt.drivers.qemu.command.backing import Backing, Piece, add_backing, backing_of, check_host_nodes
from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.machine import has_hmat
from covirt.drivers.qemu.command.memory import add_memory_path
from covirt.errors import ConfigUnsupported
from covirt.model.domain.numa import Associativity, Bandwidth, CachePolicy, Cell, Latency, Numa
from covirt.values import CpuSet

REMOTE_DISTANCE = 20
LOCAL_DISTANCE = 10
_HIERARCHY = ("memory", "first-level", "second-level", "third-level")
_ASSOCIATIVITY = {Associativity.NONE: "none", Associativity.DIRECT: "direct", Associativity.FULL: "complex"}
_POLICY = {
    CachePolicy.NONE: "none",
    CachePolicy.WRITE_BACK: "write-back",
    CachePolicy.WRITE_THROUGH: "write-through",
}


def add_numa(build: Build) -> None:
    """The nodes, if there are any."""
    numa = build.guest.numa
    if numa is None or not numa.cells:
        return
    tuning = build.guest.numatune
    check_host_nodes(build, tuning.memory.nodes if tuning.memory else None)
    for memnode in tuning.memnodes:
        check_host_nodes(build, memnode.nodes)
    machine = build.caps.machine(build.guest.type, build.guest.os.machine or "")
    hmat = has_hmat(build)
    pieces = [
        Piece(name=f"ram-node{cell.id}", file_name=f"ram-node{cell.id}", size=cell.memory, node=cell.id)
        for cell in numa.cells
    ]
    backings = [backing_of(build, piece) for piece in pieces]
    objects = hmat or not (machine and machine.numa_mem_supported) or any(backing.needed for backing in backings)
    if not objects:
        add_memory_path(build)
    with_cpus = [cell.id for cell in numa.cells if cell.cpus]
    if not with_cpus:
        raise ConfigUnsupported("At least one NUMA node has to have CPUs")
    for cell, backing in zip(numa.cells, backings, strict=True):
        _add_cell(build, numa, cell, backing if objects else None, with_cpus[0] if hmat else None)
    _add_distances(build, numa)
    if hmat:
        _add_links(build, numa)
        _add_caches(build, numa)


def _add_cell(build: Build, numa: Numa, cell: Cell, backing: Backing | None, initiator: int | None) -> None:
    if backing:
        add_backing(build, backing)
    option = f"node,nodeid={cell.id}"
    option += "".join(f",cpus={part}" for part in str(CpuSet(cell.cpus or ())).split(",") if part)
    if initiator is not None:
        nearest = _initiator(numa, cell)
        option += f",initiator={initiator if nearest is None else nearest}"
    option += f",memdev=ram-node{cell.id}" if backing else f",mem={cell.memory // 1024}"
    build.argv.add("-numa", option)


def _initiator(numa: Numa, cell: Cell) -> int | None:
    """The node whose processors are nearest to a node's memory."""
    if cell.cpus:
        return cell.id
    here = [link for link in numa.links if link.target == cell.id]
    latencies = [link for link in here if isinstance(link, Latency)]
    if latencies:
        return min(latencies, key=lambda link: link.value).initiator
    bandwidths = [link for link in here if isinstance(link, Bandwidth)]
    return max(bandwidths, key=lambda link: link.value).initiator if bandwidths else None


def _add_distances(build: Build, numa: Numa) -> None:
    table = {(cell.id, far.id): far.value for cell in numa.cells for far in cell.distances}
    if all(value in (LOCAL_DISTANCE, REMOTE_DISTANCE) for value in table.values()):
        return
    for source in range(len(numa.cells)):
        for target in range(len(numa.cells)):
            usual = LOCAL_DISTANCE if source == target else REMOTE_DISTANCE
            build.argv.add("-numa", f"dist,src={source},dst={target},val={table.get((source, target), usual)}")


def _add_links(build: Build, numa: Numa) -> None:
    for link in numa.links:
        option = f"hmat-lb,initiator={link.initiator},target={link.target},hierarchy={_HIERARCHY[link.cache]}"
        unit = "K" if isinstance(link, Bandwidth) else ""
        build.argv.add("-numa", f"{option},data-type={link.type}-{link.kind},{link.kind}={link.value}{unit}")


def _add_caches(build: Build, numa: Numa) -> None:
    for cell in numa.cells:
        for cache in sorted(cell.caches, key=lambda cache: cache.level):
            option = f"hmat-cache,node-id={cell.id},size={cache.size}K,level={cache.level}"
            option += f",associativity={_ASSOCIATIVITY[cache.associativity]},policy={_POLICY[cache.policy]}"
            build.argv.add("-numa", option + (f",line={cache.line}" if cache.line else ""))
