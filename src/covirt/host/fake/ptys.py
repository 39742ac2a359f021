# SPDX-License-Identifier: LGPL-2.1-or-later
"""Terminals that are pairs of sockets."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from covirt.errors import SystemCallFailed
from covirt.host.ptys import Pty, Ptys


class FakePtys(Ptys):
    """Gives pairs of sockets; the guest's end waits to be connected by its made-up device name."""

    def __init__(self) -> None:
        """None yet."""
        self._ends: dict[Path, socket.socket] = {}

    def open(self, *, raw: bool = True, blocking: bool = False) -> Pty:
        """A new pair."""
        ours, theirs = socket.socketpair()
        ours.setblocking(blocking)
        device = Path(f"/dev/pts/fake{len(self._ends)}")
        self._ends[device] = theirs
        return Pty(ours.detach(), device)

    def connect(self, device: Path) -> int:
        """The guest's end of a pair."""
        if device not in self._ends:
            raise SystemCallFailed.from_errno(2, f"unable to open file: '{device}'")
        return os.dup(self._ends[device].fileno())

    def set_raw(self, fd: int) -> list[object]:
        """Sockets are raw."""
        return []

    def restore(self, fd: int, settings: list[object]) -> None:
        """Nothing to give back."""

    def close(self) -> None:
        """Close the guests' ends."""
        for end in self._ends.values():
            end.close()
        self._ends.clear()
