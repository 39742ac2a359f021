# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU tells by itself: it changes what is known of the guest, and is told to those who listen."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from covirt.api.domain.events import (
    BalloonChange,
    DeviceRemoved,
    DomainEventCrashedDetailType,
    DomainEventIOErrorAction,
    DomainEventPMSuspendedDetailType,
    DomainEventResumedDetailType,
    DomainEventShutdownDetailType,
    DomainEventStartedDetailType,
    DomainEventStoppedDetailType,
    DomainEventSuspendedDetailType,
    DomainEventTrayChangeReason,
    DomainEventType,
    DomainEventWatchdogAction,
    IoError,
    IoErrorReason,
    PmSuspend,
    PmSuspendDisk,
    PmWakeup,
    Reboot,
    RtcChange,
    TrayChange,
    Watchdog,
)
from covirt.api.domain.states import (
    DomainCrashedReason,
    DomainPausedReason,
    DomainPMSuspendedReason,
    DomainRunningReason,
    DomainShutdownReason,
    DomainShutoffReason,
    DomainState,
)
from covirt.api.qemu import QemuMonitorEvent
from covirt.drivers.qemu import agents, stop
from covirt.drivers.qemu.agent import GuestEvent
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor import QmpEvent
from covirt.drivers.qemu.monitor.commands import lifecycle
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_parts import DiskTray
from covirt.model.domain.lifecycle import Action
from covirt.runtime.log import get

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver

log = get("qemu.events")

Data = dict[str, Any]
Handler = Callable[["QemuDriver", QemuGuest, Data], Awaitable[None] | None]


def listen(driver: QemuDriver, guest: QemuGuest) -> None:
    """Hear all that the guest's QEMU tells."""
    run = guest.running

    def heard(event: QmpEvent) -> None:
        if guest.run is not run:
            return
        driver.bus.publish(
            QemuMonitorEvent(
                guest.handle,
                event.name,
                event.seconds,
                event.microseconds,
                json.dumps(event.data) if event.data else None,
            )
        )
        handler = HANDLERS.get(event.name)
        if handler is None:
            return
        rest = handler(driver, guest, dict(event.data))
        if rest is not None:
            driver.tasks.start(_finish(rest), f"{event.name} of {guest.name}")

    run.monitor.events.on(QmpEvent, heard)


async def _finish(rest: Awaitable[None]) -> None:
    await rest


def _keep(driver: QemuDriver, guest: QemuGuest) -> Awaitable[None]:
    return driver.keep_status(guest)


# The processors stop and go on

_SUSPENDED = {
    DomainPausedReason.IOERROR: DomainEventSuspendedDetailType.IOERROR,
    DomainPausedReason.WATCHDOG: DomainEventSuspendedDetailType.WATCHDOG,
    DomainPausedReason.FROM_SNAPSHOT: DomainEventSuspendedDetailType.FROM_SNAPSHOT,
    DomainPausedReason.MIGRATION: DomainEventSuspendedDetailType.MIGRATED,
    DomainPausedReason.API_ERROR: DomainEventSuspendedDetailType.API_ERROR,
}


def stopped(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The processors do not run any more."""
    run = guest.running
    if guest.state is not DomainState.RUNNING:
        return None
    reason, run.paused_reason = run.paused_reason, DomainPausedReason.UNKNOWN
    guest.set_state(DomainState.PAUSED, reason)
    detail = _SUSPENDED.get(reason, DomainEventSuspendedDetailType.PAUSED)
    driver.publish_lifecycle(guest.handle, DomainEventType.SUSPENDED, detail)
    return _keep(driver, guest)


def resumed(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The processors run."""
    run = guest.running
    if guest.state is DomainState.RUNNING:
        return None
    starting = guest.state is DomainState.PAUSED and guest.reason is DomainPausedReason.STARTING_UP
    reason, run.running_reason = run.running_reason, DomainRunningReason.UNPAUSED
    guest.set_state(DomainState.RUNNING, reason)
    driver.publish_lifecycle(guest.handle, DomainEventType.RESUMED, DomainEventResumedDetailType.UNPAUSED)
    return None if starting else _keep(driver, guest)


# The guest powers off, resets, sleeps


def shut_down(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest is off; QEMU waits for what we do with it."""
    run = guest.running
    if run.got_shutdown:
        return None
    run.got_shutdown = True
    details = DomainEventShutdownDetailType
    detail = {True: details.GUEST, False: details.HOST, None: details.FINISHED}[data.get("guest")]
    guest.set_state(DomainState.SHUTDOWN, DomainShutdownReason.UNKNOWN)
    driver.publish_lifecycle(guest.handle, DomainEventType.SHUTDOWN, detail)
    if run.agent is not None:
        run.agent.notify(GuestEvent.SHUTDOWN)
    return _after_shutdown(driver, guest)


async def _after_shutdown(driver: QemuDriver, guest: QemuGuest) -> None:
    """End the run or let the guest begin anew, as its definition says."""
    run, actions = guest.running, guest.definition.lifecycle
    action = actions.on_reboot if run.reboot_after_shutdown else actions.on_poweroff
    again = action in (Action.RESTART, Action.RENAME_RESTART)
    if action is Action.PRESERVE:
        await driver.keep_status(guest)
    elif again:
        await restart(driver, guest)
    else:
        await _stop(driver, guest)


async def _stop(driver: QemuDriver, guest: QemuGuest) -> None:
    """End the run of a guest that has powered off; QEMU may write out what it holds."""
    reasons = DomainShutoffReason.SHUTDOWN, DomainEventStoppedDetailType.SHUTDOWN
    await stop.stop_guest(driver, guest, *reasons, graceful=True)


async def restart(driver: QemuDriver, guest: QemuGuest) -> None:
    """A guest that has powered off begins anew in the same process."""
    run = guest.running
    await lifecycle.reset(run.monitor)
    run.got_shutdown = run.reboot_after_shutdown = False
    run.running_reason = DomainRunningReason.BOOTED
    guest.set_state(DomainState.PAUSED, DomainPausedReason.STARTING_UP)
    await lifecycle.cont(run.monitor)
    guest.set_state(DomainState.RUNNING, DomainRunningReason.BOOTED)
    await driver.keep_status(guest)


def was_reset(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest has begun anew, or is to end when it tries that."""
    run = guest.running
    if run.agent is not None:
        run.agent.notify(GuestEvent.RESET)
    driver.bus.publish(Reboot(guest.handle))
    if guest.state is DomainState.CRASHED:
        guest.set_state(DomainState.RUNNING, DomainRunningReason.CRASHED)
    if guest.definition.lifecycle.on_reboot is Action.DESTROY and data.get("guest"):
        run.got_shutdown = True
        return _stop(driver, guest)
    return None


def sleeps(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest sleeps in memory."""
    guest.set_state(DomainState.PMSUSPENDED, DomainPMSuspendedReason.UNKNOWN)
    if guest.running.agent is not None:
        guest.running.agent.notify(GuestEvent.SUSPEND)
    driver.publish_lifecycle(guest.handle, DomainEventType.PMSUSPENDED, DomainEventPMSuspendedDetailType.MEMORY)
    driver.bus.publish(PmSuspend(0, guest.handle))
    return _keep(driver, guest)


def sleeps_on_disk(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest sleeps on disk, and will power off."""
    guest.set_state(DomainState.PMSUSPENDED, DomainPMSuspendedReason.UNKNOWN)
    if guest.running.agent is not None:
        guest.running.agent.notify(GuestEvent.SUSPEND)
    driver.publish_lifecycle(guest.handle, DomainEventType.PMSUSPENDED, DomainEventPMSuspendedDetailType.DISK)
    driver.bus.publish(PmSuspendDisk(0, guest.handle))
    return _keep(driver, guest)


def woke_up(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest is awake again."""
    driver.bus.publish(PmWakeup(0, guest.handle))
    if guest.state is not DomainState.PMSUSPENDED:
        return None
    guest.set_state(DomainState.RUNNING, DomainRunningReason.WAKEUP)
    driver.publish_lifecycle(guest.handle, DomainEventType.STARTED, DomainEventStartedDetailType.WAKEUP)
    return _keep(driver, guest)


def panicked(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest's kernel has given up."""
    guest.set_state(DomainState.CRASHED, DomainCrashedReason.PANICKED)
    driver.publish_lifecycle(guest.handle, DomainEventType.CRASHED, DomainEventCrashedDetailType.PANICKED)
    return _after_panic(driver, guest)


async def _after_panic(driver: QemuDriver, guest: QemuGuest) -> None:
    action = guest.definition.lifecycle.on_crash
    if action in (Action.DESTROY, Action.COREDUMP_DESTROY):
        reasons = DomainShutoffReason.CRASHED, DomainEventStoppedDetailType.CRASHED
        await stop.stop_guest(driver, guest, *reasons)
    elif action in (Action.RESTART, Action.COREDUMP_RESTART):
        await restart(driver, guest)
    else:
        await driver.keep_status(guest)


# Devices


def watchdog_bit(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The watchdog was not fed."""
    names = {action.name.lower().replace("_", "-"): action for action in DomainEventWatchdogAction}
    action = names.get(str(data.get("action")).replace("inject-nmi", "injectnmi"), DomainEventWatchdogAction.NONE)
    if action is DomainEventWatchdogAction.PAUSE and guest.state is DomainState.RUNNING:
        guest.running.paused_reason = DomainPausedReason.WATCHDOG
    driver.bus.publish(Watchdog(guest.handle, action))
    return None


_IO_ACTIONS = {"stop": DomainEventIOErrorAction.PAUSE, "report": DomainEventIOErrorAction.REPORT}


def disk_failed(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """A disk could not be read or written."""
    disk = _disk_of(guest, data)
    path = disk.source.path or "" if disk else ""
    alias = disk.info.alias or "" if disk else str(data.get("device") or "")
    action = _IO_ACTIONS.get(str(data.get("action")), DomainEventIOErrorAction.NONE)
    if action is DomainEventIOErrorAction.PAUSE:
        guest.running.paused_reason = DomainPausedReason.IOERROR
    reason = "enospc" if data.get("nospace") else ""
    driver.bus.publish(IoError(guest.handle, path, alias, action))
    driver.bus.publish(IoErrorReason(guest.handle, path, alias, action, reason))
    return None


def _disk_of(guest: QemuGuest, data: Data) -> Disk | None:
    node = str(data.get("node-name") or "")
    number = node.removeprefix("libvirt-").partition("-")[0]
    for disk in guest.definition.devices.disks:
        if str(disk.source.index) == number or disk.info.alias in (data.get("device"), data.get("id")):
            return disk
    return None


def tray_moved(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest has opened or closed a tray."""
    disk = _disk_of(guest, data)
    if disk is None or disk.info.alias is None:
        return None
    opened = bool(data.get("tray-open"))
    disk.tray = DiskTray.OPEN if opened else DiskTray.CLOSED
    reasons = DomainEventTrayChangeReason
    driver.bus.publish(TrayChange(guest.handle, disk.info.alias, reasons.OPEN if opened else reasons.CLOSE))
    return _keep(driver, guest)


def device_deleted(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest has let a device go."""
    alias = data.get("device")
    if isinstance(alias, str):
        driver.bus.publish(DeviceRemoved(guest.handle, alias))
    return None


def balloon_changed(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest has given or taken memory."""
    kib = int(data["actual"]) // 1024
    guest.definition.memory.current = kib
    driver.bus.publish(BalloonChange(guest.handle, kib))
    return _keep(driver, guest)


def clock_changed(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest has set its clock."""
    driver.bus.publish(RtcChange(guest.handle, int(data["offset"])))
    return None


def channel_changed(driver: QemuDriver, guest: QemuGuest, data: Data) -> Awaitable[None] | None:
    """The guest has opened or closed a channel."""
    return agents.channel_changed(driver, guest, str(data.get("id")), is_open=bool(data.get("open")))


HANDLERS: dict[str, Handler] = {
    "STOP": stopped,
    "RESUME": resumed,
    "SHUTDOWN": shut_down,
    "RESET": was_reset,
    "SUSPEND": sleeps,
    "SUSPEND_DISK": sleeps_on_disk,
    "WAKEUP": woke_up,
    "GUEST_PANICKED": panicked,
    "WATCHDOG": watchdog_bit,
    "BLOCK_IO_ERROR": disk_failed,
    "DEVICE_TRAY_MOVED": tray_moved,
    "DEVICE_DELETED": device_deleted,
    "BALLOON_CHANGE": balloon_changed,
    "RTC_CHANGE": clock_changed,
    "VSERPORT_CHANGE": channel_changed,
}
"""What is done about which event; others are only passed on."""
