# SPDX-License-Identifier: LGPL-2.1-or-later
"""The time of this machine and of the place it stands at."""

from __future__ import annotations

import time


class Clock:
    """The real clock."""

    def now(self) -> float:
        """Seconds since 1970 in UTC."""
        return time.time()

    def local_offset(self, moment: float | None = None) -> int:
        """By how many seconds the local time is ahead of UTC at a moment, daylight saving time included."""
        return time.localtime(self.now() if moment is None else moment).tm_gmtoff
