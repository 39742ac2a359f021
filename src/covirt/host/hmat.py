# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the firmware tells of the memory of nodes: caches before it, and how fast nodes reach each other's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from covirt.host import sysfs

ASSOCIATIVITY = ("direct", "full", "none")
POLICY = ("writeback", "writethrough", "none")
"""Both in the order of the kernel's numbers."""

BEST_FOR_CPUS = "access1"
"""The kernel tells for each node the best way to it; this class leaves out devices that are no processors."""


@dataclass(frozen=True, slots=True)
class MemoryCache:
    """A cache before the memory of a node."""

    level: int
    associativity: str
    policy: str
    size: int
    """In KiB."""
    line: int
    """In bytes."""


@dataclass(frozen=True, slots=True)
class Interconnect:
    """How fast a node reaches the memory of another: `latency` in ns, `bandwidth` in KiB/s."""

    initiator: int
    target: int
    kind: str
    value: int


def memory_caches(node: Path) -> list[MemoryCache]:
    """The caches of a node."""
    return [
        MemoryCache(
            level,
            ASSOCIATIVITY[sysfs.read_int(path / "indexing")],
            POLICY[sysfs.read_int(path / "write_policy")],
            sysfs.read_int(path / "size") >> 10,
            sysfs.read_int(path / "line_size"),
        )
        for level, path in sysfs.numbered(node / "memory_side_cache", "index")
    ]


def interconnects(nodes: Path, what: str) -> list[Interconnect]:
    """All that is told about `latency` or `bandwidth` between nodes."""
    found = []
    for target, node in sysfs.numbered(nodes, "node"):
        base = node / BEST_FOR_CPUS / "initiators"
        for initiator, _ in sysfs.numbered(base, "node"):
            for kind in ("read", "write"):
                value = sysfs.read_int(base / f"{kind}_{what}")
                found.append(Interconnect(initiator, target, kind, value << 10 if what == "bandwidth" else value))
    return sorted(found, key=lambda one: (one.initiator, one.target))
