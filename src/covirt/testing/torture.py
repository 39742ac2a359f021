# SPDX-License-Identifier: LGPL-2.1-or-later
"""Kills the process that holds the QEMU driver at random moments, and looks whether the next one finds all in order.

    python -m covirt.testing.torture [ROUNDS] [--seed N]

In each round a worker defines, starts, saves and undefines guests as fast as it can and tells each step before and
after it does it; then it is killed. The next worker begins with an inventory. A step that was told to be done must
have lasted, one that was on its way may have happened or not, and nothing else may be left behind.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import covirt
from covirt.api.domain.define import DomainUndefineFlags
from covirt.client.objects_generated import Domain
from covirt.errors import NoSuchDomain
from covirt.runtime.loop import in_thread
from covirt.testing.guests.rom import rom_guest

NAMES = ("one", "two", "three")
_LONGEST = 0.8


@dataclass
class Expected:
    """What must be true of one guest; None is what may be either way."""

    defined: bool | None = False
    active: bool | None = False
    saved: bool | None = False


@dataclass
class Report:
    """What was seen in all rounds."""

    rounds: int = 0
    steps: int = 0
    interrupted: dict[str, int] = field(default_factory=dict)
    """How often each kind of step was cut short."""
    faults: list[str] = field(default_factory=list)


# The worker

_EFFECTS = {
    "define": {"defined": True},
    "start": {"active": True, "saved": False},
    "save": {"active": False, "saved": True},
    "destroy": {"active": False},
    "undefine": {"defined": False, "saved": False},
}


def _document(name: str) -> str:
    return f"""
<domain type='qemu'>
  <name>{name}</name>
  <memory unit='MiB'>16</memory>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <loader readonly='yes' type='rom'>{rom_guest()}</loader>
  </os>
  <features><acpi/></features>
  <devices><serial type='pty'/></devices>
</domain>"""


def _tell(**what: object) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


async def work(root: Path, seed: int) -> None:
    """Say what is there, then do steps for ever."""
    chance = random.Random(seed)
    connection = await covirt.open(f"qemu:///embed?root={root}")
    guests = await connection.list_all_domains()
    _tell(inventory={guest.name: await _seen(guest) for guest in guests})
    while True:
        name = chance.choice(NAMES)
        try:
            guest = await connection.lookup_by_name(name)
        except NoSuchDomain:
            step = "define"
            _tell(begin=step, name=name)
            await connection.define_xml(_document(name))
        else:
            step = chance.choice(["save", "destroy"] if await guest.is_active() else ["start", "start", "undefine"])
            _tell(begin=step, name=name)
            await _do(guest, step)
        _tell(done=step, name=name)


async def _do(guest: Domain, step: str) -> None:
    match step:
        case "save":
            await guest.managed_save()
        case "destroy":
            await guest.destroy()
        case "start":
            await guest.create()
        case "undefine":
            await guest.undefine_flags(DomainUndefineFlags.MANAGED_SAVE)


async def _seen(guest: Domain) -> dict[str, bool]:
    return {
        "defined": await guest.is_persistent(),
        "active": await guest.is_active(),
        "saved": await guest.has_managed_save_image(),
    }


# The one who kills


async def torture(root: Path, rounds: int, seed: int = 1) -> Report:
    """Kill workers, and compare what the next one finds with what the last one told."""
    await tidy(root)
    chance, report = random.Random(seed), Report()
    expected = {name: Expected() for name in NAMES}
    for number in range(rounds + 1):
        last = number == rounds
        await _round(root, chance, report, expected, kill_after=0.0 if last else chance.uniform(0, _LONGEST))
        report.rounds += 1
    await in_thread(_end_all, root)
    return report


async def _round(
    root: Path, chance: random.Random, report: Report, expected: dict[str, Expected], *, kill_after: float
) -> None:
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "covirt.testing.torture", "--work", str(root), "--seed", str(chance.randrange(2**31)),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert worker.stdout is not None
    try:
        first = await asyncio.wait_for(worker.stdout.readline(), 60)
        if not first:
            report.faults.append(f"round {report.rounds}: the worker could not open the driver")
            return
        _compare(report, expected, json.loads(first)["inventory"])
        report.faults += [f"round {report.rounds}: {fault}" for fault in await in_thread(_inspect, root, expected)]
        await asyncio.sleep(kill_after)
    finally:
        with suppress(ProcessLookupError):
            worker.send_signal(signal.SIGKILL)
        rest = await worker.stdout.read()
        await worker.wait()
    _follow(report, expected, rest)


def _follow(report: Report, expected: dict[str, Expected], told: bytes) -> None:
    """What the worker's words mean for each guest."""
    begun: tuple[str, str] | None = None
    for line in told.split(b"\n")[:-1]:
        words = json.loads(line)
        name = words["name"]
        if "begin" in words:
            begun = words["begin"], name
        else:
            begun = None
            report.steps += 1
            for what, value in _EFFECTS[words["done"]].items():
                setattr(expected[name], what, value)
    if begun is not None:
        step, name = begun
        report.interrupted[step] = report.interrupted.get(step, 0) + 1
        for what in _EFFECTS[step]:
            setattr(expected[name], what, None)


def _compare(report: Report, expected: dict[str, Expected], seen: dict[str, dict[str, bool]]) -> None:
    for name, wish in expected.items():
        found = seen.get(name, {"defined": False, "active": False, "saved": False})
        for what in ("defined", "active", "saved"):
            wanted = getattr(wish, what)
            if wanted is not None and wanted is not found[what]:
                report.faults.append(f"round {report.rounds}: {name} should be {what}={wanted}, is {found[what]}")
        expected[name] = Expected(**found)


def _inspect(root: Path, expected: dict[str, Expected]) -> list[str]:
    """Files that are not whole, and what belongs to no guest."""
    faults = []
    for path in (*root.glob("etc/qemu/*.xml"), *root.glob("run/qemu/*.xml")):
        try:
            ElementTree.fromstring(path.read_bytes())
        except ElementTree.ParseError as error:
            faults.append(f"{path} is not whole: {error}")
        except FileNotFoundError:
            continue
    return faults


def processes(root: Path) -> list[int]:
    """The QEMU processes that work below a root."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
            if words.startswith(b"/usr/bin/qemu") and os.fsencode(root) in words:
                found.append(int(entry.name))
    return found


def _end_all(root: Path) -> None:
    for number in processes(root):
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)


def leftovers(root: Path) -> list[str]:
    """What is left when no guest runs and a driver has been opened and closed once more."""
    places = ("run/qemu/*.xml", "run/qemu/*.pid", "lib/qemu/domain-*", "run/qemu/channel/*", "**/*.covirt-new")
    found = [str(path.relative_to(root)) for place in places for path in root.glob(place)]
    return [path for path in found if path != "run/qemu/driver.pid"]


async def tidy(root: Path) -> None:
    """Open and close a driver, which tidies up, and learns what QEMU can do."""
    connection = await covirt.open(f"qemu:///embed?root={root}")
    await connection.get_version()
    await connection.close()


async def main() -> int:
    """Torture as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("rounds", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work is not None:
        await work(options.work, options.seed)
    with tempfile.TemporaryDirectory(prefix="covirt-torture-") as directory:
        root = Path(directory)
        report = await torture(root, options.rounds, options.seed)
        await tidy(root)
        report.faults += [f"left behind: {path}" for path in await in_thread(leftovers, root)]
        report.faults += [f"process {number} is left" for number in await in_thread(processes, root)]
    print(f"{report.rounds} rounds, {report.steps} steps done, cut short: {report.interrupted}")
    for fault in report.faults:
        print(fault)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
