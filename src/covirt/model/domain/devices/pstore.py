# SPDX-License-Identifier: LGPL-2.1-or-later
"""Places where a crashing kernel leaves its last words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import XmlError
from covirt.model.domain.devices.common import Device, DeviceInfo
from covirt.xml import At, Size

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition


class PstoreBackend(StrEnum):
    """By which interface the guest writes."""

    ACPI_ERST = "acpi-erst"


@dataclass(slots=True, kw_only=True)
class Pstore(Device):
    """A file that keeps what a crashing kernel writes."""

    ELEMENT: ClassVar[str] = "pstore"

    backend: Annotated[PstoreBackend, At("@backend")]
    path: Annotated[str | None, At("path")] = None
    size: Annotated[int, At("size", missing="missing element or attribute './size'"), Size("KiB")]
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def check(self, guest: DomainDefinition) -> None:
        """There is a file, of a size that is a power of two."""
        if not self.path:
            raise XmlError("missing path for ACPI ERST pstore device")
        if self.size < 4 or self.size & (self.size - 1):
            raise XmlError("invalid size of ACPI ERST pstore device")
