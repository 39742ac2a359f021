# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pipe by which the classic init programs take orders."""

from __future__ import annotations

import os
import stat
import struct

from covirt.drivers.lxc.controller.kernel import open_within

POWER_OFF, REBOOT = 0, 6
"""Run levels."""

PIPES = ("/run/initctl", "/dev/initctl", "/etc/.initctl")
_MAGIC, _CHANGE_LEVEL, _SIZE = 0x03091969, 1, 384


def ask(init: int, level: int) -> bool:
    """Ask a container's init for a run level; whether it has such a pipe. No link leads out of the container."""
    root = os.open(f"/proc/{init}/root", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return any(_ask(root, path, level) for path in PIPES)
    finally:
        os.close(root)


def _ask(root: int, path: str, level: int) -> bool:
    try:
        fd = open_within(root, path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return False
    try:
        if not stat.S_ISFIFO(os.fstat(fd).st_mode):
            return False
        request = struct.pack("=iiii", _MAGIC, _CHANGE_LEVEL, ord(str(level)), 0)
        return os.write(fd, request.ljust(_SIZE, b"\0")) == _SIZE
    finally:
        os.close(fd)
