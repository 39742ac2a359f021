# SPDX-License-Identifier: LGPL-2.1-or-later
"""The balloon by which a guest gives memory back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt.model.domain.devices.common import Device, DeviceInfo, VirtioOptions
from covirt.xml import At, Number, OnOff, Reading
from covirt.xml.scalars import INT32_MAX


class MemballoonModel(StrEnum):
    """Which balloon the guest sees."""

    VIRTIO = "virtio"
    XEN = "xen"
    NONE = "none"
    VIRTIO_TRANSITIONAL = "virtio-transitional"
    VIRTIO_NON_TRANSITIONAL = "virtio-non-transitional"


@dataclass(slots=True, kw_only=True)
class Memballoon(Device):
    """The memory balloon of the guest."""

    ELEMENT: ClassVar[str] = "memballoon"

    model: Annotated[MemballoonModel, At("@model")]
    autodeflate: Annotated[OnOff | None, At("@autodeflate")] = None
    free_page_reporting: Annotated[OnOff | None, At("@freePageReporting")] = None
    period: Annotated[int, At("stats/@period", omit=0), Number(low=-INT32_MAX - 1, high=INT32_MAX, base=0)] = 0
    """Seconds between the guest's reports of its memory."""
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)
    driver: Annotated[VirtioOptions, At("driver")] = field(default_factory=VirtioOptions)

    def after_parse(self, reading: Reading) -> None:
        """What is not there has no place."""
        self.period = max(self.period, 0)
        if self.model is MemballoonModel.NONE:
            self.info = DeviceInfo()
