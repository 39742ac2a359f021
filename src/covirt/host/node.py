# SPDX-License-Identifier: LGPL-2.1-or-later
"""This machine as a node that runs guests: its parts and their summary."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from covirt.host.cpus import Cpus
from covirt.host.memory import Memory
from covirt.host.topology import Topology


@dataclass(frozen=True, slots=True)
class NodeInfo:
    """What `virsh nodeinfo` tells."""

    model: str
    memory: int
    """In KiB."""
    cpus: int
    mhz: int
    nodes: int
    sockets: int
    cores: int
    threads: int


class Node:
    """The machine's processors, memory and how they lie to each other."""

    def __init__(
        self, system: Path = Path("/sys/devices/system"), proc: Path = Path("/proc"), arch: str | None = None
    ) -> None:
        """Read another machine by giving copies of its directories."""
        self.cpus = Cpus(system, proc, arch)
        self.memory = Memory(system, proc)
        self.topology = Topology(self.cpus, self.memory, system)

    @property
    def arch(self) -> str:
        """The architecture, by the kernel's name."""
        return self.cpus.arch

    def info(self) -> NodeInfo:
        """The summary."""
        shape = self.cpus.summary()
        return NodeInfo(
            self.arch,
            self.memory.total(),
            shape.cpus,
            shape.mhz,
            shape.nodes,
            shape.sockets,
            shape.cores,
            shape.threads,
        )
