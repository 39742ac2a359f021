# SPDX-License-Identifier: LGPL-2.1-or-later
"""The life of a guest: start, stop, pause, reboot, sleep."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.call import Job as ApiJob
from covirt.api.connect.host import NodeSuspendTarget
from covirt.api.domain import lifecycle as api
from covirt.api.domain.lifecycle import (
    DomainCreateFlags,
    DomainDestroyFlags,
    DomainRebootFlags,
    DomainShutdownFlags,
)
from covirt.api.domain.states import DomainPausedReason, DomainRunningReason, DomainState
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain
from covirt.drivers.qemu import agents, power, restore
from covirt.drivers.qemu.agent import commands as agent_commands
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor.commands import lifecycle
from covirt.drivers.qemu.start import start_guest
from covirt.drivers.qemu.stop import stop_guest
from covirt.errors import InternalError, OperationFailed, OperationInvalid
from covirt.runtime.jobs import Job, LongJob

calls = CallTable()

_START = "virDomainCreate"

# Starting


@calls.implements(api.create, job=ApiJob.NONE)
async def create(req: Req) -> None:
    """Start a defined guest."""
    await _start_defined(req, DomainCreateFlags.NONE)


@calls.implements(api.create_with_flags, job=ApiJob.NONE)
async def create_with_flags(req: Req, flags: DomainCreateFlags) -> Domain:
    """Start a defined guest as the flags say."""
    await _start_defined(req, flags)
    return req.guest.handle


async def _start_defined(req: Req, flags: DomainCreateFlags) -> None:
    driver, guest = req.driver, req.guest
    async with guest.jobs.long(LongJob.START, api=_START, allow=_WHILE_STARTING):
        if guest.active:
            raise OperationInvalid("domain is already running")
        if guest.managed_save and DomainCreateFlags.FORCE_BOOT not in flags:
            if await restore.start_saved(driver, guest, paused=DomainCreateFlags.PAUSED in flags):
                _tie(req, guest, flags)
                return
        elif guest.managed_save:
            await restore.drop_saved(driver, guest)
        await start_guest(driver, guest, paused=DomainCreateFlags.PAUSED in flags)
    _tie(req, guest, flags)


_WHILE_STARTING = frozenset({Job.QUERY, Job.DESTROY, Job.ABORT})


@calls.implements(
    api.create_xml, flags=DomainCreateFlags.PAUSED | DomainCreateFlags.AUTODESTROY | DomainCreateFlags.VALIDATE
)
async def create_xml(req: Req, xml_desc: str, flags: DomainCreateFlags) -> Domain:
    """Start a guest that is gone when it ends, unless it is defined too."""
    driver = req.driver
    definition = await driver.read_definition(xml_desc, validate=DomainCreateFlags.VALIDATE in flags, to_start=True)
    assert definition.uuid is not None
    await req.authorize(Domain(definition.name, definition.uuid))
    guest = driver.guests.add_to_start(definition)
    try:
        async with guest.jobs.long(LongJob.START, api="virDomainCreateXML", allow=_WHILE_STARTING):
            await start_guest(driver, guest, paused=DomainCreateFlags.PAUSED in flags)
    except BaseException:
        await driver.drop_if_transient(guest)
        raise
    _tie(req, guest, flags)
    return guest.handle


def _tie(req: Req, guest: QemuGuest, flags: DomainCreateFlags) -> None:
    """A guest that shall end with the connection."""
    if DomainCreateFlags.AUTODESTROY not in flags or guest.run is None:
        return
    run, driver = guest.run, req.driver
    run.autodestroy = True

    async def end() -> None:
        if guest.run is run:
            await stop_guest(driver, guest)

    req.session.on_close(("autodestroy", guest.uuid), end)


# Stopping


@calls.implements(api.destroy)
async def destroy(req: Req) -> None:
    """Cut the power."""
    await _destroy(req, DomainDestroyFlags.DEFAULT)


@calls.implements(api.destroy_flags, flags=DomainDestroyFlags.GRACEFUL | DomainDestroyFlags.REMOVE_LOGS)
async def destroy_flags(req: Req, flags: DomainDestroyFlags) -> None:
    """Cut the power, or let QEMU write out its data first."""
    await _destroy(req, flags)


async def _destroy(req: Req, flags: DomainDestroyFlags) -> None:
    guest = req.guest
    guest.require_active()
    graceful = DomainDestroyFlags.GRACEFUL in flags
    await stop_guest(req.driver, guest, graceful=graceful, kill=not graceful)
    if DomainDestroyFlags.REMOVE_LOGS in flags:
        (req.driver.roots.qemu.log / f"{guest.name}.log").unlink(missing_ok=True)


@calls.implements(api.shutdown)
async def shutdown(req: Req) -> None:
    """Ask the guest to power off."""
    await _shutdown(req, DomainShutdownFlags.DEFAULT)


@calls.implements(api.shutdown_flags, flags=DomainShutdownFlags.ACPI_POWER_BTN | DomainShutdownFlags.GUEST_AGENT)
async def shutdown_flags(req: Req, flags: DomainShutdownFlags) -> None:
    """Ask it by button or agent."""
    await _shutdown(req, flags)


async def _shutdown(req: Req, flags: DomainShutdownFlags) -> None:
    guest = req.guest
    if guest.state not in (DomainState.RUNNING, DomainState.PAUSED):
        raise OperationInvalid("domain is not running")
    wish = power.Wish(
        agent=DomainShutdownFlags.GUEST_AGENT in flags, button=DomainShutdownFlags.ACPI_POWER_BTN in flags
    )
    await power.power_off(guest, wish)


@calls.implements(api.reboot, flags=DomainRebootFlags.ACPI_POWER_BTN | DomainRebootFlags.GUEST_AGENT)
async def reboot(req: Req, flags: DomainRebootFlags) -> None:
    """Ask the guest to boot again."""
    guest = req.guest
    guest.require_active()
    wish = power.Wish(agent=DomainRebootFlags.GUEST_AGENT in flags, button=DomainRebootFlags.ACPI_POWER_BTN in flags)
    await power.reboot(guest, wish)
    await req.driver.keep_status(guest)


@calls.implements(api.reset)
async def reset(req: Req, flags: NoFlags) -> None:
    """Press the reset button."""
    guest = req.guest
    guest.require_active()
    await lifecycle.reset(guest.monitor)
    guest.running.reboot_after_shutdown = False
    if guest.state is DomainState.CRASHED:
        guest.set_state(DomainState.PAUSED, DomainPausedReason.CRASHED)


# Pausing


@calls.implements(api.suspend)
async def suspend(req: Req) -> None:
    """Pause the processors."""
    guest = req.guest
    guest.require_active()
    if guest.state is DomainState.PMSUSPENDED:
        raise OperationInvalid("domain is pmsuspended")
    if guest.state is DomainState.PAUSED:
        return
    guest.running.paused_reason = DomainPausedReason.USER
    await lifecycle.stop(guest.monitor)
    await req.driver.keep_status(guest)


@calls.implements(api.resume)
async def resume(req: Req) -> None:
    """Let the processors go on."""
    guest = req.guest
    guest.require_active()
    match guest.state:
        case DomainState.PMSUSPENDED:
            raise OperationInvalid("domain is pmsuspended")
        case DomainState.RUNNING:
            raise OperationInvalid("domain is already running")
        case DomainState.CRASHED:
            reason = DomainRunningReason.CRASHED
        case _:
            reason = DomainRunningReason.UNPAUSED
    guest.running.running_reason = reason
    try:
        await lifecycle.cont(guest.monitor)
    except InternalError as error:
        raise OperationFailed(f"resume operation failed: {error.detail}") from error
    await req.driver.keep_status(guest)


# Sleeping


@calls.implements(api.pm_suspend_for_duration)
async def pm_suspend_for_duration(req: Req, target: NodeSuspendTarget, duration: int, flags: NoFlags) -> None:
    """Have the guest put itself to sleep."""
    if duration:
        raise OperationInvalid("Duration not supported. Use 0 for now")
    agent = agents.require(req.guest)
    await agent_commands.suspend(agent, power.SLEEP[target])


@calls.implements(api.pm_wakeup)
async def pm_wakeup(req: Req, flags: NoFlags) -> None:
    """Wake a sleeping guest."""
    req.guest.require_active()
    await lifecycle.wake_up(req.guest.monitor)
