# SPDX-License-Identifier: LGPL-2.1-or-later
"""The IOMMU of the guest."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported
from covirt.model.domain.address import PciAddress
from covirt.model.domain.devices.iommu import Iommu, IommuModel

OPTIONS = {
    "intremap": ("intel-iommu.intremap", "interrupt remapping is"),
    "caching_mode": ("intel-iommu.caching-mode", "caching mode is"),
    "eim": ("intel-iommu.eim", "eim is"),
    "iotlb": ("intel-iommu.device-iotlb", "device IOTLB is"),
    "aw_bits": ("intel-iommu.aw-bits", "aw_bits is"),
    "dma_translation": ("intel-iommu.dma-translation", "updating dma translation is"),
}
"""What only Intel's IOMMU has, by field."""


def check(iommu: Iommu, situation: Situation) -> None:
    """Check machine, device and options."""
    _check_machine(iommu, situation)
    for flag in _flags(iommu.model):
        situation.need(flag, f"IOMMU device: '{iommu.model}' is not supported with this QEMU binary")
    if iommu.model is IommuModel.VIRTIO:
        if not situation.guest.features.acpi:
            raise ConfigUnsupported(f"IOMMU device: '{iommu.model}' requires ACPI")
        if not isinstance(iommu.info.address, PciAddress | None):
            raise ConfigUnsupported(f"IOMMU device: '{iommu.model}' needs a PCI address")
    for name, (flag, what) in OPTIONS.items():
        value = getattr(iommu.driver, name)
        if value is not None and (name != "aw_bits" or value):
            situation.need(flag, f"iommu: {what} not supported with this QEMU binary")


def _check_machine(iommu: Iommu, situation: Situation) -> None:
    machine = situation.machine
    where, fits = {
        IommuModel.INTEL: ("Q35", machine.q35),
        IommuModel.SMMUV3: ("ARM Virt", machine.arm_virt),
        IommuModel.VIRTIO: ("Q35 and ARM Virt", machine.q35 or machine.arm_virt),
    }[iommu.model]
    if not fits:
        raise ConfigUnsupported(f"IOMMU device: '{iommu.model}' is only supported with {where} machines")


def _flags(model: IommuModel) -> tuple[str, ...]:
    return {
        IommuModel.INTEL: ("intel-iommu",),
        IommuModel.SMMUV3: ("machine.virt.iommu",),
        IommuModel.VIRTIO: ("virtio-iommu-pci", "virtio-iommu.boot-bypass"),
    }[model]
