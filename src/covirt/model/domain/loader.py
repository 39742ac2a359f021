# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<loader>` and `<nvram>`: the guest's firmware and its variables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from covirt.errors import XmlError
from covirt.model.common.storage_source import StorageFormat, StorageSource
from covirt.xml import At, Reading, YesNo


class LoaderType(StrEnum):
    """How the firmware is put into the guest."""

    ROM = "rom"
    PFLASH = "pflash"


FIRMWARE_FORMATS = (None, StorageFormat.RAW, StorageFormat.QCOW2)


@dataclass(slots=True, kw_only=True)
class Loader:
    """The firmware; without a path, what it has to be like."""

    readonly: Annotated[YesNo | None, At("@readonly")] = None
    secure: Annotated[YesNo | None, At("@secure")] = None
    type: Annotated[LoaderType | None, At("@type")] = None
    stateless: Annotated[YesNo | None, At("@stateless")] = None
    format: Annotated[StorageFormat | None, At("@format")] = None
    path: Annotated[str | None, At(".")] = None

    def after_parse(self, reading: Reading) -> None:
        """Firmware images have two formats."""
        if self.format not in FIRMWARE_FORMATS:
            raise XmlError(f"Unsupported loader format '{self.format}'")


@dataclass(slots=True, kw_only=True)
class Nvram:
    """Where the firmware keeps its variables: a path as text, or a source of any kind."""

    template: Annotated[str | None, At("@template")] = None
    template_format: Annotated[StorageFormat | None, At("@templateFormat")] = None
    source: Annotated[StorageSource | None, At("source", tag_after="@templateFormat")] = None
    format: Annotated[StorageFormat | None, At("@format")] = None
    path: Annotated[str | None, At(".")] = None

    def after_parse(self, reading: Reading) -> None:
        """Firmware images have two formats."""
        if self.template_format not in FIRMWARE_FORMATS:
            raise XmlError(f"Unsupported nvram template format '{self.template_format}'")
        if self.format not in FIRMWARE_FORMATS:
            raise XmlError(f"Unsupported nvram format '{self.format}'")
        if "type" not in reading.element.attributes:
            self.source = None
        else:
            self.path = None
