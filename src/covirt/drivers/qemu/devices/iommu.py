# SPDX-License-Identifier: LGPL-2.1-or-later
"""IOMMUs; that of ARM boards is an option of the machine."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import on_off_auto, place
from covirt.model.domain.devices.iommu import Iommu, IommuModel


def build(iommu: Iommu, build: Build) -> None:
    """The device, where it is one."""
    if iommu.model is not IommuModel.SMMUV3:
        build.argv.device(frontend(iommu, build))


def frontend(iommu: Iommu, build: Build) -> Props:
    """The device."""
    if iommu.model is IommuModel.VIRTIO:
        return props(driver="virtio-iommu", id=iommu.info.alias) | place(build, iommu.info)
    driver = iommu.driver
    return props(
        driver="intel-iommu",
        id=iommu.info.alias,
        intremap=on_off_auto(driver.intremap),
        caching_mode=driver.caching_mode,
        eim=on_off_auto(driver.eim),
        device_iotlb=driver.iotlb,
        aw_bits=driver.aw_bits or None,
        dma_translation=driver.dma_translation,
    )
