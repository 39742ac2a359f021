# SPDX-License-Identifier: LGPL-2.1-or-later
"""Machine features that QEMU needs, or that go together."""

from __future__ import annotations

from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.defaults.devices import needs_eim
from covirt.drivers.qemu.machine import S390, machine_of
from covirt.errors import ConfigUnsupported
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.features import Gic, GicVersion, Ioapic, IoapicDriver


def drop_impossible_acpi(guest: DomainDefinition, about: Circumstances) -> None:
    """Guests on s390 once could ask for ACPI without getting it; those that exist stay valid."""
    if guest.features.acpi and not about.abi_update and guest.os.arch in S390:
        machine = about.caps.machine(guest.type, guest.os.machine or "")
        if machine is not None and machine.acpi is False:
            guest.features.acpi = False


def complete(guest: DomainDefinition, about: Circumstances) -> None:
    """Choose an interrupt controller where one is needed."""
    features = guest.features
    if (features.gic is None and machine_of(guest).arm_virt) or (features.gic and features.gic.version is None):
        features.gic = Gic(version=_best_gic(guest, about))
    iommu = guest.devices.iommu
    if iommu and features.ioapic is None and (iommu.driver.intremap or needs_eim(guest, machine_of(guest))):
        # Interrupt remapping works with an I/O APIC outside the kernel only.
        features.ioapic = Ioapic(driver=IoapicDriver.QEMU)


def _best_gic(guest: DomainDefinition, about: Circumstances) -> GicVersion:
    """The highest version that can be had; but emulated, version 3 has no MSI and so does not go with PCI Express."""
    emulated = guest.type == "qemu"
    usable = {gic.version for gic in about.caps.gic if (gic.emulated if emulated else gic.kernel)}
    if 3 in usable and not emulated:
        return GicVersion.V3
    return GicVersion.V2


def check_tseg(guest: DomainDefinition, about: Circumstances) -> None:
    """Memory for system management mode can be told on q35 only."""
    smm = guest.features.smm
    if smm is None or not smm.state or smm.tseg is None:
        return
    if not machine_of(guest).q35:
        raise ConfigUnsupported("SMM TSEG is only supported with q35 machine type")
    if "mch.extended-tseg-mbytes" not in about.caps:
        raise ConfigUnsupported("Setting TSEG size is not supported with this QEMU binary")
    if smm.tseg % (1 << 20):
        raise ConfigUnsupported("SMM TSEG size must be divisible by 1 MiB")
