# SPDX-License-Identifier: LGPL-2.1-or-later
"""Controllers: adapters that QEMU or the machine does not have; those of PCI are in `pci_controller`."""

from __future__ import annotations

from covirt.drivers.qemu.check import pci_controller
from covirt.drivers.qemu.check.iothreads import check_mapping
from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported
from covirt.model.domain.address import CcwAddress, PciAddress
from covirt.model.domain.devices.controller import Controller, ControllerType, ScsiModel

SCSI_ADAPTERS: dict[str, tuple[str, str]] = {
    ScsiModel.LSILOGIC: ("lsi", "the LSI 53C895A SCSI controller"),
    ScsiModel.VIRTIO_SCSI: ("virtio-scsi-pci", "virtio scsi controller"),
    ScsiModel.VIRTIO_TRANSITIONAL: ("virtio-scsi-pci", "virtio scsi controller"),
    ScsiModel.VIRTIO_NON_TRANSITIONAL: ("virtio-scsi-pci", "virtio scsi controller"),
    ScsiModel.LSISAS1068: ("mptsas1068", "the LSI SAS1068 (MPT Fusion) controller"),
    ScsiModel.LSISAS1078: ("megasas", "the LSI SAS1078 (MegaRAID) controller"),
    ScsiModel.VMPVSCSI: ("pvscsi", "the pvscsi (VMware paravirtual SCSI) controller"),
}
"""The capability for each adapter, and its name. libvirt lets adapters of the ESP family pass without one."""

VIRTIO_SCSI_SETTINGS = {
    "queues": "supported by",
    "cmd_per_lun": "supported by",
    "max_sectors": "supported by",
    "ioeventfd": "supported by",
    "iothread": "supported for",
}


def check(controller: Controller, situation: Situation) -> None:
    """Check one controller."""
    if controller.type is ControllerType.SCSI:
        _check_adapter(controller, situation)
    if not controller.virtio_scsi:
        for name, words in VIRTIO_SCSI_SETTINGS.items():
            if getattr(controller.driver, name) not in (None, 0) or getattr(controller.driver, name) is False:
                raise ConfigUnsupported(f"'{name}' is only {words} virtio-scsi controller")
    match controller.type:
        case ControllerType.IDE:
            _check_ide(controller, situation)
        case ControllerType.SCSI:
            _check_scsi(controller, situation)
        case ControllerType.PCI:
            pci_controller.check(controller, situation)
        case ControllerType.SATA if controller.index or not situation.machine.q35:
            situation.need("ich9-ahci", "SATA is not supported with this QEMU binary")


def _check_adapter(controller: Controller, situation: Situation) -> None:
    if controller.model == ScsiModel.BUSLOGIC:
        raise ConfigUnsupported(f"Unsupported controller model: {controller.model}")
    if controller.model in SCSI_ADAPTERS:
        flag, name = SCSI_ADAPTERS[controller.model]
        situation.need(flag, f"This QEMU doesn't support {name}")


def _check_ide(controller: Controller, situation: Situation) -> None:
    builtin = situation.machine.builtin_ide
    if builtin and controller.index:
        raise ConfigUnsupported("Only a single IDE controller is supported for this machine type")
    if not builtin:
        raise ConfigUnsupported("IDE controllers are unsupported for this QEMU binary or machine type")


def _check_scsi(controller: Controller, situation: Situation) -> None:
    if controller.virtio_scsi:
        _check_iothreads(controller, situation)
    elif controller.model == ScsiModel.NCR53C90:
        if controller.index:
            raise ConfigUnsupported("ncr53c90 can only be used as first SCSI controller")
        if not situation.machine.builtin_esp:
            raise ConfigUnsupported("ncr53c90 SCSI controller is not a built-in for this machine")


def _check_iothreads(controller: Controller, situation: Situation) -> None:
    driver = controller.driver
    if not driver.iothread and not driver.iothreads:
        return
    if not isinstance(controller.info.address, PciAddress | CcwAddress | None):
        raise ConfigUnsupported("virtio-scsi IOThreads only available for virtio pci and virtio ccw controllers")
    if driver.iothreads:
        situation.need(
            "virtio-scsi.iothread-mapping",
            "IOThread mapping for virtio-scsi controllers is not available with this QEMU binary",
        )
        check_mapping(driver.iothreads, driver.queues, situation)
    if driver.iothread and situation.guest.iothreads.find(driver.iothread) is None:
        raise ConfigUnsupported(f"controller iothread '{driver.iothread}' not defined in iothreadid")
