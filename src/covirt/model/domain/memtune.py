# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<memtune>`: limits on the memory that the guest's process may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from covirt.model.domain.sizes import Memory, memory_at
from covirt.xml import At, Reading, Size
from covirt.xml.scalars import INT64_MAX

UNLIMITED = INT64_MAX >> 10
"""In KiB; a limit of this or more is none."""

Limit = Annotated[int, Size("KiB", high=UNLIMITED << 10, capped=False)]


def _limit(name: str, **more: Any) -> At:
    return memory_at(name, f"./memtune/{name}[1]", **more)


@dataclass(slots=True, kw_only=True)
class MemoryTuning:
    """The limits, in KiB."""

    hard_limit: Annotated[Limit | None, _limit("hard_limit")] = None
    soft_limit: Annotated[Limit | None, _limit("soft_limit")] = None
    min_guarantee: Annotated[Memory, _limit("min_guarantee", omit=0)] = 0
    swap_hard_limit: Annotated[Limit | None, _limit("swap_hard_limit")] = None

    def after_parse(self, reading: Reading) -> None:
        """A limit that does not limit is none."""
        for name in ("hard_limit", "soft_limit", "swap_hard_limit"):
            if (getattr(self, name) or 0) >= UNLIMITED:
                setattr(self, name, None)
