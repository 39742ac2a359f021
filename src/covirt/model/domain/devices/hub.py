# SPDX-License-Identifier: LGPL-2.1-or-later
"""USB hubs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt.errors import ConfigUnsupported
from covirt.model.domain.devices.common import Device, DeviceInfo
from covirt.xml import At


class HubType(StrEnum):
    """The bus of a hub."""

    USB = "usb"


@dataclass(slots=True, kw_only=True)
class Hub(Device):
    """A hub of the guest."""

    ELEMENT: ClassVar[str] = "hub"

    type: Annotated[
        HubType,
        At(
            "@type",
            missing="missing hub device type",
            invalid="unknown hub device type '{value}'",
            error=ConfigUnsupported,
        ),
    ]
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)
