# SPDX-License-Identifier: LGPL-2.1-or-later
"""The division of memory and processors into NUMA cells."""

from __future__ import annotations

from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.machine import machine_of
from covirt.errors import XmlError
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.numa import Cell
from covirt.values import CpuSet

_IN_A_CELL = frozenset({"dimm", "nvdimm", "virtio-mem"})


def divide(guest: DomainDefinition, about: Circumstances) -> None:
    """Memory that can be plugged in needs a cell; processors that no cell names are in the first."""
    if about.abi_update and guest.memory.maximum and not machine_of(guest).s390_ccw and not guest.numa_cells:
        _add_cell(guest)
    cells = guest.numa_cells
    if not cells:
        return
    named = {cpu for cell in cells for cpu in cell.cpus or ()}
    if len(named) < guest.vcpus.maximum:
        missing = set(range(guest.vcpus.maximum)) - named
        cells[0].cpus = CpuSet(set(cells[0].cpus or ()) | missing)


def _add_cell(guest: DomainDefinition) -> None:
    left = guest.memory.total
    for memory in guest.devices.memories:
        if memory.target.size > left:
            raise XmlError("Total size of memory devices exceeds the total memory size")
        left -= memory.target.size
        if memory.model in _IN_A_CELL and memory.target.node is None:
            memory.target.node = 0
    guest.add_numa_cell(Cell(id=0, memory=left))
