# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who the guest is: name, uuid, what its firmware tables and files say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import props
from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.domain.os import SmbiosMode
from covirt.model.domain.sysinfo import (
    BaseBoardTable,
    BiosTable,
    ChassisTable,
    FirmwareInfo,
    SmbiosInfo,
    SystemTable,
)


def commas(text: str) -> str:
    """The text as part of an option: commas are doubled."""
    return text.replace(",", ",,")


def add_name(build: Build) -> None:
    """The guest's name, and names for its threads."""
    name = build.guest.name
    process = f",process=qemu:{name}" if build.settings.set_process_name else ""
    build.argv.add("-name", f"guest={commas(name)}{process},debug-threads=on")


def add_smbios(build: Build) -> None:
    """What the SMBIOS tables say, when the document or the host decides about them."""
    mode = build.guest.os.smbios
    if mode is SmbiosMode.HOST:
        if build.prepared.host_smbios is None:
            raise ConfigUnsupported("Host SMBIOS information is not available")
        told = build.prepared.host_smbios
    elif mode is SmbiosMode.SYSINFO:
        found = [info for info in build.guest.sysinfo if isinstance(info, SmbiosInfo)]
        if not found:
            raise XmlError(f"Domain '{build.guest.name}' sysinfo are not available")
        told = found[-1]
    else:
        return
    for table in _tables(told, own_uuid=mode is SmbiosMode.SYSINFO):
        build.argv.add("-smbios", table)


def _tables(told: SmbiosInfo, *, own_uuid: bool) -> Iterator[str]:
    if told.bios:
        yield _table(0, told.bios)
    if told.system:
        yield _table(1, told.system, leave_out=() if own_uuid else ("uuid",))
    if len(told.boards) > 1:
        raise ConfigUnsupported("qemu does not support more than one entry to Type 2 in SMBIOS table")
    for board in told.boards:
        yield _table(2, board)
    if told.chassis:
        yield _table(3, told.chassis)
    if told.oem_strings:
        yield "type=11" + "".join(f",value={commas(text)}" for text in told.oem_strings)


Table = BiosTable | SystemTable | BaseBoardTable | ChassisTable


def _table(number: int, table: Table, leave_out: tuple[str, ...] = ()) -> str:
    words = [f"type={number}"]
    for part in fields(table):
        value = getattr(table, part.name)
        if part.name == "manufacturer" and number in (2, 3):
            value = value or ""
        if value is not None and part.name not in leave_out:
            words.append(f"{part.name}={commas(value)}")
    return ",".join(words)


def add_firmware_files(build: Build) -> None:
    """Files that the firmware hands to the system."""
    for info in build.guest.sysinfo:
        if isinstance(info, FirmwareInfo):
            for file in info.files:
                source = f"string={file.value}" if file.value is not None else f"file={file.file}"
                build.argv.add("-fw_cfg", f"name={file.name},{source}")


def add_generation(build: Build) -> None:
    """The identifier of this state of the guest."""
    if build.guest.genid is not None:
        build.argv.device(props(driver="vmgenid", guid=str(build.guest.genid), id="vmgenid0"))
