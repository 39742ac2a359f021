# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory management units for the guest's devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import XmlError
from covirt.model.domain.devices.common import Device, DeviceInfo
from covirt.xml import At, OnOff

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition


class IommuModel(StrEnum):
    """Which unit the guest sees."""

    INTEL = "intel"
    SMMUV3 = "smmuv3"
    VIRTIO = "virtio"


@dataclass(slots=True, kw_only=True)
class IommuDriver:
    """What an Intel unit can do."""

    intremap: Annotated[OnOff | None, At("@intremap")] = None
    caching_mode: Annotated[OnOff | None, At("@caching_mode")] = None
    eim: Annotated[OnOff | None, At("@eim")] = None
    iotlb: Annotated[OnOff | None, At("@iotlb")] = None
    aw_bits: Annotated[int, At("@aw_bits", omit=0)] = 0
    dma_translation: Annotated[OnOff | None, At("@dma_translation")] = None


@dataclass(slots=True, kw_only=True)
class Iommu(Device):
    """An IOMMU of the guest."""

    ELEMENT: ClassVar[str] = "iommu"

    model: Annotated[IommuModel, At("@model")]
    driver: Annotated[IommuDriver, At("driver")] = field(default_factory=IommuDriver)
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def check(self, guest: DomainDefinition) -> None:
        """Only Intel's has options, only virtio's has an address."""
        if self.model is not IommuModel.INTEL and self.driver != IommuDriver():
            raise XmlError(f"iommu model '{self.model}' doesn't support additional attributes")
        if self.model is not IommuModel.VIRTIO and self.info.address is not None:
            raise XmlError(f"iommu model '{self.model}' can't have address")
