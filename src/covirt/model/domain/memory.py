# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<memory>`, `<currentMemory>`, `<maxMemory>`: how much memory a guest has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from covirt.model.domain.sizes import Memory, memory_at
from covirt.xml import At, OnOff


@dataclass(slots=True, kw_only=True)
class MemorySize:
    """The amounts, in KiB."""

    slots: Annotated[int, At("maxMemory/@slots", omit=0, invalid="Failed to parse memory slot count")] = 0
    """How many memory devices can be plugged in."""
    maximum: Annotated[Memory, memory_at("maxMemory", omit=0)] = 0
    """The total can grow to this by plugging in memory devices."""
    dump_core: Annotated[OnOff | None, At("memory/@dumpCore")] = None
    total: Annotated[Memory, memory_at("memory")] = 0
    """All memory, with that of memory devices."""
    current: Annotated[Memory, memory_at("currentMemory")] = 0
    """What the balloon leaves to the guest."""

    @property
    def hotplug(self) -> bool:
        """Can memory devices be plugged in?"""
        return self.slots > 0 or self.maximum > 0
