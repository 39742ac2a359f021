# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests are said to start, pause, reboot and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import lifecycle
from covirt.api.domain.events import (
    DomainEventResumedDetailType,
    DomainEventStartedDetailType,
    DomainEventStoppedDetailType,
    DomainEventSuspendedDetailType,
    DomainEventType,
)
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.lifecycle import (
    DomainCreateFlags,
    DomainDestroyFlags,
    DomainLifecycle,
    DomainLifecycleAction,
    DomainProcessSignal,
    DomainRebootFlags,
    DomainShutdownFlags,
)
from covirt.api.domain.states import DomainPausedReason, DomainRunningReason, DomainShutoffReason, DomainState
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain
from covirt.api.request import Request
from covirt.drivers.common.impact import chosen_all
from covirt.drivers.test.guest import PretendedGuest
from covirt.drivers.test.life import start, stop
from covirt.errors import ConfigUnsupported, InternalError, InvalidArg
from covirt.model.domain.lifecycle import Action

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()

# Start


@calls.implements(lifecycle.create)
async def create(req: Req) -> None:
    """Start a defined guest."""
    _start(req)


@calls.implements(lifecycle.create_with_flags, flags=DomainCreateFlags.NONE)
async def create_with_flags(req: Req, flags: DomainCreateFlags) -> Domain:
    """Start a defined guest."""
    return _start(req)


@calls.implements(lifecycle.create_with_files, flags=DomainCreateFlags.NONE)
async def create_with_files(req: Req, flags: DomainCreateFlags) -> Domain:
    """Start a defined guest; nobody takes the files."""
    return _start(req)


def _start(req: Req) -> Domain:
    guest = req.guest
    if guest.state is not DomainState.SHUTOFF:
        raise InternalError(f"Domain '{guest.name}' is already running")
    start(req.driver, guest, DomainRunningReason.BOOTED)
    req.driver.publish_lifecycle(guest.handle, DomainEventType.STARTED, DomainEventStartedDetailType.BOOTED)
    return guest.handle


@calls.implements(lifecycle.create_xml, flags=DomainCreateFlags.VALIDATE)
async def create_xml(req: Req, xml_desc: str, flags: DomainCreateFlags) -> Domain:
    """Start a guest without definition."""
    return await _create(req, xml_desc, flags)


@calls.implements(lifecycle.create_xml_with_files, flags=DomainCreateFlags.VALIDATE)
async def create_xml_with_files(req: Req, xml_desc: str, flags: DomainCreateFlags) -> Domain:
    """Start a guest without definition; nobody takes the files."""
    return await _create(req, xml_desc, flags)


async def _create(req: Req, text: str, flags: DomainCreateFlags) -> Domain:
    driver = req.driver
    definition = await driver.read_definition(text, validate=DomainCreateFlags.VALIDATE in flags, to_start=True)
    assert definition.uuid is not None
    await req.authorize(Domain(definition.name, definition.uuid))
    guest = driver.guests.add_to_start(definition)
    start(driver, guest, DomainRunningReason.BOOTED)
    driver.publish_lifecycle(guest.handle, DomainEventType.STARTED, DomainEventStartedDetailType.BOOTED)
    return guest.handle


# End


@calls.implements(lifecycle.destroy)
async def destroy(req: Req) -> None:
    """End it at once."""
    await _destroy(req)


@calls.implements(lifecycle.destroy_flags, flags=DomainDestroyFlags.GRACEFUL)
async def destroy_flags(req: Req, flags: DomainDestroyFlags) -> None:
    """End it at once."""
    await _destroy(req)


async def _destroy(req: Req) -> None:
    req.guest.require_active()
    await stop(req.driver, req.guest, DomainShutoffReason.DESTROYED, DomainEventStoppedDetailType.DESTROYED)


@calls.implements(lifecycle.shutdown)
async def shutdown(req: Req) -> None:
    """It shuts down as asked, or begins anew if its definition says so."""
    await _shutdown(req)


@calls.implements(lifecycle.shutdown_flags, flags=DomainShutdownFlags.DEFAULT)
async def shutdown_flags(req: Req, flags: DomainShutdownFlags) -> None:
    """It shuts down as asked, or begins anew if its definition says so."""
    await _shutdown(req)


async def _shutdown(req: Req) -> None:
    guest = req.guest
    if guest.state is DomainState.SHUTOFF:
        raise InternalError(f"domain '{guest.name}' not running")
    await _act(req, guest.definition.lifecycle.on_poweroff)


@calls.implements(lifecycle.reboot)
async def reboot(req: Req, flags: DomainRebootFlags) -> None:
    """It begins anew, or ends if its definition says so."""
    req.guest.require_active()
    await _act(req, req.guest.definition.lifecycle.on_reboot)


async def _act(req: Req, action: Action) -> None:
    if action in (Action.RESTART, Action.RENAME_RESTART):
        req.guest.set_state(DomainState.RUNNING, DomainRunningReason.BOOTED)
    else:
        await stop(req.driver, req.guest, DomainShutoffReason.SHUTDOWN, DomainEventStoppedDetailType.SHUTDOWN)


@calls.implements(lifecycle.reset)
async def reset(req: Req, flags: NoFlags) -> None:
    """Nothing is to be seen of it."""
    req.guest.require_active()


# Pause


@calls.implements(lifecycle.suspend)
async def suspend(req: Req) -> None:
    """It is paused."""
    guest = req.guest
    if guest.state in (DomainState.SHUTOFF, DomainState.PAUSED):
        raise InternalError(f"domain '{guest.name}' not running")
    guest.set_state(DomainState.PAUSED, DomainPausedReason.USER)
    req.driver.publish_lifecycle(guest.handle, DomainEventType.SUSPENDED, DomainEventSuspendedDetailType.PAUSED)


@calls.implements(lifecycle.resume)
async def resume(req: Req) -> None:
    """It goes on."""
    guest = req.guest
    if guest.state is not DomainState.PAUSED:
        raise InternalError(f"domain '{guest.name}' not paused")
    guest.set_state(DomainState.RUNNING, DomainRunningReason.UNPAUSED)
    req.driver.publish_lifecycle(guest.handle, DomainEventType.RESUMED, DomainEventResumedDetailType.UNPAUSED)


# What it does by itself


_ACTIONS = {
    DomainLifecycleAction.DESTROY: Action.DESTROY,
    DomainLifecycleAction.RESTART: Action.RESTART,
    DomainLifecycleAction.RESTART_RENAME: Action.RENAME_RESTART,
    DomainLifecycleAction.PRESERVE: Action.PRESERVE,
    DomainLifecycleAction.COREDUMP_DESTROY: Action.COREDUMP_DESTROY,
    DomainLifecycleAction.COREDUMP_RESTART: Action.COREDUMP_RESTART,
}
_FIELDS = {
    DomainLifecycle.POWEROFF: "on_poweroff",
    DomainLifecycle.REBOOT: "on_reboot",
    DomainLifecycle.CRASH: "on_crash",
}


@calls.implements(lifecycle.set_lifecycle_action)
async def set_lifecycle_action(
    req: Req, type: DomainLifecycle, action: DomainLifecycleAction, flags: DomainModificationImpact
) -> None:
    """Change what happens at power off, reboot or crash."""
    dumps = action in (DomainLifecycleAction.COREDUMP_DESTROY, DomainLifecycleAction.COREDUMP_RESTART)
    if dumps and type is not DomainLifecycle.CRASH:
        name = type.name.lower()
        raise ConfigUnsupported(f"Lifecycle event '{name}' doesn't support '{_ACTIONS[action]}' action")
    for definition in chosen_all(req.guest, flags):
        setattr(definition.lifecycle, _FIELDS[type], _ACTIONS[action])


@calls.implements(lifecycle.send_process_signal)
async def send_process_signal(req: Req, pid_value: int, signum: DomainProcessSignal, flags: NoFlags) -> None:
    """The first process takes every signal and does nothing."""
    if pid_value != 1:
        raise InvalidArg("only sending a signal to pid 1 is supported")
    if signum not in tuple(DomainProcessSignal):
        raise InvalidArg(f"signum value {int(signum)} is out of range")
