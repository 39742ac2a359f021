# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long many guests' statistics take over QMP: our client beside the qemu.qmp package.

python bench/qmp.py [GUESTS]      real QEMU processes without a machine, seven queries each, all at once
"""

from __future__ import annotations

import asyncio
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from qemu.qmp import QMPClient

from covirt.drivers.qemu.monitor import Monitor

QUERIES = (
    "query-status", "query-balloon", "query-block", "query-blockstats", "query-cpus-fast", "query-iothreads",
    "query-memory-devices",
)  # fmt: skip
ROUNDS = 15


async def start(path: Path) -> asyncio.subprocess.Process:
    """A QEMU that listens for a monitor at a path."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(str(path))
        listening.listen(1)
        number = listening.fileno()
        return await asyncio.create_subprocess_exec(
            "qemu-system-x86_64",
            *("-S", "-nodefaults", "-no-user-config", "-display", "none", "-m", "32", "-accel", "tcg"),
            *("-chardev", f"socket,id=mon,fd={number},server=on,wait=off", "-mon", "chardev=mon,mode=control"),
            pass_fds=[number],
            stderr=asyncio.subprocess.DEVNULL,
        )


async def measure(name: str, executors: list[Callable[[str], Awaitable[Any]]]) -> None:
    """Ask all guests everything at once, several times, and print the median."""

    async def one(execute: Callable[[str], Awaitable[Any]], query: str) -> None:
        # There is no balloon: a refusal is an answer too, and each client has its own exception for it.
        with suppress(Exception):
            await execute(query)

    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        await asyncio.gather(*(one(execute, query) for execute in executors for query in QUERIES))
        times.append((time.perf_counter() - begin) * 1000)
    print(f"{name:10} {len(executors)} guests, {len(QUERIES)} queries each: {statistics.median(times):6.1f} ms")


async def main(guests: int) -> None:
    """Start the guests, and measure one client after the other."""
    with tempfile.TemporaryDirectory() as directory:
        paths = [Path(directory) / f"{number}.sock" for number in range(guests)]
        processes = [await start(path) for path in paths]
        try:
            monitors = [await Monitor.connect(path) for path in paths]
            await measure("covirt", [monitor.execute for monitor in monitors])
            for monitor in monitors:
                monitor.close()
            clients = [QMPClient(str(path)) for path in paths]
            for client, path in zip(clients, paths, strict=True):
                await client.connect(str(path))
            await measure("qemu.qmp", [client.execute for client in clients])
            for client in clients:
                await client.disconnect()
        finally:
            for process in processes:
                process.terminate()
                await process.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
