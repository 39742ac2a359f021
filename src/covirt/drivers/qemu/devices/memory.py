# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory modules."""

from __future__ import annotations

from covirt.drivers.qemu.command.backing import Piece, add_backing, backing_of, pages_of
from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import place, virtio_props
from covirt.errors import InternalError
from covirt.model.domain.devices.memory import Memory, MemoryModel


def build(memory: Memory, build: Build) -> None:
    """The memory and the module; enclave memory is described by the machine."""
    add_backing(build, backing_of(build, piece_of(memory), force=True))
    if memory.model is not MemoryModel.SGX_EPC:
        build.argv.device(frontend(memory, build))


def piece_of(memory: Memory) -> Piece:
    """The module's memory."""
    alias = memory.info.alias
    if alias is None:
        raise InternalError("memory device alias is not assigned")
    return Piece(name=f"mem{alias}", file_name=alias, size=memory.target.size, node=memory.target.node, module=memory)


def frontend(memory: Memory, build: Build) -> Props:
    """The module."""
    target = memory.target
    made = _driver(memory, build)
    made |= props(
        node=target.node,
        label_size=target.label_size * 1024 or None,
        block_size=target.block * 1024 or None,
        requested_size=(target.requested or 0) * 1024 or None,
        uuid=str(memory.uuid) if memory.uuid else None,
        unarmed=True if target.readonly else None,
        memdev=f"mem{memory.info.alias}",
        prealloc=True if _allocates(memory, build) else None,
        memaddr=target.address or None,
        dynamic_memslots=target.dynamic_memslots,
        id=memory.info.alias,
    )
    return made | place(build, memory.info)


def _driver(memory: Memory, build: Build) -> Props:
    match memory.model:
        case MemoryModel.VIRTIO_PMEM | MemoryModel.VIRTIO_MEM:
            return virtio_props(build, memory.model, memory.info)
        case MemoryModel.NVDIMM:
            return props(driver="nvdimm")
    return props(driver="pc-dimm")


def _allocates(memory: Memory, build: Build) -> bool:
    """Does the device itself take the memory that the guest plugs in?"""
    if memory.model is not MemoryModel.VIRTIO_MEM or "virtio-mem-pci.prealloc" not in build.caps:
        return False
    return pages_of(build, piece_of(memory)).allocated
