# SPDX-License-Identifier: LGPL-2.1-or-later
"""Saving a guest's state to a file and going on from it."""

from __future__ import annotations

import os
from pathlib import Path

from covirt.api.binding import CallTable
from covirt.api.call import Job as ApiJob
from covirt.api.domain import save as api
from covirt.api.domain.jobs import DomainJobOperation
from covirt.api.domain.save import DomainSaveImageXMLFlags, DomainSaveRestoreFlags
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain
from covirt.drivers.qemu import restore
from covirt.drivers.qemu.calls.request import Req
from covirt.drivers.qemu.save import save_guest
from covirt.drivers.qemu.save_image import SaveImage
from covirt.errors import InvalidArg, OperationInvalid
from covirt.runtime.jobs import LongJob
from covirt.runtime.loop import in_thread
from covirt.xml import Context

calls = CallTable()
Flags = DomainSaveRestoreFlags
_KNOWN = Flags.RUNNING | Flags.PAUSED


def _running(flags: Flags) -> bool | None:
    """Whether a guest shall run when it is restored, if that is said."""
    return True if Flags.RUNNING in flags else False if Flags.PAUSED in flags else None


# To a file and back


@calls.implements(api.save)
async def save(req: Req, to: str) -> None:
    """Save to a file and stop."""
    await save_guest(req.driver, req.guest, _absolute(to), api=req.call.spelled)


@calls.implements(api.save_flags, flags=_KNOWN)
async def save_flags(req: Req, to: str, dxml: str | None, flags: DomainSaveRestoreFlags) -> None:
    """Save to a file as the flags say and stop."""
    xml = await _checked(req, dxml) if dxml else None
    await save_guest(req.driver, req.guest, _absolute(to), api=req.call.spelled, xml=xml, running=_running(flags))


@calls.implements(api.restore)
async def restore_(req: Req, from_file: str) -> None:
    """Start from a file."""
    await _restore(req, from_file, None, Flags(0))


@calls.implements(api.restore_flags, flags=_KNOWN)
async def restore_flags(req: Req, from_file: str, dxml: str | None, flags: DomainSaveRestoreFlags) -> None:
    """Start from a file as the flags say."""
    await _restore(req, from_file, dxml, flags)


async def _restore(req: Req, from_file: str, xml: str | None, flags: Flags) -> None:
    driver, path = req.driver, _absolute(from_file)
    fd, image = await in_thread(restore.open_image, path)
    try:
        definition = await restore.read_definition(driver, xml or image.xml)
        assert definition.uuid is not None
        await req.authorize(Domain(definition.name, definition.uuid))
        guest = driver.guests.add_to_start(definition)
        running = _running(flags)
        paused = None if running is None else not running
        try:
            operation = DomainJobOperation.RESTORE
            async with guest.jobs.long(LongJob.START, api=req.call.spelled, operation=operation):
                await restore.restore_guest(driver, guest, fd, image, paused=paused)
        except BaseException:
            if guest.next is not None and not guest.active:
                guest.definition, guest.next = guest.next, None
            await driver.drop_if_transient(guest)
            raise
    finally:
        os.close(fd)


def _absolute(path: str) -> Path:
    if not path:
        raise InvalidArg("the path of a saved guest must not be empty")
    return Path(path).absolute()


async def _checked(req: Req, xml: str) -> str:
    """A definition to be written into an image."""
    definition = await restore.read_definition(req.driver, xml)
    return definition.format(Context.SECURE | Context.INACTIVE | Context.MIGRATABLE)


# What is in a file


@calls.implements(api.save_image_get_xml_desc)
async def save_image_get_xml_desc(req: Req, file: str, flags: DomainSaveImageXMLFlags) -> str:
    """The definition in a file."""
    return await _description(req, _absolute(file), flags)


async def _description(req: Req, path: Path, flags: DomainSaveImageXMLFlags) -> str:
    fd, image = await in_thread(restore.open_image, path)
    os.close(fd)
    definition = await restore.read_definition(req.driver, image.xml)
    assert definition.uuid is not None
    if not req.authorized and req.call is api.save_image_get_xml_desc:
        await req.authorize(Domain(definition.name, definition.uuid))
    context = Context.SECURE if DomainSaveImageXMLFlags.SECURE in flags else Context.NONE
    return definition.format(context | Context.INACTIVE)


@calls.implements(api.save_image_define_xml, flags=_KNOWN)
async def save_image_define_xml(req: Req, file: str, dxml: str, flags: DomainSaveRestoreFlags) -> None:
    """Change the definition in a file."""
    await _redefine(req, _absolute(file), dxml, flags, authorize=True)


async def _redefine(req: Req, path: Path, xml: str | None, flags: Flags, *, authorize: bool) -> None:
    fd, image = await in_thread(restore.open_image, path, write=True)
    try:
        definition = await restore.read_definition(req.driver, xml or image.xml)
        assert definition.uuid is not None
        if authorize:
            await req.authorize(Domain(definition.name, definition.uuid))
        image.xml = definition.format(Context.SECURE | Context.INACTIVE | Context.MIGRATABLE)
        running = _running(flags)
        image.was_running = image.was_running if running is None else running
        await in_thread(_rewrite, fd, image)
    finally:
        os.close(fd)


def _rewrite(fd: int, image: SaveImage) -> None:
    os.pwrite(fd, image.pack(), 0)
    os.fsync(fd)


# Managed save


@calls.implements(api.managed_save, flags=_KNOWN)
async def managed_save(req: Req, flags: DomainSaveRestoreFlags) -> None:
    """Save where the next start finds it."""
    driver, guest = req.driver, req.guest
    guest.require_active()
    if not guest.persistent:
        raise OperationInvalid("cannot do managed save for transient domain")
    path = restore.saved_path(driver, guest)
    await save_guest(driver, guest, path, api=req.call.spelled, running=_running(flags))
    guest.managed_save = True


@calls.implements(api.has_managed_save_image)
async def has_managed_save_image(req: Req, flags: NoFlags) -> bool:
    """Whether the next start goes on from a saved state."""
    return req.guest.managed_save


@calls.implements(api.managed_save_remove)
async def managed_save_remove(req: Req, flags: NoFlags) -> None:
    """Forget the saved state."""
    await restore.drop_saved(req.driver, req.guest)


@calls.implements(api.managed_save_get_xml_desc)
async def managed_save_get_xml_desc(req: Req, flags: DomainSaveImageXMLFlags) -> str:
    """The definition in the saved state."""
    return await _description(req, _managed(req), flags)


@calls.implements(api.managed_save_define_xml, flags=_KNOWN, job=ApiJob.MODIFY)
async def managed_save_define_xml(req: Req, dxml: str | None, flags: DomainSaveRestoreFlags) -> None:
    """Change the definition in the saved state."""
    await _redefine(req, _managed(req), dxml, flags, authorize=False)


def _managed(req: Req) -> Path:
    if not req.guest.managed_save:
        raise OperationInvalid("domain does not have managed save image")
    return restore.saved_path(req.driver, req.guest)
