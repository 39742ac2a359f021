# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a process ended, and who a process is."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ExitStatus:
    """The end of a process: a code, or the signal that killed it."""

    code: int | None = None
    signal: int | None = None

    @property
    def success(self) -> bool:
        """Whether it ended well."""
        return self.code == 0

    @classmethod
    def of(cls, result: os.waitid_result) -> ExitStatus:
        """What the kernel says about a child."""
        return cls(code=result.si_status) if result.si_code == os.CLD_EXITED else cls(signal=result.si_status)

    def __str__(self) -> str:
        """As libvirt says it."""
        return f"exit status {self.code}" if self.signal is None else f"fatal signal {self.signal}"

    @property
    def reason(self) -> str:
        """As a person would say it."""
        if self.signal is None:
            return f"ended with status {self.code}"
        return f"killed by {signal.Signals(self.signal).name if self.signal in set(signal.Signals) else self.signal}"


def start_time(pid: int) -> int | None:
    """When a process began, in ticks since boot; with its pid this is who it is. None when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="surrogateescape")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(text.rpartition(")")[2].split()[19])
