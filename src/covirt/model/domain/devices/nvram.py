# SPDX-License-Identifier: LGPL-2.1-or-later
"""The memory in which pSeries firmware keeps its variables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from covirt.model.domain.devices.common import Device, DeviceInfo
from covirt.xml import At


@dataclass(slots=True, kw_only=True)
class Nvram(Device):
    """The firmware's memory."""

    ELEMENT: ClassVar[str] = "nvram"
    OPEN: ClassVar[bool] = True

    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)
