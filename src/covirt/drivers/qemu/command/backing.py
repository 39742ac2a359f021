# SPDX-License-Identifier: LGPL-2.1-or-later
"""Objects that hold the guest's memory: of the machine as a whole, of a NUMA node, of a memory module."""

from __future__ import annotations

from dataclasses import dataclass

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Json, Props, props
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.domain.devices.memory import Memory, MemoryModel
from covirt.model.domain.memory_backing import MemoryAccess, MemoryAllocation, MemorySource
from covirt.model.domain.numatune import NumaMode, NumaPlacement
from covirt.model.domain.vcpu import Placement
from covirt.values import CpuSet

POLICIES = {NumaMode.STRICT: "bind", NumaMode.PREFERRED: "preferred", NumaMode.INTERLEAVE: "interleave"}
"""How memory is bound to host nodes; the remaining mode is the kernel's business."""


@dataclass(slots=True, kw_only=True)
class Piece:
    """A piece of the guest's memory."""

    name: str
    """The object's name."""
    file_name: str
    """How a file behind it is called."""
    size: int
    """In KiB."""
    node: int | None = None
    """The guest's node that it belongs to."""
    module: Memory | None = None
    """The module that it is in."""
    whole: bool = False
    """Is it all memory that the machine has at the start?"""

    @property
    def model(self) -> MemoryModel | None:
        """The kind of module."""
        return self.module.model if self.module else None

    @property
    def file(self) -> str | None:
        """The file that keeps persistent memory."""
        return self.module.source.path if self.module else None


@dataclass(slots=True, kw_only=True)
class Backing:
    """An object for a piece of memory."""

    props: Props
    needed: bool
    """Does it say more than how large the memory is?"""
    nodes: CpuSet | None = None
    """The host's nodes that the memory is taken from."""


@dataclass(slots=True, kw_only=True)
class Pages:
    """What a piece is made of."""

    size: int
    """Of huge pages, in KiB; 0 for usual ones."""
    insisted: bool
    """Does the guest insist on this size for just this piece?"""
    huge: bool
    allocated: bool
    """Is all memory taken at the start?"""


def pages_of(build: Build, piece: Piece) -> Pages:
    """The pages that a piece is made of."""
    backing = build.guest.memory_backing
    size = piece.module.source.pagesize if piece.module else 0
    insisted = huge = bool(size)
    if not size and backing.hugepages is not None:
        named = [page for page in backing.hugepages.pages if page.nodes is not None]
        page = next((page for page in named if piece.node is not None and piece.node in (page.nodes or ())), None)
        insisted = page is not None
        page = page or next((page for page in backing.hugepages.pages if page.nodes is None), None)
        if page is not None:
            size, huge = page.size, True
        elif not backing.hugepages.pages:
            huge = True
    if size == build.prepared.page_size:
        size, insisted, huge = 0, False, False
    elif huge and not size:
        size = default_huge_page(build)
    allocated = backing.allocation is MemoryAllocation.IMMEDIATE
    if piece.file:
        assert piece.module is not None
        allocated = allocated or (piece.model is MemoryModel.NVDIMM and not piece.module.source.pmem)
    elif huge:
        allocated = True
    return Pages(size=size, insisted=insisted, huge=huge, allocated=allocated)


def default_huge_page(build: Build) -> int:
    """The size of huge pages when none is told."""
    pages = build.prepared.huge_pages
    if not pages:
        raise InternalError("hugetlbfs filesystem is not mounted or disabled by administrator config")
    return build.prepared.default_huge_page or next(iter(pages))


def huge_page_directory(build: Build, size: int) -> str:
    """The guest's directory on the file system of huge pages of a size."""
    try:
        return build.prepared.huge_pages[size]
    except KeyError:
        raise InternalError(f"Unable to find any usable hugetlbfs mount for {size} KiB") from None


def backing_of(build: Build, piece: Piece, *, force: bool = False) -> Backing:
    """The object for a piece of memory; `force` when its user cannot do without."""
    guest = build.guest
    pages = pages_of(build, piece)
    access = _access(build, piece)
    memfd = guest.memory_backing.source is MemorySource.MEMFD
    kind, own = _source(build, piece, pages, access)
    if piece.model is MemoryModel.SGX_EPC and not build.preallocated:
        pages.allocated = True
    own |= _allocation(build, piece, pages)
    own |= props(size=piece.size * 1024)
    if piece.module and piece.model is MemoryModel.NVDIMM:
        own |= props(align=piece.module.source.alignsize * 1024 or None)
        if piece.module.source.pmem:
            build.require("memory-backend-file.pmem", "nvdimm pmem property is not available with this QEMU binary")
            own["pmem"] = True
    source_nodes = piece.module.source.nodemask if piece.module else None
    nodes = source_nodes if source_nodes is not None else _host_nodes(build, piece.node)
    mode = _mode(build, piece.node)
    check_host_nodes(build, nodes)
    if nodes is not None and mode is not NumaMode.RESTRICTIVE:
        own |= {"host-nodes": sorted(nodes), "policy": POLICIES[mode]}
    bound = any(node.cell == piece.node for node in guest.numatune.memnodes)
    needed = force or bool(
        pages.insisted
        or source_nodes is not None
        or bound
        or piece.file
        or access is not None
        or guest.memory_backing.source in (MemorySource.FILE, MemorySource.MEMFD)
    )
    if needed and memfd and kind == "memory-backend-memfd":
        build.require(kind, "this qemu doesn't support the memory-backend-memfd object")
    return Backing(props={"qom-type": kind, "id": piece.name} | own, needed=needed, nodes=nodes)


def _access(build: Build, piece: Piece) -> str | None:
    access: str | None = piece.module.access if piece.module else None
    if access is None and piece.node is not None and piece.node < len(build.guest.numa_cells):
        access = build.guest.numa_cells[piece.node].access
    return access or build.guest.memory_backing.access


def _discard(build: Build, piece: Piece) -> bool | None:
    discard = piece.module.discard if piece.module else None
    if discard is None and piece.node is not None and piece.node < len(build.guest.numa_cells):
        discard = build.guest.numa_cells[piece.node].discard
    return build.guest.memory_backing.discard or None if discard is None else discard


def _source(build: Build, piece: Piece, pages: Pages, access: str | None) -> tuple[str, Props]:
    """The kind of object, and where its memory comes from."""
    backing = build.guest.memory_backing
    share = None if access is None else access == MemoryAccess.SHARED
    canonical = None
    if piece.whole and "memory-backend-file.x-use-canonical-path-for-ramblock-id" in build.caps:
        # Otherwise the memory would get a name that other QEMU versions do not find when the guest moves there.
        canonical = False
    if piece.model is MemoryModel.SGX_EPC:
        return "memory-backend-epc", {}
    if not piece.file and backing.source is MemorySource.MEMFD:
        huge: Props = {"hugetlb": True, "hugetlbsize": pages.size << 10} if pages.huge else {}
        return "memory-backend-memfd", huge | props(share=share, x_use_canonical_path_for_ramblock_id=canonical)
    if pages.huge or piece.file or access is not None or backing.source is MemorySource.FILE:
        discard: Json = None
        if piece.file:
            path = piece.file
        else:
            discard = _discard(build, piece)
            path = (
                huge_page_directory(build, pages.size)
                if pages.huge
                else f"{build.prepared.memory_directory}/{piece.file_name}"
            )
        return "memory-backend-file", props(
            mem_path=path, discard_data=discard, share=share, x_use_canonical_path_for_ramblock_id=canonical
        )
    return "memory-backend-ram", {}


def _allocation(build: Build, piece: Piece, pages: Pages) -> Props:
    if piece.model is MemoryModel.VIRTIO_MEM:
        # The device takes memory as the guest plugs it in.
        late = "virtio-mem-pci.prealloc" not in build.caps and build.preallocated
        reserve = False if "memory-backend-file.reserve" in build.caps else None
        return props(prealloc=False if late else None, reserve=reserve)
    if build.preallocated:
        return {}
    return props(
        prealloc=True if pages.allocated else None,
        prealloc_threads=build.guest.memory_backing.allocation_threads or None,
    )


def _mode(build: Build, node: int | None) -> NumaMode:
    tuning = build.guest.numatune
    for memnode in tuning.memnodes:
        if memnode.cell == node:
            return memnode.mode
    return (tuning.memory.mode if tuning.memory else None) or NumaMode.STRICT


def _host_nodes(build: Build, node: int | None) -> CpuSet | None:
    """The host's nodes for a guest's node, or for all its memory."""
    tuning = build.guest.numatune
    if tuning.memory is not None and tuning.memory.placement is NumaPlacement.AUTO:
        if build.prepared.numa_advice is None:
            raise InternalError("Advice from numad is needed in case of automatic numa placement")
        return build.prepared.numa_advice
    for memnode in tuning.memnodes:
        if memnode.cell == node:
            return memnode.nodes
    return tuning.memory.nodes if tuning.memory else None


def add_backing(build: Build, backing: Backing) -> None:
    """Put the object on the command line, with the threads that allocate its memory on the right nodes."""
    given = backing.props
    nodes = _allocating_nodes(build, backing)
    if nodes:
        name = f"tc-{given['id']}"
        build.argv.object({"qom-type": "thread-context", "id": name, "node-affinity": sorted(nodes)})
        build.thread_contexts.insert(0, name)
        given = given | {"prealloc-context": name}
    build.argv.object(given)


def _allocating_nodes(build: Build, backing: Backing) -> CpuSet | None:
    """The nodes on which threads allocate: the memory's own, as far as the emulator may run there."""
    if backing.nodes is None or not backing.props.get("prealloc") or "thread-context" not in build.caps:
        return None
    cpus = _emulator_cpus(build)
    if not cpus or not build.prepared.cpu_nodes:
        return backing.nodes
    nodes = {build.prepared.cpu_nodes[cpu] for cpu in cpus if cpu in build.prepared.cpu_nodes}
    return CpuSet(backing.nodes & nodes)


def _emulator_cpus(build: Build) -> CpuSet | None:
    """The host's CPUs that the emulator's own threads are kept on."""
    guest = build.guest
    if guest.cputune.emulator_pin:
        return guest.cputune.emulator_pin.cpus
    if guest.vcpus.placement is Placement.AUTO and build.prepared.numa_advice is not None:
        advised = build.prepared.numa_advice
        return CpuSet(cpu for cpu, node in build.prepared.cpu_nodes.items() if node in advised)
    return guest.vcpus.cpuset


def check_host_nodes(build: Build, nodes: CpuSet | None) -> None:
    """Refuse nodes that the host does not have."""
    if nodes is None or build.prepared.host_nodes is None:
        return
    missing = sorted(set(nodes) - build.prepared.host_nodes)
    if missing:
        raise ConfigUnsupported(f"NUMA node {missing[0]} is unavailable")
