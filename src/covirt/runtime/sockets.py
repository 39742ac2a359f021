# SPDX-License-Identifier: LGPL-2.1-or-later
"""UNIX sockets at paths of any length: the kernel takes 107 bytes only, so longer ones are named from near by."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST = 107


@contextmanager
def near(path: Path | str) -> Iterator[str]:
    """A name for a socket's path that is short enough, good as long as the context lasts."""
    path = Path(path)
    if len(os.fsencode(path)) <= LONGEST:
        yield str(path)
        return
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


async def connect_unix(path: Path | str) -> socket.socket:
    """A connection to the socket that listens at a path; raises OSError."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    made.setblocking(False)
    try:
        with near(path) as name:
            await asyncio.get_running_loop().sock_connect(made, name)
    except BaseException:
        made.close()
        raise
    return made
