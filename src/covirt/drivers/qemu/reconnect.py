# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests that an earlier daemon started are found again: their process, their monitor, their state.

What was on its way when that daemon died is taken back: a start that did not come to its end leaves nothing.
"""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from covirt.api.domain.events import DomainEventStoppedDetailType
from covirt.api.domain.states import (
    DomainPausedReason,
    DomainRunningReason,
    DomainShutdownReason,
    DomainShutoffReason,
    DomainState,
)
from covirt.drivers.qemu import agents, details, events, save, stop, swtpm
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.launch import TRACE
from covirt.drivers.qemu.guest import QemuGuest, Run
from covirt.drivers.qemu.monitor import Monitor, QmpEvent
from covirt.drivers.qemu.monitor.commands import lifecycle, memory, migration
from covirt.drivers.qemu.status import Status, apply, read_status
from covirt.errors import Error
from covirt.host.cgroups import Group
from covirt.model.domain.devices.displays import VncDisplay
from covirt.model.domain.devices.spice import SpiceDisplay
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.runtime.process import ProcessGone

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver

log = get("qemu.reconnect")

PATIENCE = 10.0
"""Seconds that a QEMU has to answer a daemon that comes back."""


async def reconnect(driver: QemuDriver, name: str, text: str) -> None:
    """Find the guest of one status file again, or tidy up after it."""
    try:
        status = read_status(text)
        await driver.definitions.complete_live(status.domain)
        caps = await driver.definitions.capabilities(status.domain)
    except Error as error:
        log.error("a status file cannot be read", guest=name, error=error)
        return
    guest = driver.guests.add(status.domain)
    guest.run = run = _run(driver, status, caps)
    driver.guests.used_id(guest.id)
    apply(status, guest, run)
    guest.persistent = bool(status.persistent)
    if _was_starting(guest):
        await _take_back(driver, guest, run)
        return
    try:
        await _find_again(driver, guest, run)
    except (Error, TimeoutError) as error:
        log.warning("a guest has ended while nobody watched", guest=name, error=error)
        await _is_gone(driver, guest, run)


def _run(driver: QemuDriver, status: Status, caps: EmulatorCapabilities) -> Run:
    known = frozenset(flag.name for flag in status.flags)
    directory = Path(status.directory)
    return Run(
        # Its QEMU may be older than the binary that is installed now.
        caps=replace(caps, flags=known) if known else caps,
        directory=directory,
        channels=Path(status.channels),
        pid_file=driver.roots.qemu.state / f"{status.domain.name}.pid",
        taken_files=[Path(path) for path in status.taken_files],
    )


def _was_starting(guest: QemuGuest) -> bool:
    return guest.state is DomainState.PAUSED and guest.reason == DomainPausedReason.STARTING_UP


async def _find_again(driver: QemuDriver, guest: QemuGuest, run: Run) -> None:
    pid = run.pid or await in_thread(_pid_of, run.pid_file)
    run.process = await driver.supervisor.adopt(pid, run.start_time, name=f"qemu {guest.name}")
    run.start_time = run.process.start_time
    run.open_monitor = await Monitor.connect(run.monitor_path, name=guest.name, within=PATIENCE)
    if driver.privileged:
        run.group = await in_thread(_group, driver, pid)
    for graphics in guest.definition.devices.graphics:
        if isinstance(graphics.display, VncDisplay | SpiceDisplay):
            driver.ports.reserve(graphics.display.port)
    events.listen(driver, guest)
    stop.watch(driver, guest)
    await _note_state(driver, guest)


def _group(driver: QemuDriver, pid: int) -> Group | None:
    return driver.host.cgroups.group_of(pid)


async def _note_state(driver: QemuDriver, guest: QemuGuest) -> None:
    """What happened while nobody listened."""
    monitor = guest.monitor
    status, balloon, _, _ = await asyncio.gather(
        lifecycle.status(monitor),
        memory.balloon(monitor),
        details.note_terminals(guest.definition, monitor),
        details.note_threads(guest),
    )
    if balloon is not None:
        guest.definition.memory.current = balloon
    if _saving(guest, status.status):
        await _cancel_save(guest)
    elif status.running:
        if guest.state is not DomainState.RUNNING:
            guest.set_state(DomainState.RUNNING, DomainRunningReason.UNPAUSED)
    elif status.status == "shutdown":
        guest.set_state(DomainState.SHUTDOWN, DomainShutdownReason.UNKNOWN)
        guest.running.got_shutdown = False
        driver.tasks.start(_shut_down(driver, guest), f"shutdown of {guest.name}")
    elif guest.state is DomainState.RUNNING:
        reasons = {"io-error": DomainPausedReason.IOERROR, "watchdog": DomainPausedReason.WATCHDOG}
        guest.set_state(DomainState.PAUSED, reasons.get(status.status or "", DomainPausedReason.UNKNOWN))
    await agents.connect(driver, guest)
    await driver.keeper.keep_status(guest)


def _saving(guest: QemuGuest, word: str | None) -> bool:
    """Whether the guest was stopped only to be saved; the note of that may have come too late for its status file."""
    noted = guest.state is DomainState.PAUSED and guest.reason == DomainPausedReason.SAVE
    return noted or (guest.state is DomainState.RUNNING and word in ("postmigrate", "finish-migrate"))


async def _cancel_save(guest: QemuGuest) -> None:
    """The file of a save that nobody finishes is of no use; the guest goes on."""
    monitor = guest.monitor
    with monitor.events.subscribe(QmpEvent, lambda event: event.name == "MIGRATION") as subscription:
        if (await migration.migration(monitor)).get("status") in _MIGRATING:
            await migration.cancel(monitor)
            await save.end_of(monitor, subscription)
    guest.running.running_reason = DomainRunningReason.SAVE_CANCELED
    await lifecycle.cont(monitor)
    guest.set_state(DomainState.RUNNING, DomainRunningReason.SAVE_CANCELED)


_MIGRATING = ("setup", "active", "pre-switchover", "device", "cancelling")


async def _shut_down(driver: QemuDriver, guest: QemuGuest) -> None:
    rest = events.shut_down(driver, guest, {"guest": True})
    if rest is not None:
        await rest


# What is not found again


async def _take_back(driver: QemuDriver, guest: QemuGuest, run: Run) -> None:
    """A start that nobody finishes: its process ends and all that was made for it goes."""
    log.info("a start that was cut short is taken back", guest=guest.name)
    await _end_stray(driver, run)
    await _is_gone(driver, guest, run, DomainShutoffReason.FAILED)


async def _is_gone(
    driver: QemuDriver, guest: QemuGuest, run: Run, reason: DomainShutoffReason = DomainShutoffReason.UNKNOWN
) -> None:
    run.stopping = True
    if run.process is not None:
        await run.process.terminate(0)
    await stop.clean_up(driver, guest, run)
    guest.persistent = False  # its definition, when there is one, is loaded later
    await stop.finish(driver, guest, reason, DomainEventStoppedDetailType.FAILED)


async def _end_stray(driver: QemuDriver, run: Run) -> None:
    """End the process that belongs to the run's directory, if it came so far."""
    pid = await in_thread(_pid_of, run.pid_file) or run.pid
    if not pid or not await in_thread(_works_for, pid, run.directory):
        return
    try:
        process = await driver.supervisor.adopt(pid, name="qemu")
    except ProcessGone:
        return
    process.signal(signal.SIGKILL)
    await process.wait_exit()


def _pid_of(path: Path) -> int:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return 0


def _works_for(pid: int, directory: Path) -> bool:
    """Whether the process is the QEMU that has this directory; numbers of processes are used again."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return os.fsencode(directory) in words


async def drop_leftovers(driver: QemuDriver) -> None:
    """Directories and pid files of runs that nobody knows."""
    runs = [guest.run for guest in driver.guests if guest.run is not None]
    known = {run.directory for run in runs} | {run.channels for run in runs}
    files = {run.pid_file for run in runs} | {driver.roots.qemu.state / "driver.pid"}
    files |= {swtpm.socket_of(driver.roots.qemu, run) for run in runs}
    await in_thread(_drop, driver, known, files)


def _drop(driver: QemuDriver, known: set[Path], files: set[Path]) -> None:
    roots = driver.roots.qemu
    for directory in (*roots.lib.glob("domain-*"), *roots.channel_target.glob("*")):
        if directory not in known and directory.is_dir():
            stop.remove_tree(directory)
    for path in (*roots.state.glob("*.pid"), *roots.swtpm_state.glob("*-swtpm.sock")):
        if path in files:
            continue
        path.unlink(missing_ok=True)


async def drop_probes(driver: QemuDriver) -> None:
    """End what a killed daemon had asked for capabilities; comes before this one asks."""
    await in_thread(_drop_probes, driver.roots.qemu.state)


def _drop_probes(state: Path) -> None:
    for path in state.glob(f"{TRACE}*.pid"):
        _end_probe(_pid_of(path))
        path.unlink(missing_ok=True)


def _end_probe(pid: int) -> None:
    """A QEMU that a killed daemon had asked for its capabilities waits for ever."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if b"-machine" in words and words[words.index(b"-machine") + 1].startswith(b"none,"):
            os.kill(pid, signal.SIGKILL)
    except OSError:
        return
