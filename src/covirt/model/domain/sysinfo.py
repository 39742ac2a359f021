# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<sysinfo>`: what the guest reads of its hardware's maker, and files for its firmware."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from covirt.errors import InvalidArg, XmlDetail, XmlError
from covirt.model.common.scalars import Path
from covirt.values import Uuid
from covirt.xml import At, Choice, Context, Reading


def _entry(name: str) -> Any:
    return At(f"entry[@name='{name}']")


@dataclass(slots=True, kw_only=True)
class BiosTable:
    """The BIOS."""

    vendor: Annotated[str | None, _entry("vendor")] = None
    version: Annotated[str | None, _entry("version")] = None
    date: Annotated[str | None, _entry("date")] = None
    release: Annotated[str | None, _entry("release")] = None

    def after_parse(self, reading: Reading) -> None:
        """Dates are American, with two or four digits of the year."""
        if self.date is None:
            return
        found = re.fullmatch(r"\s*\+?(\d+)/\s*\+?(\d+)/\s*\+?(\d+)", self.date)
        month, day, year = (int(part) for part in found.groups()) if found else (0, 0, 0)
        if not (1 <= month <= 12 and 1 <= day <= 31 and not 100 <= year < 1900):
            raise XmlDetail("Invalid BIOS 'date' format")


@dataclass(slots=True, kw_only=True)
class SystemTable:
    """The computer as a whole."""

    manufacturer: Annotated[str | None, _entry("manufacturer")] = None
    product: Annotated[str | None, _entry("product")] = None
    version: Annotated[str | None, _entry("version")] = None
    serial: Annotated[str | None, _entry("serial")] = None
    uuid: Annotated[str | None, _entry("uuid")] = None
    sku: Annotated[str | None, _entry("sku")] = None
    family: Annotated[str | None, _entry("family")] = None

    def after_parse(self, reading: Reading) -> None:
        """The identifier is a uuid, written in the usual form."""
        if self.uuid is not None:
            try:
                self.uuid = str(Uuid.parse(self.uuid))
            except InvalidArg:
                raise XmlDetail("malformed <sysinfo> uuid element") from None


@dataclass(slots=True, kw_only=True)
class BaseBoardTable:
    """A board in the computer."""

    manufacturer: Annotated[str | None, _entry("manufacturer")] = None
    product: Annotated[str | None, _entry("product")] = None
    version: Annotated[str | None, _entry("version")] = None
    serial: Annotated[str | None, _entry("serial")] = None
    asset: Annotated[str | None, _entry("asset")] = None
    location: Annotated[str | None, _entry("location")] = None


@dataclass(slots=True, kw_only=True)
class ChassisTable:
    """The case of the computer."""

    manufacturer: Annotated[str | None, _entry("manufacturer")] = None
    version: Annotated[str | None, _entry("version")] = None
    serial: Annotated[str | None, _entry("serial")] = None
    asset: Annotated[str | None, _entry("asset")] = None
    sku: Annotated[str | None, _entry("sku")] = None


@dataclass(slots=True, kw_only=True)
class ProcessorTable:
    """A processor; only hosts tell."""

    socket_destination: Annotated[str | None, _entry("socket_destination")] = None
    type: Annotated[str | None, _entry("type")] = None
    family: Annotated[str | None, _entry("family")] = None
    manufacturer: Annotated[str | None, _entry("manufacturer")] = None
    signature: Annotated[str | None, _entry("signature")] = None
    version: Annotated[str | None, _entry("version")] = None
    external_clock: Annotated[str | None, _entry("external_clock")] = None
    max_speed: Annotated[str | None, _entry("max_speed")] = None
    status: Annotated[str | None, _entry("status")] = None
    serial_number: Annotated[str | None, _entry("serial_number")] = None
    part_number: Annotated[str | None, _entry("part_number")] = None


@dataclass(slots=True, kw_only=True)
class MemoryTable:
    """A memory module; only hosts tell."""

    size: Annotated[str | None, _entry("size")] = None
    form_factor: Annotated[str | None, _entry("form_factor")] = None
    locator: Annotated[str | None, _entry("locator")] = None
    bank_locator: Annotated[str | None, _entry("bank_locator")] = None
    type: Annotated[str | None, _entry("type")] = None
    type_detail: Annotated[str | None, _entry("type_detail")] = None
    speed: Annotated[str | None, _entry("speed")] = None
    manufacturer: Annotated[str | None, _entry("manufacturer")] = None
    serial_number: Annotated[str | None, _entry("serial_number")] = None
    part_number: Annotated[str | None, _entry("part_number")] = None


@dataclass(slots=True, kw_only=True)
class SmbiosInfo:
    """What the SMBIOS tables say."""

    type: Literal["smbios"] = "smbios"
    bios: Annotated[BiosTable | None, At("bios", omit_empty=True)] = None
    system: Annotated[SystemTable | None, At("system", omit_empty=True)] = None
    boards: Annotated[list[BaseBoardTable], At("baseBoard")] = field(default_factory=list)
    chassis: Annotated[ChassisTable | None, At("chassis", omit_empty=True)] = None
    processors: Annotated[list[ProcessorTable], At("processor")] = field(default_factory=list)
    memory: Annotated[list[MemoryTable], At("memory_device")] = field(default_factory=list)
    oem_strings: Annotated[list[str], At("oemStrings/entry")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Boards of which nothing is said are not there."""
        self.boards = [board for board in self.boards if board != BaseBoardTable()]


@dataclass(slots=True, kw_only=True)
class FirmwareFile:
    """A file for the firmware, by its content or from the host."""

    name: Annotated[str, At("@name", missing="Firmware entry is missing 'name' attribute")]
    file: Annotated[Path | None, At("@file")] = None
    value: Annotated[str | None, At(".")] = None

    def after_parse(self, reading: Reading) -> None:
        """There is a content; that of the host's file is taken first."""
        if self.value is None and self.file is None:
            raise XmlError("Firmware entry must have either value or 'file' attribute")

    def for_format(self, context: Context) -> FirmwareFile:
        """Only one of both is written."""
        return self if self.file is None else FirmwareFile(name=self.name, file=self.file)


@dataclass(slots=True, kw_only=True)
class FirmwareInfo:
    """Files for the firmware."""

    type: Literal["fwcfg"] = "fwcfg"
    files: Annotated[list[FirmwareFile], At("entry")] = field(default_factory=list)


Sysinfo = SmbiosInfo | FirmwareInfo


@dataclass(slots=True, kw_only=True)
class SysinfoDocument:
    """What a host says of itself, as a document of its own."""

    ELEMENT: ClassVar[str] = "sysinfo"

    info: Annotated[Sysinfo, At("."), Choice()]
