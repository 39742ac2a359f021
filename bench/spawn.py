# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long it takes to start a process, from a small parent and a big one, with a launchpad ready and without."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time

from covirt.runtime.launch import Command
from covirt.runtime.loop import run
from covirt.runtime.process import Supervisor

TRUE = Command(argv=["true"])


async def measure(supervisor: Supervisor, times: int, *, ready: bool) -> float:
    """The median time of a start, in milliseconds."""
    taken = []
    for _ in range(times):
        if ready:
            await supervisor.prepare()
            await asyncio.sleep(0.05)  # the interpreter in the launchpad gets ready
        begin = time.perf_counter()
        process = await supervisor.spawn(TRUE)
        taken.append(time.perf_counter() - begin)
        await process.wait_exit()
    return statistics.median(taken) * 1000


async def main(megabytes: int, times: int) -> None:
    """Measure and print."""
    ballast = bytearray(megabytes << 20)
    ballast[::4096] = b"\1" * len(ballast[::4096])  # really use the memory
    warm, cold = Supervisor(), Supervisor(spares=0)
    print(f"parent with {megabytes} MiB, median of {times} starts")
    print(f"  launchpad ready: {await measure(warm, times, ready=True):6.2f} ms")
    print(f"  none ready:      {await measure(cold, times, ready=False):6.2f} ms")
    await warm.close()
    await cold.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, nargs="*", default=[0, 1000])
    parser.add_argument("--times", type=int, default=30)
    arguments = parser.parse_args()
    for size in arguments.megabytes:
        run(main(size, arguments.times))
