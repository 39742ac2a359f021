# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a run ends: by us or by the container; afterwards nothing of it is left on the host."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from covirt.api.domain.events import DomainEventStartedDetailType, DomainEventStoppedDetailType, DomainEventType
from covirt.api.domain.states import DomainCrashedReason, DomainShutoffReason
from covirt.drivers.lxc.guest import LxcGuest, Run
from covirt.errors import Error
from covirt.model.domain.lifecycle import Action
from covirt.runtime.jobs import Job
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.runtime.process import ProcessGone

if TYPE_CHECKING:
    from covirt.drivers.lxc.driver import LxcDriver

log = get("lxc.stop")

GRACE = 1.0
"""Seconds that the controller has to deliver what the container wrote last before it was destroyed."""


async def stop_guest(
    driver: LxcDriver,
    guest: LxcGuest,
    reason: DomainShutoffReason = DomainShutoffReason.DESTROYED,
    detail: DomainEventStoppedDetailType = DomainEventStoppedDetailType.DESTROYED,
) -> None:
    """End a run and clean up after it."""
    run = guest.run
    if run is None or run.stopping:
        return
    run.stopping = True
    await end_processes(driver, run)
    await finish(driver, guest, run, reason, detail)


async def end_processes(driver: LxcDriver, run: Run) -> None:
    """Kill init, with it all its processes, and see it and the controller end."""
    if run.init:
        with suppress(ProcessGone):
            init = await driver.supervisor.adopt(run.init, run.init_start, name="a container's init")
            await init.terminate(0)
    if run.process is None:
        return
    try:
        async with asyncio.timeout(GRACE if run.init else 0):
            await run.process.wait_exit()
    except TimeoutError:
        await run.process.terminate(0)


async def hang_up(run: Run) -> None:
    """Listen to the controller no more."""
    if run.monitor is not None:
        run.monitor.close()
        with suppress(OSError):
            await run.monitor.wait_closed()


async def finish(
    driver: LxcDriver,
    guest: LxcGuest,
    run: Run,
    reason: DomainShutoffReason | DomainCrashedReason,
    detail: DomainEventStoppedDetailType,
) -> None:
    """The container is off: nothing is left, its next definition holds, those who listen are told."""
    await hang_up(run)
    await in_thread(clean_host, driver, run)
    handle = guest.handle
    guest.run = None
    guest.end(reason)
    _forget_places(guest)
    await driver.keeper.forget_status(guest)
    await driver.drop_if_transient(guest)
    driver.publish_lifecycle(handle, DomainEventType.STOPPED, detail)


def _forget_places(guest: LxcGuest) -> None:
    """A container that is started again gets terminals anew."""
    for console in guest.definition.devices.consoles:
        if hasattr(console.source, "path"):
            console.source.path = None


def clean_host(driver: LxcDriver, run: Run) -> None:
    """Take away all that a run had on the host; what cannot be taken away does not stop the rest."""
    if run.process is not None and run.process.running:
        run.process.signal(signal.SIGKILL)
    steps: list[Callable[[], object]] = [partial(driver.host.links.remove, name) for name in run.links]
    if run.group is not None:
        steps += [run.group.kill, run.group.remove]
    steps += [partial(run.socket.unlink, missing_ok=True), partial(_remove_directory, run)]
    for step in steps:
        try:
            step()
        except (Error, OSError) as error:
            log.warning("something of a run could not be removed", error=error)


def _remove_directory(run: Run) -> None:
    with suppress(FileNotFoundError):
        run.staging.rmdir()


# Ends that we did not bring about


def watch(driver: LxcDriver, guest: LxcGuest) -> None:
    """Notice when the container of a run ends."""
    driver.tasks.start(_watch(driver, guest, guest.running), f"watch {guest.name}")


async def _watch(driver: LxcDriver, guest: LxcGuest, run: Run) -> None:
    """Listen to the controller until it ends; it says how the container ended."""
    said: dict[str, Any] = {}
    assert run.events is not None
    assert run.process is not None
    while line := await run.events.readline():
        said = json.loads(line)
    await run.process.wait_exit()
    if guest.run is not run or run.stopping:
        return
    run.stopping = True
    await end_processes(driver, run)
    await _ended(driver, guest, run, said.get("how"))


async def _ended(driver: LxcDriver, guest: LxcGuest, run: Run, how: str | None) -> None:
    """What the definition wants when the container ends that way."""
    lifecycle = guest.definition.lifecycle
    if how is None:
        log.warning("a controller has ended without a word", guest=guest.name)
        await finish(driver, guest, run, DomainShutoffReason.FAILED, DomainEventStoppedDetailType.FAILED)
        return
    action = lifecycle.on_reboot if how == "reboot" else lifecycle.on_poweroff
    if action is Action.RESTART:
        await _start_again(driver, guest, run)
        return
    await finish(driver, guest, run, DomainShutoffReason.SHUTDOWN, DomainEventStoppedDetailType.SHUTDOWN)


async def _start_again(driver: LxcDriver, guest: LxcGuest, run: Run) -> None:
    """A reboot is an end and a start with the same definition."""
    from covirt.drivers.lxc.start import start_guest

    definition, persistent = guest.definition, guest.persistent
    keep, guest.persistent = guest.next, True
    guest.next = None
    await finish(driver, guest, run, DomainShutoffReason.SHUTDOWN, DomainEventStoppedDetailType.SHUTDOWN)
    guest.definition, guest.persistent = definition, persistent
    try:
        async with guest.jobs.hold(Job.MODIFY, api="reboot"):
            guest.next = keep
            await start_guest(driver, guest, DomainEventStartedDetailType.BOOTED)
    except Error as error:
        log.error("a container could not be started again", guest=guest.name, error=error)
        await driver.drop_if_transient(guest)
