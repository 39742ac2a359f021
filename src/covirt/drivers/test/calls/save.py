# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests are saved to files and restored; such a file has libvirt's form: a mark, the length, the definition."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import save as api
from covirt.api.domain.events import DomainEventStartedDetailType, DomainEventStoppedDetailType, DomainEventType
from covirt.api.domain.save import (
    DomainCoreDumpFlags,
    DomainCoreDumpFormat,
    DomainSaveImageXMLFlags,
    DomainSaveRestoreFlags,
)
from covirt.api.domain.states import DomainRunningReason, DomainShutoffReason
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain
from covirt.api.request import Request
from covirt.drivers.test.guest import PretendedGuest
from covirt.drivers.test.life import start, stop
from covirt.drivers.test.reading import name_interfaces, read_definition
from covirt.errors import ArgumentUnsupported, InternalError, OperationInvalid, OperationUnsupported, SystemCallFailed
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.loop import in_thread
from covirt.xml import Context

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    Req = Request[TestDriver, PretendedGuest]

calls = CallTable()

MAGIC = b"TestGuestMagic\0"
LENGTH = struct.Struct("=i")
LONGEST = 8192
NO_FLAGS = DomainSaveRestoreFlags(0)

# The file


def _write(path: str, contents: bytes, failed: str) -> None:
    try:
        handle = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(contents)
    except OSError as error:
        raise SystemCallFailed.from_oserror(error, failed) from error


async def _write_image(path: str, definition: DomainDefinition) -> None:
    text = definition.format(Context.SECURE).encode()
    failed = f"saving domain '{definition.name}' to '{path}': open failed"
    await in_thread(_write, path, MAGIC + LENGTH.pack(len(text)) + text, failed)


def _contents(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(len(MAGIC) + LENGTH.size + LONGEST)
    except OSError as error:
        raise SystemCallFailed.from_oserror(error, f"cannot read domain image '{path}'") from error


async def _read_image(path: str) -> DomainDefinition:
    contents = await in_thread(_contents, path)
    if len(contents) < len(MAGIC):
        raise SystemCallFailed.from_errno(0, f"incomplete save header in '{path}'")
    if not contents.startswith(MAGIC):
        raise InternalError("mismatched header magic")
    header, text = contents[len(MAGIC) :][: LENGTH.size], contents[len(MAGIC) + LENGTH.size :]
    if len(header) < LENGTH.size:
        raise SystemCallFailed.from_errno(0, f"failed to read metadata length in '{path}'")
    (length,) = LENGTH.unpack(header)
    if not 1 <= length <= LONGEST:
        raise InternalError("length of metadata out of range")
    if len(text) < length:
        raise SystemCallFailed.from_errno(0, f"incomplete metadata in '{path}'")
    return read_definition(text[:length].decode(errors="replace"), Context.INACTIVE | Context.SKIP_VALIDATE)


# Save and restore


@calls.implements(api.save)
async def save(req: Req, to: str) -> None:
    """Write the definition to a file; the guest ends."""
    await _save(req, to, None)


@calls.implements(api.save_flags, flags=NO_FLAGS)
async def save_flags(req: Req, to: str, dxml: str | None, flags: DomainSaveRestoreFlags) -> None:
    """Write the definition to a file; the guest ends."""
    await _save(req, to, dxml)


async def _save(req: Req, to: str, changed: str | None) -> None:
    if changed is not None:
        raise ArgumentUnsupported("xml modification unsupported")
    req.guest.require_active()
    await _write_image(to, req.guest.definition)
    await stop(req.driver, req.guest, DomainShutoffReason.SAVED, DomainEventStoppedDetailType.SAVED)


@calls.implements(api.restore)
async def restore(req: Req, from_file: str) -> None:
    """Start the guest of such a file."""
    await _restore(req, from_file, None)


@calls.implements(api.restore_flags, flags=NO_FLAGS)
async def restore_flags(req: Req, from_file: str, dxml: str | None, flags: DomainSaveRestoreFlags) -> None:
    """Start the guest of such a file."""
    await _restore(req, from_file, dxml)


async def _restore(req: Req, path: str, changed: str | None) -> None:
    if changed is not None:
        raise ArgumentUnsupported("xml modification unsupported")
    definition = await _read_image(path)
    name_interfaces(definition)
    assert definition.uuid is not None
    await req.authorize(Domain(definition.name, definition.uuid))
    guest = req.driver.guests.add_to_start(definition)
    start(req.driver, guest, DomainRunningReason.RESTORED)
    req.driver.publish_lifecycle(guest.handle, DomainEventType.STARTED, DomainEventStartedDetailType.RESTORED)


@calls.implements(api.save_image_get_xml_desc)
async def save_image_get_xml_desc(req: Req, file: str, flags: DomainSaveImageXMLFlags) -> str:
    """The definition in such a file."""
    definition = await _read_image(file)
    assert definition.uuid is not None
    await req.authorize(Domain(definition.name, definition.uuid))
    return definition.format(Context.SECURE)


@calls.implements(api.save_image_define_xml, flags=DomainSaveRestoreFlags.RUNNING | DomainSaveRestoreFlags.PAUSED)
async def save_image_define_xml(req: Req, file: str, dxml: str, flags: DomainSaveRestoreFlags) -> None:
    """Put another definition in such a file."""
    await _read_image(file)
    definition = read_definition(dxml)
    assert definition.uuid is not None
    await req.authorize(Domain(definition.name, definition.uuid))
    await _write_image(file, definition)


# Managed save: nothing is written, it is only noted


@calls.implements(
    api.managed_save,
    flags=DomainSaveRestoreFlags.BYPASS_CACHE | DomainSaveRestoreFlags.RUNNING | DomainSaveRestoreFlags.PAUSED,
)
async def managed_save(req: Req, flags: DomainSaveRestoreFlags) -> None:
    """The guest ends, and is marked as saved."""
    guest = req.guest
    guest.require_active()
    if not guest.persistent:
        raise OperationInvalid("cannot do managed save for transient domain")
    await stop(req.driver, guest, DomainShutoffReason.SAVED, DomainEventStoppedDetailType.SAVED)
    guest.managed_save = True


@calls.implements(api.has_managed_save_image)
async def has_managed_save_image(req: Req, flags: NoFlags) -> bool:
    """Whether it is marked."""
    return req.guest.managed_save


@calls.implements(api.managed_save_remove)
async def managed_save_remove(req: Req, flags: NoFlags) -> None:
    """Take the mark away."""
    req.guest.managed_save = False


# Dumps


@calls.implements(api.core_dump, flags=DomainCoreDumpFlags.CRASH)
async def core_dump(req: Req, to: str, flags: DomainCoreDumpFlags) -> None:
    """Write the mark alone to a file."""
    await _dump(req, to, DomainCoreDumpFormat.RAW, flags)


@calls.implements(api.core_dump_with_format, flags=DomainCoreDumpFlags.CRASH)
async def core_dump_with_format(
    req: Req, to: str, dumpformat: DomainCoreDumpFormat, flags: DomainCoreDumpFlags
) -> None:
    """Write the mark alone to a file; it has no other format."""
    await _dump(req, to, dumpformat, flags)


async def _dump(req: Req, to: str, form: DomainCoreDumpFormat, flags: DomainCoreDumpFlags) -> None:
    guest = req.guest
    guest.require_active()
    await in_thread(_write, to, MAGIC, f"domain '{guest.name}' coredump: failed to open {to}")
    if form is not DomainCoreDumpFormat.RAW:
        raise OperationUnsupported("kdump-compressed format is not supported here")
    if DomainCoreDumpFlags.CRASH in flags:
        await stop(req.driver, guest, DomainShutoffReason.CRASHED, DomainEventStoppedDetailType.CRASHED)
