# SPDX-License-Identifier: LGPL-2.1-or-later
"""Slots for memory modules."""

from __future__ import annotations

from covirt.errors import InternalError
from covirt.model.domain.address import DimmAddress
from covirt.model.domain.definition import DomainDefinition

IN_SLOTS = frozenset({"dimm", "nvdimm"})


def assign(guest: DomainDefinition) -> None:
    """Give a slot to each module that has none."""
    slots = guest.memory_slots
    if not slots:
        return
    addresses = [memory.info.address for memory in guest.devices.memories]
    taken = {address.slot for address in addresses if isinstance(address, DimmAddress)}
    for memory in guest.devices.memories:
        if memory.model in IN_SLOTS and not isinstance(memory.info.address, DimmAddress):
            slot = next((slot for slot in range(slots) if slot not in taken), None)
            if slot is None:
                raise InternalError("failed to find an empty memory slot")
            taken.add(slot)
            memory.info.address = DimmAddress(slot=slot)
