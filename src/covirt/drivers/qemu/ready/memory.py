# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sizes of memory that QEMU takes."""

from __future__ import annotations

from covirt.drivers.qemu.machine import PPC64
from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.memory import Memory, MemoryModel

LARGEST = (2**63 - 1) >> 10
POWER_BLOCK = 256 * 1024
"""POWER guests get memory in pieces of this size (KiB)."""


def align(guest: DomainDefinition) -> None:
    """Round sizes up to what the machine can have."""
    power = guest.os.arch in PPC64
    step = POWER_BLOCK if power else 1024
    for cell in guest.numa_cells:
        cell.memory = _up(cell.memory, step, f"memory size of NUMA node '{cell.id}' overflowed after alignment")
    initial = sum(cell.memory for cell in guest.numa_cells) or _up(guest.initial_memory, step, "")
    if initial > LARGEST:
        raise ConfigUnsupported("initial memory size overflowed after alignment")
    guest.memory.maximum = _up(guest.memory.maximum, step, "maximum memory size overflowed after alignment")
    for number, module in enumerate(guest.devices.memories):
        message = f"size of memory module '{number}' overflowed after alignment"
        if module.model is MemoryModel.NVDIMM and power:
            module.target.size = _persistent_power(module)
        else:
            module.target.size = _up(module.target.size, POWER_BLOCK if power else 2048, message)
    guest.memory.total = initial + guest.plugged_memory


def _up(size: int, step: int, message: str) -> int:
    rounded = -(-size // step) * step
    if rounded > LARGEST and message:
        raise ConfigUnsupported(message)
    return rounded


def _persistent_power(module: Memory) -> int:
    label = module.target.label_size
    area = (module.target.size - label) // POWER_BLOCK * POWER_BLOCK
    if area < POWER_BLOCK:
        raise XmlError("minimum target size for the NVDIMM must be 256MB plus the label size")
    return area + label
