# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a run ends: by us, by the guest, or by itself; afterwards nothing of it is left on the host."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from covirt.api.domain.events import DomainEventStoppedDetailType, DomainEventType
from covirt.api.domain.states import DomainShutoffReason
from covirt.drivers.qemu import prepare, swtpm
from covirt.drivers.qemu.guest import QemuGuest, Run
from covirt.errors import OperationFailed
from covirt.model.domain.devices.displays import VncDisplay
from covirt.model.domain.devices.spice import SpiceDisplay
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.runtime.process import Process

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver

log = get("qemu.stop")

GRACE = 15.0
"""Seconds that QEMU has to write out its data before it is killed, as in libvirt."""


async def stop_guest(
    driver: QemuDriver,
    guest: QemuGuest,
    reason: DomainShutoffReason = DomainShutoffReason.DESTROYED,
    detail: DomainEventStoppedDetailType = DomainEventStoppedDetailType.DESTROYED,
    *,
    graceful: bool = False,
    kill: bool = True,
) -> None:
    """End a run and clean up after it; a second caller waits for nothing and finds it done."""
    run = guest.run
    if run is None or run.stopping:
        return
    run.stopping = True
    try:
        await _end_process(run, graceful=graceful, kill=kill)
    except BaseException:
        run.stopping = False
        raise
    await clean_up(driver, guest, run)
    await finish(driver, guest, reason, detail)


async def _end_process(run: Run, *, graceful: bool, kill: bool) -> None:
    process = run.process
    if process is None or not process.running:
        return
    if not graceful:
        process.signal(signal.SIGKILL)
        await process.wait_exit()
        return
    process.signal(signal.SIGTERM)
    try:
        await process.terminate(GRACE) if kill else await _wait(process)
    except TimeoutError:
        raise OperationFailed(f"Failed to terminate process {process.pid} with SIGTERM") from None


async def _wait(process: Process) -> None:
    async with asyncio.timeout(GRACE):
        await process.wait_exit()


async def finish(
    driver: QemuDriver, guest: QemuGuest, reason: DomainShutoffReason, detail: DomainEventStoppedDetailType
) -> None:
    """The guest is off: its next definition holds, and those who listen are told."""
    handle = guest.handle
    guest.run = None
    guest.end(reason)
    await driver.keeper.forget_status(guest)
    await driver.drop_if_transient(guest)
    driver.publish_lifecycle(handle, DomainEventType.STOPPED, detail)


# What is left of a run


async def clean_up(driver: QemuDriver, guest: QemuGuest, run: Run) -> None:
    """Take away all that a run had on the host; what cannot be taken away is logged and does not stop the rest."""
    if run.agent is not None:
        run.agent.close()
    if run.open_monitor is not None:
        run.open_monitor.close()
    for graphics in guest.definition.devices.graphics:
        if isinstance(graphics.display, VncDisplay | SpiceDisplay):
            driver.ports.give_back(graphics.display.port)
        if isinstance(graphics.display, VncDisplay):
            driver.websocket_ports.give_back(graphics.display.websocket)
    await in_thread(_clean_host, driver, run)


def _clean_host(driver: QemuDriver, run: Run) -> None:
    steps: list[Callable[[], object]] = [partial(prepare.give_back, driver, path) for path in run.taken_files]
    steps += [partial(driver.host.links.remove_tap, name) for name in run.taps]
    if run.group is not None:
        steps.append(run.group.remove)
    steps.append(partial(_remove, run))
    steps.append(partial(swtpm.socket_of(driver.roots.qemu, run).unlink, True))
    for step in steps:
        try:
            step()
        except Exception as error:
            log.warning("something of a run could not be removed", error=error)


def _remove(run: Run) -> None:
    for directory in (run.directory, run.channels):
        remove_tree(directory)
    run.pid_file.unlink(missing_ok=True)


def remove_tree(directory: Path) -> None:
    """Remove a directory with all that is in it; one that is not there is no error."""
    shutil.rmtree(directory, ignore_errors=True)


async def remove_directories(driver: QemuDriver, run: Run) -> None:
    """The guest's own directories, sockets and pid file."""
    await in_thread(_remove, run)


# Ends that we did not bring about


def watch(driver: QemuDriver, guest: QemuGuest) -> None:
    """Notice when the process of a run ends."""
    run = guest.running
    assert run.process is not None
    run.process.on_exit(lambda process: _has_ended(driver, guest, run))


def _has_ended(driver: QemuDriver, guest: QemuGuest, run: Run) -> None:
    if guest.run is run and not run.stopping and not driver.closing:
        driver.tasks.start(_ended_by_itself(driver, guest, run), f"end of {guest.name}")


async def _ended_by_itself(driver: QemuDriver, guest: QemuGuest, run: Run) -> None:
    """Without a word from QEMU before, it has crashed."""
    if guest.run is not run:
        return
    if run.got_shutdown:
        reason, detail = DomainShutoffReason.SHUTDOWN, DomainEventStoppedDetailType.SHUTDOWN
    else:
        log.warning("QEMU has ended without a shutdown of its guest", guest=guest.name)
        reason, detail = DomainShutoffReason.CRASHED, DomainEventStoppedDetailType.FAILED
    await stop_guest(driver, guest, reason, detail)
