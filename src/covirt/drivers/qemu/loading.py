# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an opened driver finds: definitions, guests that run, and what a daemon that died half way has left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from covirt.drivers.common.keeper import note_unreadable
from covirt.drivers.qemu import reconnect, restore
from covirt.drivers.qemu.definitions import LOADED
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.start import start_guest
from covirt.errors import Error
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.files import make_directory, write_file
from covirt.runtime.jobs import Job
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver

log = get("qemu.loading")


async def load(driver: QemuDriver) -> None:
    """Fill the table of guests: those that run first, for their numbers, then the definitions."""
    await reconnect.drop_probes(driver)
    found = await driver.keeper.statuses()
    await asyncio.gather(*(reconnect.reconnect(driver, name, text) for name, text in found))
    for name, text in await driver.keeper.definitions():
        try:
            await _load_definition(driver, name, text)
        except Error as error:
            note_unreadable(name, error)
    await reconnect.drop_leftovers(driver)


async def _load_definition(driver: QemuDriver, name: str, text: str) -> None:
    definition = await driver.definitions.read(text, LOADED)
    other = _same_uuid(driver, definition)
    if other is not None and other.name != definition.name:
        # A rename was cut short between writing the new file and removing the old one; the new one is later.
        log.warning("two definitions of one guest; the older one is dropped", older=other.name, newer=name)
        await driver.keeper.discard(other.name)
        driver.guests.remove(other)
    guest = driver.guests.check(definition)
    if guest is None:
        guest = driver.guests.add(definition)
    else:
        guest.assign(definition)
    guest.persistent = True
    guest.autostart, guest.autostart_once = await driver.keeper.autostart(guest.name)
    if guest.active:
        # A guest that runs is not saved: either saving was cut short, or the image is the one that it came from.
        await restore.drop_saved(driver, guest)
    else:
        guest.managed_save = await in_thread(restore.saved_path(driver, guest).exists)


def _same_uuid(driver: QemuDriver, definition: DomainDefinition) -> QemuGuest | None:
    same = (guest for guest in driver.guests if guest.uuid == definition.uuid and not guest.active)
    return next(same, None)


# Starting with the host


async def autostart(driver: QemuDriver) -> None:
    """Start the guests that start with the host, once after each boot of it."""
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
            log.error("a guest did not start with the host", guest=guest.name, error=error)
        if driver.settings.auto_start_delay:
            await asyncio.sleep(driver.settings.auto_start_delay / 1000)


def _first_since_boot(driver: QemuDriver) -> bool:
    """Note that guests were started; the note is where nothing survives a boot."""
    note = driver.roots.qemu.state / "autostarted"
    if note.exists():
        return False
    make_directory(note.parent)
    write_file(note, b"")
    return True
