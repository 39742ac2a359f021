# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes of the number of virtual processors."""

from __future__ import annotations

import os

from covirt.drivers.qemu import details
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor.commands import qom
from covirt.drivers.qemu.monitor.commands import vcpus as commands
from covirt.errors import InvalidArg, OperationFailed, OperationUnsupported
from covirt.model.domain.definition import DomainDefinition
from covirt.values import CpuSet


def set_maximum(definition: DomainDefinition, count: int) -> None:
    """The most processors of the next start."""
    topology = definition.cpu.topology if definition.cpu else None
    if topology is not None and topology.vcpus != count:
        raise InvalidArg("CPU topology doesn't match the desired vcpu count")
    if definition.vcpus.individual:
        definition.vcpus.individual = definition.vcpus.individual[:count]
    current = min(definition.vcpus.count, count)
    definition.vcpus.maximum = count
    definition.vcpus.current = current if current < count else None


def set_count(definition: DomainDefinition, count: int, *, hotpluggable: bool = False) -> None:
    """The processors at the next start: the first ones."""
    vcpus = definition.vcpus
    if vcpus.individual:
        enabled = 0
        for vcpu in vcpus.individual:
            vcpu.enabled = enabled < count
            enabled += vcpu.enabled
            vcpu.hotpluggable = vcpu.hotpluggable or hotpluggable or not vcpu.enabled
        return
    vcpus.current = count if count < vcpus.maximum else None


async def set_live(guest: QemuGuest, count: int) -> None:
    """Plug processors in or out until there are so many."""
    definition, monitor = guest.definition, guest.monitor
    found = await commands.vcpus(monitor, definition.vcpus.maximum)
    online = [vcpu for vcpu in found if vcpu.online]
    if count > len(online):
        await _plug(guest, found, count - len(online))
    elif count < len(online):
        raise OperationUnsupported("processors of a running guest cannot be taken away yet")
    set_count(definition, count)
    await details.note_threads(guest)


async def _plug(guest: QemuGuest, found: list[commands.Vcpu], missing: int) -> None:
    for number, vcpu in enumerate(found):
        if missing <= 0:
            return
        if vcpu.online or vcpu.place is None:
            continue
        place = {name: value for name, value in vcpu.place.properties.items() if value >= 0}
        await qom.add_device(guest.monitor, {"driver": vcpu.place.type, "id": f"vcpu{number}", **place})
        missing -= vcpu.place.vcpus
    if missing > 0:
        raise OperationFailed("the machine has no more places for processors")


def affinity(thread: int) -> CpuSet:
    """The processors of the host on which a thread may run."""
    try:
        return CpuSet(os.sched_getaffinity(thread))
    except ProcessLookupError:
        return CpuSet()
