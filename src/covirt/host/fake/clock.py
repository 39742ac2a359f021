# SPDX-License-Identifier: LGPL-2.1-or-later
"""A clock that stands still."""

from __future__ import annotations

from dataclasses import dataclass

from covirt.host.clock import Clock


@dataclass(slots=True)
class FakeClock(Clock):
    """Always the same moment at the same place."""

    moment: float = 0.0
    offset: int = 0

    def now(self) -> float:
        """The moment."""
        return self.moment

    def local_offset(self, moment: float | None = None) -> int:
        """The offset of the place."""
        return self.offset
