# SPDX-License-Identifier: LGPL-2.1-or-later
"""What no hypervisor could do with a memory module."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from covirt.errors import ConfigUnsupported, XmlDetail
from covirt.model.domain.address import DimmAddress

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition
    from covirt.model.domain.devices.memory import Memory

PAGE = 4096
"""Bytes of a page, on all hosts that matter here."""
HUGE_PAGE = 2048
"""KiB of a transparent huge page."""


def check(memory: Memory, guest: DomainDefinition) -> None:
    """All checks in the order in which a user sees them."""
    check_node(memory, len(guest.numa_cells))
    CHECKS[memory.model](memory, guest)
    check_conflicts(memory, guest)


def check_node(memory: Memory, cells: int) -> None:
    """The module belongs to a NUMA node that is there."""
    node = memory.target.node
    if node is None:
        return
    if not cells:
        raise XmlDetail("can't add memory backend as guest has no NUMA nodes configured")
    if node >= cells:
        raise XmlDetail(
            f"can't add memory backend for guest node '{node}' as the guest has only '{cells}' NUMA nodes configured"
        )


def check_nvdimm(memory: Memory, guest: DomainDefinition) -> None:
    """A file, and on pSeries a label."""
    if memory.source.path is None:
        raise XmlDetail("path is required for model 'nvdimm'")
    if memory.discard:
        raise ConfigUnsupported("discard is not supported for nvdimms")
    if guest.os.arch in ("ppc64", "ppc64le"):
        if not memory.target.label_size:
            raise ConfigUnsupported("label size is required for NVDIMM device")
    elif memory.uuid is not None:
        raise ConfigUnsupported("UUID is not supported for NVDIMM device")


def check_virtio_pmem(memory: Memory, guest: DomainDefinition) -> None:
    """A shared file, outside of NUMA."""
    if memory.source.path is None:
        raise XmlDetail(f"path is required for model '{memory.model}'")
    if memory.discard:
        raise ConfigUnsupported(f"discard is not supported for model '{memory.model}'")
    if memory.access != "shared":
        raise ConfigUnsupported("shared access mode required for virtio-pmem device")
    if memory.target.node is not None:
        raise ConfigUnsupported("virtio-pmem does not support NUMA nodes")
    if memory.target.address % PAGE:
        raise ConfigUnsupported(f"memory address must be aligned to {PAGE} bytes")


def check_virtio_mem(memory: Memory, guest: DomainDefinition) -> None:
    """Blocks of huge pages, and sizes that are made of them."""
    target = memory.target
    requested = target.requested or 0
    if requested > target.size:
        raise XmlDetail(f"requested size must be smaller than or equal to @size ({target.size}KiB)")
    if not target.block or target.block & (target.block - 1):
        raise XmlDetail("block size must be a power of two")
    if target.block < HUGE_PAGE:
        raise XmlDetail(f"block size too small, must be at least {HUGE_PAGE}KiB")
    if requested % target.block:
        raise XmlDetail("requested size must be an integer multiple of block size")
    if target.address % (target.block * 1024):
        raise XmlDetail("memory device address must be aligned to blocksize")


def check_sgx_epc(memory: Memory, guest: DomainDefinition) -> None:
    """Enclave memory is not a module in a slot."""
    if memory.info.address is not None:
        raise ConfigUnsupported(f"memory device address is not supported for model '{memory.model}'")


def check_dimm(memory: Memory, guest: DomainDefinition) -> None:
    """Nothing more to check."""


CHECKS: dict[str, Callable[[Memory, DomainDefinition], None]] = {
    "dimm": check_dimm,
    "nvdimm": check_nvdimm,
    "virtio-pmem": check_virtio_pmem,
    "virtio-mem": check_virtio_mem,
    "sgx-epc": check_sgx_epc,
}


# Places in the guest's address space


def mapped_size(memory: Memory) -> int:
    """How many bytes of the guest's address space it takes: labels are mapped elsewhere."""
    size = memory.target.size
    if memory.model == "nvdimm":
        align = memory.source.alignsize or PAGE // 1024
        size -= -(-memory.target.label_size // align) * align
    return size * 1024


def place(memory: Memory) -> int:
    """Where in the guest's address space it begins; 0 when that is open."""
    if memory.model in ("virtio-pmem", "virtio-mem"):
        return memory.target.address
    address = memory.info.address
    return address.base if isinstance(address, DimmAddress) and memory.model != "sgx-epc" else 0


def check_conflicts(memory: Memory, guest: DomainDefinition) -> None:
    """Refuse slots that are taken and places that overlap."""
    start, address = place(memory), memory.info.address
    dimm = isinstance(address, DimmAddress) and memory.model in ("dimm", "nvdimm")
    if not start and not dimm:
        return
    end = start + mapped_size(memory)
    for other in guest.devices.memories:
        if other is memory:
            continue
        if dimm and isinstance(address, DimmAddress) and isinstance(other.info.address, DimmAddress):
            if address.slot == other.info.address.slot:
                raise ConfigUnsupported(
                    f"memory device slot '{address.slot}' is already being used by another memory device"
                )
        elif not dimm and address is not None and other.info.address == address:
            continue
        other_start = place(other)
        if not start or not other_start:
            continue
        other_end = other_start + mapped_size(other)
        if start < other_end and other_start < end:
            raise ConfigUnsupported(
                f"memory device address [0x{start:x}:0x{end:x}] overlaps with other memory device (0x{other_start:x})"
            )
