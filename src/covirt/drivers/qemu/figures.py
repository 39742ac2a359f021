# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the kernel tells about a guest's process and its threads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICK = 1_000_000_000 // os.sysconf("SC_CLK_TCK")
_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True, slots=True)
class ThreadFigures:
    """Processor time in nanoseconds, and on which processor of the host it is."""

    user: int
    system: int
    cpu: int
    resident: int
    """Memory in KiB; the same for all threads of a process."""

    @property
    def time(self) -> int:
        """All of the time."""
        return self.user + self.system


def figures(pid: int, thread: int | None = None) -> ThreadFigures | None:
    """The figures of a process or one of its threads; None when it is gone."""
    path = Path(f"/proc/{pid}/stat") if thread is None else Path(f"/proc/{pid}/task/{thread}/stat")
    try:
        fields = path.read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return ThreadFigures(
        user=int(fields[11]) * _TICK,
        system=int(fields[12]) * _TICK,
        cpu=int(fields[36]),
        resident=int(fields[21]) * _PAGE_KIB,
    )
