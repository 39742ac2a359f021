# SPDX-License-Identifier: LGPL-2.1-or-later
"""The capabilities of a host, from copies of its files."""

from __future__ import annotations

from pathlib import Path

from covirt.drivers.common.host_capabilities import host_caches, host_topology, memory_bandwidth
from covirt.host.memory import ALL_CELLS, Memory
from covirt.host.node import Node
from covirt.host.resctrl import read_resctrl
from covirt.host.topology import Topology
from covirt.model.capabilities.document import Capabilities, format_capabilities
from covirt.model.capabilities.host import HostCapabilities, MigrationFeatures
from covirt.model.common.cpu import HostCpu
from covirt.testing.corpus.manifest import Case

PAGE_SIZES = [4, 2048, 1048576]


class SimulatedMemory(Memory):
    """The memory of the simulated machine, which no copied file tells of."""

    def total(self, cell: int = ALL_CELLS) -> int:
        """Each node has one GiB more than the one before."""
        return (cell + 1) << 20

    def page_sizes(self, cell: int = ALL_CELLS) -> list[int]:
        """The same everywhere."""
        return PAGE_SIZES

    def pages(self, size: int, cell: int = ALL_CELLS) -> tuple[int, int]:
        """More pages with each size and node, half of them free."""
        count = 2048 * (cell + 1 + PAGE_SIZES.index(size))
        return count, count // 2


class SimulatedTopology(Topology):
    """The simulated machine knows no distances."""

    def distances(self, cell: int) -> dict[int, int]:
        """None."""
        return {}


def _directory(path: Path) -> Path:
    """A directory of the corpus; links between them are kept as files with the link's text."""
    return path.parent / path.read_text().strip() if path.is_file() else path


def run(case: Case) -> object:
    """Carry out one case."""
    base = case.path("sysfs")
    places = {kernel: _directory(base / copy) for kernel, copy in case.options["map"].items()}
    system = places["/sys/devices/system"]
    node = Node(system, Path("/proc"), case.options["arch"])
    node.topology = SimulatedTopology(node.cpus, SimulatedMemory(system), system)
    resctrl = read_resctrl(places["/sys/fs/resctrl"])
    live, offline = case.options["live_migrate"], case.options["offline_migrate"]
    host = HostCapabilities(
        cpu=HostCpu(arch=node.arch),
        migration=MigrationFeatures(live=live) if offline else None,
        topology=host_topology(node),
        caches=host_caches(node, resctrl),
        bandwidth=memory_bandwidth(node, resctrl),
    )
    return format_capabilities(Capabilities(host=host))
