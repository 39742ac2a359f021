# SPDX-License-Identifier: LGPL-2.1-or-later
"""The life of a container: start, stop, freeze, reboot."""

from __future__ import annotations

import os
import signal

from covirt.api.binding import CallTable
from covirt.api.domain import lifecycle as api
from covirt.api.domain.events import (
    DomainEventResumedDetailType,
    DomainEventSuspendedDetailType,
    DomainEventType,
)
from covirt.api.domain.lifecycle import (
    DomainCreateFlags,
    DomainDestroyFlags,
    DomainProcessSignal,
    DomainRebootFlags,
    DomainShutdownFlags,
)
from covirt.api.domain.states import DomainPausedReason, DomainRunningReason, DomainState
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain
from covirt.drivers.lxc import initctl, limits
from covirt.drivers.lxc.calls.request import Req
from covirt.drivers.lxc.guest import LxcGuest
from covirt.drivers.lxc.start import start_guest
from covirt.drivers.lxc.stop import stop_guest
from covirt.errors import ArgumentUnsupported, InvalidArg, OperationInvalid, SystemCallFailed
from covirt.runtime.jobs import Job
from covirt.runtime.loop import in_thread

calls = CallTable()

# Starting


@calls.implements(api.create)
async def create(req: Req) -> None:
    """Start a defined container."""
    await _start_defined(req, DomainCreateFlags.NONE)


@calls.implements(api.create_with_flags, flags=DomainCreateFlags.AUTODESTROY)
async def create_with_flags(req: Req, flags: DomainCreateFlags) -> Domain:
    """Start a defined container as the flags say."""
    await _start_defined(req, flags)
    return req.guest.handle


async def _start_defined(req: Req, flags: DomainCreateFlags) -> None:
    guest = req.guest
    if guest.active:
        raise OperationInvalid("Domain is already running")
    await start_guest(req.driver, guest)
    _tie(req, guest, flags)


@calls.implements(api.create_xml, flags=DomainCreateFlags.AUTODESTROY | DomainCreateFlags.VALIDATE)
async def create_xml(req: Req, xml_desc: str, flags: DomainCreateFlags) -> Domain:
    """Start a container that is gone when it ends, unless it is defined too."""
    driver = req.driver
    definition = await driver.read_definition(xml_desc, validate=DomainCreateFlags.VALIDATE in flags, to_start=True)
    assert definition.uuid is not None
    await req.authorize(Domain(definition.name, definition.uuid))
    guest = driver.guests.add_to_start(definition)
    try:
        async with guest.jobs.hold(Job.MODIFY, api="virDomainCreateXML"):
            await start_guest(driver, guest)
    except BaseException:
        await driver.drop_if_transient(guest)
        raise
    _tie(req, guest, flags)
    return guest.handle


def _tie(req: Req, guest: LxcGuest, flags: DomainCreateFlags) -> None:
    """A container that shall end with the connection."""
    if DomainCreateFlags.AUTODESTROY not in flags:
        return
    run, driver = guest.running, req.driver

    async def end() -> None:
        if guest.run is run:
            await stop_guest(driver, guest)

    req.session.on_close(("autodestroy", guest.uuid), end)


# Stopping


@calls.implements(api.destroy)
async def destroy(req: Req) -> None:
    """Kill all of it."""
    await _destroy(req)


@calls.implements(api.destroy_flags, flags=DomainDestroyFlags.DEFAULT)
async def destroy_flags(req: Req, flags: DomainDestroyFlags) -> None:
    """Kill all of it."""
    await _destroy(req)


async def _destroy(req: Req) -> None:
    guest = req.guest
    guest.require_active()
    if guest.state is DomainState.PAUSED and guest.run is not None and guest.run.group is not None:
        # What is frozen in a group of version 1 does not even die.
        os.kill(guest.run.init, signal.SIGKILL)
        await in_thread(limits.freeze, guest.run.group, False)
    await stop_guest(req.driver, guest)


@calls.implements(api.shutdown)
async def shutdown(req: Req) -> None:
    """Ask init to end."""
    await _ask_init(req.guest, DomainShutdownFlags.DEFAULT, initctl.POWER_OFF, signal.SIGTERM)


@calls.implements(api.shutdown_flags, flags=DomainShutdownFlags.INITCTL | DomainShutdownFlags.SIGNAL)
async def shutdown_flags(req: Req, flags: DomainShutdownFlags) -> None:
    """Ask init to end, by its pipe or by a signal."""
    await _ask_init(req.guest, flags, initctl.POWER_OFF, signal.SIGTERM)


@calls.implements(api.reboot, flags=DomainRebootFlags.INITCTL | DomainRebootFlags.SIGNAL)
async def reboot(req: Req, flags: DomainRebootFlags) -> None:
    """Ask init to boot again, by its pipe or by a signal."""
    await _ask_init(req.guest, flags, initctl.REBOOT, signal.SIGHUP)


async def _ask_init(
    guest: LxcGuest, flags: DomainShutdownFlags | DomainRebootFlags, level: int, number: signal.Signals
) -> None:
    """Both ways are tried when none is named; the pipe first."""
    guest.require_active()
    init = guest.running.init
    by_pipe, by_signal = type(flags).INITCTL in flags, type(flags).SIGNAL in flags
    if by_pipe or not by_signal:
        if await in_thread(initctl.ask, init, level):
            return
        if by_pipe and not by_signal:
            raise OperationInvalid("Container does not provide an initctl pipe")
    try:
        os.kill(init, number)
    except OSError as error:
        raise SystemCallFailed.from_oserror(error, f"Unable to send {number.name} to init pid {init}") from error


@calls.implements(api.send_process_signal)
async def send_process_signal(req: Req, pid_value: int, signum: DomainProcessSignal, flags: NoFlags) -> None:
    """Send a signal to init; libvirt knows no other process of a container either."""
    guest = req.guest
    guest.require_active()
    if pid_value != 1:
        raise ArgumentUnsupported("Only the init process may be killed")
    if not 0 <= signum < len(DomainProcessSignal):
        raise InvalidArg(f"signum value {int(signum)} is out of range")
    try:
        os.kill(guest.running.init, int(signum))
    except OSError as error:
        raise SystemCallFailed.from_oserror(
            error, f"Unable to send {int(signum)} signal to process {guest.running.init}"
        ) from error


# Freezing


@calls.implements(api.suspend)
async def suspend(req: Req) -> None:
    """Freeze all its processes."""
    guest = req.guest
    guest.require_active()
    if guest.state is DomainState.PAUSED:
        return
    await in_thread(limits.freeze, guest.group, True)
    guest.set_state(DomainState.PAUSED, DomainPausedReason.USER)
    await req.driver.keeper.keep_status(guest)
    req.driver.publish_lifecycle(guest.handle, DomainEventType.SUSPENDED, DomainEventSuspendedDetailType.PAUSED)


@calls.implements(api.resume)
async def resume(req: Req) -> None:
    """Let its processes go on."""
    guest = req.guest
    guest.require_active()
    if guest.state is DomainState.RUNNING:
        raise OperationInvalid("domain is already running")
    await in_thread(limits.freeze, guest.group, False)
    guest.set_state(DomainState.RUNNING, DomainRunningReason.UNPAUSED)
    await req.driver.keeper.keep_status(guest)
    req.driver.publish_lifecycle(guest.handle, DomainEventType.RESUMED, DomainEventResumedDetailType.UNPAUSED)
