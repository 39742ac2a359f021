# SPDX-License-Identifier: LGPL-2.1-or-later
"""How much of its memory a QEMU process may need to lock.

Devices that read and write the guest's memory by themselves need it where it is. The room beside the guest's own memory
is an estimate that has proved itself.
"""

from __future__ import annotations

from collections.abc import Callable

from covirt.drivers.qemu.machine import PPC64
from covirt.model.common.pci import PciSlot
from covirt.model.common.storage_source import NvmeLocation, VhostVdpaLocation
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.connections import HostdevConnection
from covirt.model.domain.devices.controller import PciModelName
from covirt.model.domain.devices.hostdev_sources import MdevHostdev, PciHostdev

HasNvlink = Callable[[PciSlot], bool]
"""Whether a PCI device of the host is a bridge to a processor's NVLink."""

GIB = 1 << 20
MIB = 1 << 10
"""In KiB, as all sizes here."""


def limit(guest: DomainDefinition, has_nvlink: HasNvlink = lambda slot: False) -> int | None:
    """The limit in bytes, 0 when nothing is locked; None when nobody can know, so that there must be no limit."""
    if guest.memtune.hard_limit:
        return guest.memtune.hard_limit << 10
    if guest.memory_backing.locked:
        return None
    if guest.os.arch in PPC64 and guest.type == "kvm":
        return _power(guest, has_nvlink) << 10
    assigned, nvme, vdpa = len(_pci(guest)) + _mdevs(guest), _nvme(guest), _vdpa_cards(guest) + _vdpa_disks(guest)
    if not (assigned or nvme or vdpa):
        return 0
    # Each of these maps the whole memory; of the assigned ones only behind an IOMMU of the guest's.
    maps = vdpa + nvme + (assigned if guest.devices.iommu else min(assigned, 1))
    return (maps * guest.memory.total + GIB) << 10


def _power(guest: DomainDefinition, has_nvlink: HasNvlink) -> int:
    """On POWER there are tables besides: the page table, and those of each host bridge's window into the memory."""
    bridges = sum(c.model_name is PciModelName.SPAPR_PCI_HOST_BRIDGE for c in guest.devices.controllers)
    total = guest.memory.total
    most = guest.memory.maximum or total
    base = most // 128 + 4 * MIB * bridges + 8 * MIB
    if any(has_nvlink(slot) for slot in _pci(guest)):
        # Their memory lies above 64 TiB, so that the tables cover 128 TiB.
        return base + most + 128 * (1 << 30) // 512 * bridges + 8 * MIB
    if _pci(guest) or _mdevs(guest) or _nvme(guest) or _vdpa_cards(guest):
        return base + max(2 * GIB * bridges, total + total // 512 * bridges + 8 * MIB)
    return base


def _pci(guest: DomainDefinition) -> list[PciSlot]:
    """The host's PCI devices that the guest has, some as network cards."""
    slots: list[PciSlot] = [h.source.address for h in guest.devices.hostdevs if isinstance(h.source, PciHostdev)]
    for card in guest.devices.interfaces:
        if isinstance(card.connected, HostdevConnection) and isinstance(card.connected.address, PciSlot):
            slots.append(card.connected.address)
    return slots


def _mdevs(guest: DomainDefinition) -> int:
    return sum(isinstance(hostdev.source, MdevHostdev) for hostdev in guest.devices.hostdevs)


def _nvme(guest: DomainDefinition) -> int:
    disks = guest.devices.disks
    return sum(any(isinstance(source.actual, NvmeLocation) for source in disk.sources()) for disk in disks)


def _vdpa_cards(guest: DomainDefinition) -> int:
    return sum(card.actual_type == "vdpa" for card in guest.devices.interfaces)


def _vdpa_disks(guest: DomainDefinition) -> int:
    sources = (source for disk in guest.devices.disks for source in disk.sources())
    return sum(isinstance(source.location, VhostVdpaLocation) for source in sources)
