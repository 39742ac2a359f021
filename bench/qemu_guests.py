# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the QEMU driver adds to QEMU's own time: `python bench/qemu_guests.py [--json]`.

Start: from the call to the running guest, minus the same command line started bare up to its monitor. Destroy: from
the call to its return, beside the time that the process itself needs to end. Many: paused guests under one process,
its threads, and bulk counters of all of them. Reads: how long they take while a big guest is saved.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import covirt
from covirt.api.domain.lifecycle import DomainCreateFlags
from covirt.api.domain.stats import ConnectGetAllDomainStatsFlags, DomainStatsTypes
from covirt.client.objects_generated import Connection
from covirt.drivers.qemu.monitor import Monitor
from covirt.testing.guests.rom import rom_guest

ROUNDS = 7
DEVICES = """
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/><source file='{disk}'/><target dev='vda' bus='virtio'/>
    </disk>
    <interface type='user'><model type='virtio'/></interface>
    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <video><model type='vga'/></video>
"""


def document(name: str, *, memory: int = 32, devices: str = "") -> str:
    """A guest that is its own firmware."""
    return f"""
<domain type='qemu'>
  <name>{name}</name>
  <memory unit='MiB'>{memory}</memory>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <loader readonly='yes' type='rom'>{rom_guest()}</loader>
  </os>
  <features><acpi/></features>
  <devices><serial type='pty'/>{devices}</devices>
</domain>"""


async def timed(work: Callable[[], Awaitable[Any]]) -> float:
    """Milliseconds that something takes."""
    begin = time.perf_counter()
    await work()
    return (time.perf_counter() - begin) * 1000


# Start and destroy


async def start_and_destroy(conn: Connection, root: Path, devices: str) -> dict[str, float]:
    """The medians of some rounds."""
    domain = await conn.define_xml(document("measured", devices=devices))
    count = (await domain.xml_desc()).count("<address type='pci'") + 1
    await domain.create()  # the first start learns what later ones know
    await domain.destroy()
    starts, bare, stops, ends = [], [], [], []
    for _ in range(ROUNDS):
        starts.append(await timed(domain.create))
        words = running_command(root)
        stops.append(await timed(domain.destroy))
        one, other = await run_bare(words, root)
        bare.append(one)
        ends.append(other)
    await domain.undefine()
    start, alone = statistics.median(starts), statistics.median(bare)
    return {
        "devices": count,
        "start_ms": start,
        "bare_ms": alone,
        "overhead_ms": start - alone,
        "target_ms": 30 + 5 * count,
        "destroy_ms": statistics.median(stops),
        "bare_end_ms": statistics.median(ends),
    }


def running_command(root: Path) -> list[str]:
    """The command line of the guest that runs below a root."""
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue
        if words.startswith(b"/usr/bin/qemu") and os.fsencode(root) in words:
            return [word.decode() for word in words.split(b"\0")[:-1]]
    raise RuntimeError("no guest runs")


async def run_bare(words: list[str], root: Path) -> tuple[float, float]:
    """Start the same command line up to its monitor, then kill it; milliseconds of both."""
    path = root / "bare.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        path.unlink(missing_ok=True)
        listening.bind(str(path))
        listening.listen(1)
        number = listening.fileno()
        words = [bare_word(word, number) for word in words]
        key = next((word for word in words if "master-key" in word), None)
        if key is not None:
            at = words.index(key)
            del words[at - 1 : at + 1]
        begin = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *words, pass_fds=[number], stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
    monitor = await Monitor.connect(path)
    ready = (time.perf_counter() - begin) * 1000
    monitor.close()
    begin = time.perf_counter()
    process.send_signal(signal.SIGKILL)
    await process.wait()
    return ready, (time.perf_counter() - begin) * 1000


def bare_word(word: str, number: int) -> str:
    """The same word with our descriptor in the place of the driver's; other sockets go nowhere."""
    if word.startswith("socket,id=charmonitor,"):
        return f"socket,id=charmonitor,fd={number},server=on,wait=off"
    if word.startswith("socket,id="):
        return f"null,{word.split(',')[1]}"
    return word


# Many guests


async def many(conn: Connection, count: int) -> dict[str, float]:
    """Threads of this process, and the time of all counters of all guests."""
    domains = [await conn.create_xml(document(f"guest{n}"), DomainCreateFlags.PAUSED) for n in range(count)]
    await conn.get_all_domain_stats([], DomainStatsTypes(0), ConnectGetAllDomainStatsFlags(0))
    times = [
        await timed(lambda: conn.get_all_domain_stats([], DomainStatsTypes(0), ConnectGetAllDomainStatsFlags(0)))
        for _ in range(ROUNDS)
    ]
    threads = len(os.listdir("/proc/self/task"))
    await asyncio.gather(*(domain.destroy() for domain in domains))
    return {"guests": count, "threads": threads, "bulk_stats_ms": statistics.median(times), "bulk_target_ms": 40.0}


# Reads during a save


async def reads_during_save(conn: Connection, memory: int) -> dict[str, float]:
    """The slowest read while a guest is saved."""
    domain = await conn.define_xml(document("big", memory=memory))
    await domain.create_with_flags(DomainCreateFlags.PAUSED)
    saving = asyncio.create_task(timed(domain.managed_save))
    reads: list[float] = []
    while not saving.done():
        for read in (domain.state, domain.info, domain.xml_desc, conn.list_all_domains):
            reads.append(await timed(read))
        await asyncio.sleep(0.002)
    took = await saving
    await domain.managed_save_remove()
    await domain.undefine()
    reads.sort()
    return {"save_ms": took, "reads": len(reads), "median_ms": statistics.median(reads), "slowest_ms": reads[-1]}


async def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--guests", type=int, default=50)
    parser.add_argument("--big", type=int, default=1024, help="MiB of the guest that is saved")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="covirt-bench-") as directory:
        root = Path(directory)
        disk = root / "disk.raw"
        disk.write_bytes(bytes(1 << 20))
        conn = await covirt.open(f"qemu:///embed?root={root}")
        found = {
            "plain": await start_and_destroy(conn, root, ""),
            "devices": await start_and_destroy(conn, root, DEVICES.format(disk=disk)),
            "save": await reads_during_save(conn, options.big),
            "many": await many(conn, options.guests),
        }
        await conn.close()
    if options.json:
        print(json.dumps(found))
        return
    for name, figures in found.items():
        print(f"{name:8}", "  ".join(f"{key}={value:.1f}" for key, value in figures.items()))


if __name__ == "__main__":
    asyncio.run(main())
