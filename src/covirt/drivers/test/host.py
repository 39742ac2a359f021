# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host that the test driver pretends to have: its figures, its NUMA nodes and its capabilities."""

from __future__ import annotations

from dataclasses import dataclass, field

from covirt.api.connect.host import NodeInfo
from covirt.model.capabilities.document import Capabilities
from covirt.model.capabilities.guest import GuestArch, GuestCapabilities, GuestDomain, GuestFeatures
from covirt.model.capabilities.host import HostCapabilities, PageSize, SecurityModel
from covirt.model.capabilities.topology import HostCell, HostTopology, NodeCpu, Pages
from covirt.model.common.cpu import HostAbility, HostCpu
from covirt.values import CpuSet

ARCHITECTURE = "i686"
EMULATOR = "/usr/bin/test-hv"
SECURITY_MODEL = "testSecurity"
PAGE_SIZES = (4, 8, 2048, 1024 * 1024)
"""In KiB; each node has the first or the second, and both of the others."""

DEFAULT_INFO = NodeInfo(
    model=ARCHITECTURE, memory=3 * 1024 * 1024, cpus=16, mhz=1400, nodes=2, sockets=2, cores=2, threads=2
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A NUMA node: its memory in KiB and the numbers of its CPUs."""

    memory: int
    free: int
    cpus: range


DEFAULT_CELLS = (
    Cell(2 * 1024 * 1024, 1 * 1024 * 1024, range(8)),
    Cell(4 * 1024 * 1024, 2 * 1024 * 1024, range(8, 16)),
)


@dataclass(slots=True)
class PretendedHost:
    """The host of one instance; one that is read from a file has no NUMA nodes."""

    info: NodeInfo = DEFAULT_INFO
    cells: tuple[Cell, ...] = ()
    capabilities: Capabilities = field(init=False)

    def __post_init__(self) -> None:
        """Capabilities follow from the rest."""
        self.capabilities = _capabilities(self.cells)

    @property
    def all_cpus(self) -> CpuSet:
        """The CPUs that there could be, by the figures."""
        info = self.info
        return CpuSet(range(info.nodes * info.sockets * info.cores * info.threads))


def _capabilities(cells: tuple[Cell, ...]) -> Capabilities:
    host = HostCapabilities(
        cpu=HostCpu(arch=ARCHITECTURE, abilities={HostAbility.PAE, HostAbility.NONPAE}),
        page_sizes=[PageSize(size=size) for size in PAGE_SIZES],
        topology=_topology(cells),
        security=[SecurityModel(model=SECURITY_MODEL, doi="")],
    )
    return Capabilities(host=host, guests=[_guest("hvm"), _guest("xen")])


def _topology(cells: tuple[Cell, ...]) -> HostTopology | None:
    if not cells:
        return None
    return HostTopology(count=len(cells), cells=[_cell(number, cell) for number, cell in enumerate(cells)])


def _cell(number: int, cell: Cell) -> HostCell:
    small = PAGE_SIZES[1] if number == 1 else PAGE_SIZES[0]
    cpus = [
        NodeCpu(id=cpu, socket=number, die=0, cluster=0, core=place, siblings=CpuSet([cpu]))
        for place, cpu in enumerate(cell.cpus)
    ]
    pages = [Pages(size=small, count=cell.memory // small), *(Pages(size=size, count=0) for size in PAGE_SIZES[2:])]
    return HostCell(id=number, memory=cell.memory, pages=pages, cpu_count=len(cpus), cpus=cpus)


def _guest(os_type: str) -> GuestCapabilities:
    arch = GuestArch(name=ARCHITECTURE, word_size=32, emulator=EMULATOR, domains=[GuestDomain(type="test")])
    return GuestCapabilities(os_type=os_type, arch=arch, features=GuestFeatures(pae=True, nonpae=True))
