# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices by which a guest tells that its kernel crashed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt.errors import ConfigUnsupported
from covirt.model.common.scalars import OrDefault
from covirt.model.domain.devices.common import Device, DeviceInfo
from covirt.xml import At


class PanicModel(StrEnum):
    """Which device the guest sees."""

    ISA = "isa"
    PSERIES = "pseries"
    HYPERV = "hyperv"
    S390 = "s390"
    PVPANIC = "pvpanic"


@dataclass(slots=True, kw_only=True)
class Panic(Device):
    """A panic notifier."""

    ELEMENT: ClassVar[str] = "panic"

    model: Annotated[
        PanicModel | None,
        At("@model", invalid="unknown panic model '{value}'", error=ConfigUnsupported),
        OrDefault(PanicModel),
    ] = None
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)
