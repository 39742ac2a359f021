# SPDX-License-Identifier: LGPL-2.1-or-later
"""A saved guest goes on where it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.save_image import PartialImage, SaveFormat, SaveImage, read_image
from covirt.drivers.qemu.start import Incoming, start_guest
from covirt.errors import Error, OperationUnsupported, SystemCallFailed
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.files import remove_file
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.xml import Context

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver

log = get("qemu.restore")

SAVED = Context.INACTIVE | Context.SKIP_VALIDATE


def saved_path(driver: QemuDriver, guest: QemuGuest) -> Path:
    """Where the managed save of a guest is."""
    return driver.roots.qemu.save / f"{guest.name}.save"


def open_image(path: Path, *, write: bool = False) -> tuple[int, SaveImage]:
    """A saved guest: the descriptor stands at QEMU's state."""
    try:
        fd = os.open(path, (os.O_RDWR if write else os.O_RDONLY) | os.O_CLOEXEC)
    except OSError as error:
        raise SystemCallFailed.from_oserror(error, f"Failed to open file '{path}'") from error
    try:
        return fd, read_image(fd, path)
    except BaseException:
        os.close(fd)
        raise


async def read_definition(driver: QemuDriver, xml: str) -> DomainDefinition:
    """The definition in an image, or one that shall take its place."""
    return await driver.definitions.read(xml, SAVED)


async def restore_guest(
    driver: QemuDriver, guest: QemuGuest, fd: int, image: SaveImage, *, paused: bool | None = None
) -> None:
    """Start a guest, which has the image's definition, with the state in the image."""
    if image.format is not SaveFormat.RAW:
        raise OperationUnsupported(f"images of the format '{image.format.name.lower()}' cannot be read yet")
    wait = not image.was_running if paused is None else paused
    await start_guest(driver, guest, paused=wait, incoming=Incoming(descriptor=fd))


# Managed save


async def start_saved(driver: QemuDriver, guest: QemuGuest, *, paused: bool) -> bool:
    """Start a guest from its managed save; False when that is of no use and the guest has to boot."""
    path = saved_path(driver, guest)
    try:
        fd, image = await in_thread(open_image, path)
    except PartialImage:
        log.warning("an incomplete managed save is dropped", guest=guest.name, path=path)
        await drop_saved(driver, guest)
        return False
    try:
        definition = await read_definition(driver, image.xml)
        defined, guest.definition = guest.definition, definition
        guest.next = defined
        try:
            await restore_guest(driver, guest, fd, image, paused=True if paused else None)
        except Error:
            if guest.next is not None:
                guest.definition, guest.next = guest.next, None
            raise
    finally:
        os.close(fd)
    await drop_saved(driver, guest)
    return True


async def drop_saved(driver: QemuDriver, guest: QemuGuest) -> None:
    """Remove the managed save of a guest."""
    path = saved_path(driver, guest)
    try:
        await in_thread(remove_file, path, missing_ok=True)
    except OSError as error:
        raise SystemCallFailed.from_oserror(error, f"Failed to remove managed save file '{path}'") from error
    guest.managed_save = False
