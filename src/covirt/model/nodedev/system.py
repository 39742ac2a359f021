# SPDX-License-Identifier: LGPL-2.1-or-later
"""The machine itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from covirt.errors import InternalError
from covirt.values import Uuid
from covirt.xml import At


@dataclass(slots=True, kw_only=True)
class Hardware:
    """What the machine is."""

    OPEN: ClassVar[bool] = True

    vendor: Annotated[str | None, At("vendor")] = None
    version: Annotated[str | None, At("version")] = None
    serial: Annotated[str | None, At("serial")] = None
    uuid: Annotated[Uuid | None, At("uuid", invalid="malformed uuid element", error=InternalError)] = None


@dataclass(slots=True, kw_only=True)
class Firmware:
    """What it starts with."""

    OPEN: ClassVar[bool] = True

    vendor: Annotated[str | None, At("vendor")] = None
    version: Annotated[str | None, At("version")] = None
    release_date: Annotated[str | None, At("release_date")] = None


@dataclass(slots=True, kw_only=True)
class SystemCapability:
    """The machine."""

    OPEN: ClassVar[bool] = True

    type: Literal["system"] = "system"
    product: Annotated[str | None, At("product")] = None
    hardware: Annotated[Hardware, At("hardware", omit_empty=False)] = field(default_factory=Hardware)
    firmware: Annotated[Firmware, At("firmware", omit_empty=False)] = field(default_factory=Firmware)
