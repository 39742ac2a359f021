# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pseudo terminals."""

from __future__ import annotations

import fcntl
import os
import termios
import tty
from dataclasses import dataclass
from pathlib import Path

from covirt.errors import SystemCallFailed

_GET_NUMBER, _SET_LOCK = 0x80045430, 0x40045431  # TIOCGPTN and TIOCSPTLCK, for which Python has no names


@dataclass(slots=True)
class Pty:
    """A terminal pair: our end as a descriptor, the other as a device."""

    master: int
    device: Path

    def close(self) -> None:
        """Close our end."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1


class Ptys:
    """Makes terminals and opens devices."""

    def open(self, *, raw: bool = True, blocking: bool = False) -> Pty:
        """A new pair; `raw` passes all bytes as they are."""
        try:
            master = os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, "Failed to open PTY") from error
        try:
            device = Path(f"/dev/pts/{self._number(master)}")
            self._unlock(master)
            if raw:
                self.set_raw(master)
            os.set_blocking(master, blocking)
        except BaseException:
            os.close(master)
            raise
        return Pty(master, device)

    def connect(self, device: Path) -> int:
        """Open a terminal or serial device for reading and writing without ever becoming controlled by it."""
        try:
            return os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, f"unable to open file: '{device}'") from error

    def set_raw(self, fd: int) -> list[object]:
        """Pass all bytes as they are; gives the settings before, for `restore`."""
        before: list[object] = list(termios.tcgetattr(fd))
        tty.setraw(fd, termios.TCSANOW)
        return before

    def restore(self, fd: int, settings: list[object]) -> None:
        """Give a terminal its settings back."""
        termios.tcsetattr(fd, termios.TCSADRAIN, settings)  # type: ignore[arg-type]

    def _number(self, master: int) -> int:
        return int.from_bytes(fcntl.ioctl(master, _GET_NUMBER, bytes(4)), "little")

    def _unlock(self, master: int) -> None:
        fcntl.ioctl(master, _SET_LOCK, bytes(4))
