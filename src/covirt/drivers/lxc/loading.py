# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an opened driver finds: definitions, containers that run, and what a daemon that died half way has left."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from covirt.api.domain.events import DomainEventStoppedDetailType
from covirt.api.domain.states import DomainPausedReason, DomainShutoffReason, DomainState
from covirt.drivers.common.keeper import note_unreadable
from covirt.drivers.lxc import reading, stop
from covirt.drivers.lxc.guest import LxcGuest, Run
from covirt.drivers.lxc.start import connect, make_group, socket_path, staging_path, start_guest
from covirt.drivers.lxc.status import RUNNING, Status, read_status
from covirt.errors import Error, InternalError
from covirt.runtime.exits import start_time
from covirt.runtime.files import make_directory, write_file
from covirt.runtime.jobs import Job
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.xml import Context

if TYPE_CHECKING:
    from covirt.drivers.lxc.driver import LxcDriver

log = get("lxc.loading")

LOADED = Context.INACTIVE | Context.SKIP_VALIDATE


async def load(driver: LxcDriver) -> None:
    """Fill the table of guests: those that run first, for their numbers, then the definitions."""
    found = await driver.keeper.statuses()
    await asyncio.gather(*(_reconnect(driver, name, text) for name, text in found))
    for name, text in await driver.keeper.definitions():
        try:
            definition = reading.read_definition(text, driver.circumstances, LOADED)
            guest = driver.guests.check(definition)
            if guest is None:
                guest = driver.guests.add(definition)
            else:
                guest.assign(definition)
            guest.persistent = True
            guest.autostart, guest.autostart_once = await driver.keeper.autostart(guest.name)
        except Error as error:
            note_unreadable(name, error)


async def _reconnect(driver: LxcDriver, name: str, text: str) -> None:
    """Find the container of one status file again, or tidy up after it."""
    try:
        status = read_status(text)
        reading.complete_definition(status.domain, driver.circumstances, RUNNING)
        state, reason = status.meaning
    except (Error, KeyError) as error:
        log.error("a status file cannot be read", guest=name, error=error)
        return
    guest = driver.guests.add(status.domain)
    driver.guests.used_id(guest.id)
    guest.run = run = _run(driver, guest, status)
    guest.set_state(state, reason)
    guest.persistent = bool(status.persistent)
    run.group = await in_thread(make_group, driver, guest)
    try:
        if state is DomainState.PAUSED and reason == DomainPausedReason.STARTING_UP:
            raise InternalError("a start was cut short")
        await _find_again(driver, guest, run)
    except (Error, OSError, TimeoutError) as error:
        log.warning("a container has ended while nobody watched", guest=name, error=error)
        await _is_gone(driver, guest, run)


def _run(driver: LxcDriver, guest: LxcGuest, status: Status) -> Run:
    return Run(
        socket=socket_path(driver, guest),
        staging=staging_path(driver, guest),
        controller=status.pid,
        controller_start=status.start,
        init=status.init,
        init_start=status.init_start,
        links=list(status.links),
    )


async def _find_again(driver: LxcDriver, guest: LxcGuest, run: Run) -> None:
    run.process = await driver.supervisor.adopt(run.controller, run.controller_start, name=f"lxc {guest.name}")
    found = await connect(run)
    if found.get("event") != "running" or found.get("pid") != run.init:
        raise InternalError("its controller does not know it any more")
    stop.watch(driver, guest)


async def _is_gone(driver: LxcDriver, guest: LxcGuest, run: Run) -> None:
    run.stopping = True
    await _end_stray(run)
    await stop.end_processes(driver, run)
    guest.persistent = False  # its definition, when there is one, is loaded later
    await stop.finish(driver, guest, run, DomainShutoffReason.UNKNOWN, DomainEventStoppedDetailType.FAILED)


async def _end_stray(run: Run) -> None:
    """A controller whose number was not kept any more still listens and tells who it is responsible for."""
    if run.init or not run.socket.exists():
        return
    try:
        found = await connect(run)
    except (OSError, TimeoutError):
        return
    if found.get("event") == "running" and start_time(found["pid"]) == found["start"]:
        os.kill(found["pid"], signal.SIGKILL)
    if run.events is not None:
        with suppress(TimeoutError):
            async with asyncio.timeout(stop.GRACE):
                await run.events.read()


# Starting with the host


async def autostart(driver: LxcDriver) -> None:
    """Start the containers that start with the host, once after each boot of it."""
    if not await in_thread(_first_since_boot, driver):
        return
    for guest in list(driver.guests):
        if guest.active or not (guest.autostart or guest.autostart_once):
            continue
        if guest.autostart_once:
            await driver.keeper.keep_autostart(guest, autostart=guest.autostart, once=False)
            guest.autostart_once = False
        try:
            async with guest.jobs.hold(Job.MODIFY, api="autostart"):
                if not guest.active:
                    await start_guest(driver, guest)
        except Error as error:
            log.error("a container did not start with the host", guest=guest.name, error=error)


def _first_since_boot(driver: LxcDriver) -> bool:
    note = driver.roots.lxc.state / "autostarted"
    if note.exists():
        return False
    make_directory(note.parent)
    write_file(note, b"")
    return True
