# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory: modules and the room for them, huge pages, nodes."""

from __future__ import annotations

from mmap import PAGESIZE

from covirt.drivers.qemu.check.situation import Situation
from covirt.drivers.qemu.machine import PPC64, S390
from covirt.errors import ConfigUnsupported
from covirt.model.domain.address import CcwAddress, DimmAddress, PciAddress
from covirt.model.domain.devices.memory import Memory, MemoryModel
from covirt.model.domain.memory_backing import MemoryAccess, MemoryAllocation, MemorySource

IN_SLOTS = (MemoryModel.DIMM, MemoryModel.NVDIMM)

# All modules


def check_modules(situation: Situation) -> None:
    """The guest has room for its memory devices."""
    guest, modules = situation.guest, situation.guest.devices.memories
    if not guest.memory.hotplug:
        if modules:
            raise ConfigUnsupported("cannot use/hotplug a memory device when domain 'maxMemory' is not defined")
        return
    if situation.machine.arch not in PPC64 | S390 and not guest.numa_cells:
        # QEMU would make a node itself; the document shall say so.
        raise ConfigUnsupported("At least one numa node has to be configured when enabling memory hotplug")
    for module in modules:
        if module.model is not MemoryModel.SGX_EPC:
            check_room(module, situation)
    needed = sum(module.model in IN_SLOTS for module in modules)
    if needed > guest.memory.slots:
        raise ConfigUnsupported(
            f"count of memory devices requiring memory slots '{needed}' exceeds slots count '{guest.memory.slots}'"
        )
    if guest.plugged_memory > guest.memory.maximum - guest.initial_memory:
        raise ConfigUnsupported("memory device total size exceeds hotplug space")


def check_room(module: Memory, situation: Situation) -> None:
    """One module is in a place that its kind can have."""
    address, guest = module.info.address, situation.guest
    match module.model:
        case MemoryModel.DIMM | MemoryModel.NVDIMM:
            if not isinstance(address, DimmAddress | None):
                raise ConfigUnsupported("only 'dimm' addresses are supported for the pc-dimm device")
            if address is not None and address.slot >= guest.memory.slots:
                raise ConfigUnsupported(
                    f"memory device slot '{address.slot}' exceeds slots count '{guest.memory.slots}'"
                )
        case MemoryModel.VIRTIO_PMEM:
            if not isinstance(address, PciAddress | None):
                raise ConfigUnsupported("only 'pci' addresses are supported for the virtio-pmem device")
            return
        case MemoryModel.VIRTIO_MEM:
            if not isinstance(address, PciAddress | CcwAddress | None):
                raise ConfigUnsupported(f"only 'pci' and 'ccw' addresses are supported for the {module.model} device")
        case MemoryModel.SGX_EPC:
            raise ConfigUnsupported(f"hotplug is not supported for the {module.model} device")
    if guest.numa_cells and module.target.node is None:
        raise ConfigUnsupported("target NUMA node needs to be specified for memory device")


# One module


def check(module: Memory, situation: Situation) -> None:
    """This QEMU has the device."""
    match module.model:
        case MemoryModel.DIMM:
            situation.need("pc-dimm", "memory hotplug isn't supported by this QEMU binary")
        case MemoryModel.NVDIMM:
            situation.need("nvdimm", "nvdimm isn't supported by this QEMU binary")
            if module.target.readonly:
                situation.need("nvdimm.unarmed", "nvdimm readonly property is not available with this QEMU binary")
        case MemoryModel.VIRTIO_PMEM:
            situation.need("virtio-pmem-pci", "virtio-pmem isn't supported by this QEMU binary")
        case MemoryModel.VIRTIO_MEM:
            _check_virtio_mem(module, situation)
        case MemoryModel.SGX_EPC:
            _check_epc(module, situation)


def _check_virtio_mem(module: Memory, situation: Situation) -> None:
    match module.info.address:
        case PciAddress():
            situation.need("virtio-mem-pci", "virtio-mem isn't supported by this QEMU binary")
        case CcwAddress():
            situation.need("virtio-mem-ccw", "virtio-mem isn't supported by this QEMU binary")
            _check_virtio_mem_ccw(module, situation)
    if module.target.dynamic_memslots:
        situation.need("virtio-mem-pci.dynamic-memslots", "virtio-mem does not support dynamicMemslots")


def _check_virtio_mem_ccw(module: Memory, situation: Situation) -> None:
    """QEMU's s390 machines have one page size for all memory, and no nodes."""
    hugepages = situation.guest.memory_backing.hugepages
    if module.source.pagesize and hugepages:
        boot = hugepages.pages[0].size if hugepages.pages else 0
        if module.source.pagesize != boot:
            raise ConfigUnsupported("virtio-mem-ccw can't use different page size than the boot memory")
    if module.target.node:
        raise ConfigUnsupported("NUMA nodes are not supported for virtio-mem-ccw")


def _check_epc(module: Memory, situation: Situation) -> None:
    situation.need("sgx-epc", "sgx epc isn't supported by this QEMU binary")
    sections = situation.caps.sgx.sections if situation.caps.sgx else ()
    if not sections:
        raise ConfigUnsupported("this QEMU version didn't provide SGX EPC NUMA info")
    for node in sorted(module.source.nodemask or {0}):
        size = sections[node].size if node < len(sections) else 0
        if module.target.size > size:
            raise ConfigUnsupported(
                f"sgx epc size {size} on host node {node} is less than requested size {module.target.size}"
            )


# The guest's memory


def check_backing(situation: Situation) -> None:
    """Huge pages go with few other wishes."""
    guest, backing = situation.guest, situation.guest.memory_backing
    if backing.hugepages is None:
        return
    if backing.allocation is MemoryAllocation.ON_DEMAND:
        raise ConfigUnsupported("hugepages are not allowed with memory allocation ondemand")
    if backing.allocation_threads:
        situation.need("memory-backend-file.prealloc-threads", "preallocation threads are unsupported with this QEMU")
    if backing.source is MemorySource.ANONYMOUS:
        raise ConfigUnsupported("hugepages are not allowed with anonymous memory source")
    if backing.source is MemorySource.MEMFD:
        situation.need("memory-backend-memfd.hugetlb", "hugepages is not supported with memfd memory source")
    machine = situation.caps.machine(guest.type, situation.machine.type)
    named = machine is not None and machine.default_ram_id is not None
    first = backing.hugepages.pages[0].size if backing.hugepages.pages else 0
    if not named and first != PAGESIZE // 1024 and not guest.numa_cells and backing.access is MemoryAccess.SHARED:
        raise ConfigUnsupported(f"memory access mode '{backing.access}' not supported without guest numa node")


def check_nodes(situation: Situation) -> None:
    """Old QEMU cannot tell the guest how fast its memory is."""
    numa = situation.guest.numa
    if numa is not None and (numa.links or any(cell.caches for cell in numa.cells)):
        situation.need("numa.hmat", "HMAT is not supported with this QEMU")
