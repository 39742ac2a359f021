# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest's state goes into a file, and the guest ends."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from covirt.api.domain.events import DomainEventStoppedDetailType
from covirt.api.domain.jobs import DomainJobOperation
from covirt.api.domain.states import DomainPausedReason, DomainRunningReason, DomainShutoffReason, DomainState
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor import Monitor, QmpEvent
from covirt.drivers.qemu.monitor.commands import lifecycle, migration
from covirt.drivers.qemu.save_image import SaveImage
from covirt.drivers.qemu.stop import stop_guest
from covirt.errors import OperationFailed, OperationInvalid, SystemCallFailed
from covirt.runtime.bus import Subscription
from covirt.runtime.files import sync_directory
from covirt.runtime.jobs import LongJob, LongJobInfo
from covirt.runtime.loop import in_thread
from covirt.xml import Context

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver

_FASTEST = (2**63 - 1) // 2**20 * 2**20
_ENDS = {"completed", "failed", "cancelled"}


async def save_guest(
    driver: QemuDriver,
    guest: QemuGuest,
    path: Path,
    *,
    api: str,
    xml: str | None = None,
    running: bool | None = None,
) -> None:
    """Save a guest to a file and end it; when that fails, or is aborted, the guest goes on and there is no file.

    `xml` is written in place of the guest's own definition; `running` says whether it runs when it is restored.
    """
    async with guest.jobs.long(LongJob.SAVE, api=api, operation=DomainJobOperation.SAVE) as job:
        guest.require_active()
        if guest.state is DomainState.SHUTDOWN:
            raise OperationInvalid("domain is not running")
        was_running = guest.state is DomainState.RUNNING
        await _pause(guest, job)
        try:
            definition = xml or guest.definition.format(Context.SECURE | Context.INACTIVE | Context.MIGRATABLE)
            image = SaveImage(xml=definition, was_running=was_running if running is None else running)
            await _write(guest, job, path, image)
        except BaseException:
            if was_running:
                await _go_on(guest)
            raise
        await stop_guest(driver, guest, DomainShutoffReason.SAVED, DomainEventStoppedDetailType.SAVED)


async def _pause(guest: QemuGuest, job: LongJobInfo) -> None:
    if guest.state is not DomainState.RUNNING:
        return
    async with job.step():
        guest.running.paused_reason = DomainPausedReason.SAVE
        await lifecycle.stop(guest.monitor)


async def _go_on(guest: QemuGuest) -> None:
    run = guest.run
    if run is None or run.open_monitor is None or run.monitor.closed:
        return
    run.running_reason = DomainRunningReason.SAVE_CANCELED
    await lifecycle.cont(run.monitor)


async def _write(guest: QemuGuest, job: LongJobInfo, path: Path, image: SaveImage) -> None:
    """The header says that the file is complete only once it is, and is on the disk."""
    fd = await in_thread(_create, path, image)
    try:
        try:
            await write_state(guest.monitor, job, fd)
            image.complete = True
            await in_thread(_complete, fd, path, image)
        finally:
            os.close(fd)
    except BaseException:
        await in_thread(path.unlink, True)
        raise


def _create(path: Path, image: SaveImage) -> int:
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        os.write(fd, image.pack())
    except OSError as error:
        raise SystemCallFailed.from_oserror(error, f"Failed to create file '{path}'") from error
    return fd


def _complete(fd: int, path: Path, image: SaveImage) -> None:
    # The state must be there before the header says so.
    os.fsync(fd)
    os.pwrite(fd, image.pack(), 0)
    os.fsync(fd)
    sync_directory(path.parent)


async def write_state(monitor: Monitor, job: LongJobInfo, fd: int) -> None:
    """Let QEMU write its state from where the descriptor stands; returns when all of it is written."""
    await migration.set_capabilities(monitor, {"events": True})
    await migration.set_parameters(monitor, {"max-bandwidth": _FASTEST})

    async def cancel(graceful: bool) -> None:
        await migration.cancel(monitor)

    job.on_abort(cancel)
    try:
        async with job.step():
            subscription = monitor.events.subscribe(QmpEvent, lambda event: event.name == "MIGRATION")
            await monitor.execute("getfd", {"fdname": "migrate"}, fds=[fd])
            await migration.migrate(monitor, "fd:migrate")
        with subscription:
            state = await end_of(monitor, subscription)
    finally:
        job.on_abort(None)
    job.raise_if_aborted()
    if state != "completed":
        reason = (await migration.migration(monitor)).get("error-desc", state)
        raise OperationFailed(f"operation failed: domain save job: {reason}")


async def end_of(monitor: Monitor, subscription: Subscription[QmpEvent]) -> str:
    """How it ended; the end of QEMU is an end too."""

    async def told() -> str:
        async for event in subscription:
            if event.data.get("status") in _ENDS:
                return str(event.data["status"])
        return "failed"

    async with asyncio.TaskGroup() as together:
        waiting = together.create_task(told())
        ended = together.create_task(monitor.wait_closed())
        await asyncio.wait([waiting, ended], return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            waiting.cancel()
            raise ended.result()
        ended.cancel()
    return waiting.result()
