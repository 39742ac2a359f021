# SPDX-License-Identifier: LGPL-2.1-or-later
"""Controllers of the guest's buses; those that come with the machine are not mentioned."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import add_companion, place, virtio_props
from covirt.drivers.qemu.devices.disk import iothread_mapping
from covirt.drivers.qemu.machine import S390
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.domain.devices.controller import (
    Controller,
    ControllerType,
    PciModel,
    PciModelName,
    ScsiModel,
    UsbModel,
)

ORDER = (
    ControllerType.PCI,
    ControllerType.USB,
    ControllerType.SCSI,
    ControllerType.IDE,
    ControllerType.SATA,
    ControllerType.VIRTIO_SERIAL,
)
"""In which order buses are made; card readers come later, after the USB hubs that they may hang on."""

USB_DRIVERS = {
    UsbModel.PIIX3_UHCI: "piix3-usb-uhci",
    UsbModel.PIIX4_UHCI: "piix4-usb-uhci",
    UsbModel.EHCI: "usb-ehci",
    UsbModel.ICH9_EHCI1: "ich9-usb-ehci1",
    UsbModel.ICH9_UHCI1: "ich9-usb-uhci1",
    UsbModel.ICH9_UHCI2: "ich9-usb-uhci2",
    UsbModel.ICH9_UHCI3: "ich9-usb-uhci3",
    UsbModel.VT82C686B_UHCI: "vt82c686b-usb-uhci",
    UsbModel.PCI_OHCI: "pci-ohci",
    UsbModel.NEC_XHCI: "nec-usb-xhci",
    UsbModel.QEMU_XHCI: "qemu-xhci",
}
_USB_FLAGS = {
    **USB_DRIVERS,
    UsbModel.ICH9_UHCI1: "ich9-usb-ehci1",
    UsbModel.ICH9_UHCI2: "ich9-usb-ehci1",
    UsbModel.ICH9_UHCI3: "ich9-usb-ehci1",
}
"""The capability that each model needs."""
_XHCI = (UsbModel.NEC_XHCI, UsbModel.QEMU_XHCI)

SCSI_DRIVERS = {
    ScsiModel.LSILOGIC: "lsi",
    ScsiModel.IBMVSCSI: "spapr-vscsi",
    ScsiModel.LSISAS1068: "mptsas1068",
    ScsiModel.LSISAS1078: "megasas",
    ScsiModel.VMPVSCSI: "pvscsi",
    ScsiModel.AM53C974: "am53c974",
    ScsiModel.DC390: "dc-390",
}


def build_all(build: Build) -> None:
    """All buses but those of card readers."""
    for kind in ORDER:
        build_kind(kind, build)


def build_kind(kind: ControllerType, build: Build) -> None:
    """The controllers of one kind."""
    for controller in build.guest.devices.controllers:
        if controller.type is not kind:
            continue
        _add_root_hotplug(controller, build)
        if _comes_with_machine(controller, build) or _no_usb(controller, build):
            continue
        made = frontend(controller, build)
        if made is not None:
            add_companion(build, controller.info)
            build.argv.device(made)


def frontend(controller: Controller, build: Build) -> Props | None:
    """The device; None for one that QEMU makes itself."""
    match controller.type:
        case ControllerType.SCSI:
            made: Props | None = _scsi(controller, build)
        case ControllerType.VIRTIO_SERIAL:
            made = virtio_props(
                build, "virtio-serial", controller.info, controller.driver.virtio, controller.model
            ) | props({"id": controller.info.alias, "max_ports": controller.ports, "vectors": controller.vectors})
        case ControllerType.CCID:
            made = props(driver="usb-ccid", id=controller.info.alias)
        case ControllerType.SATA:
            made = props(driver="ahci", id=controller.info.alias)
        case ControllerType.USB:
            made = _usb(controller, build)
        case ControllerType.PCI:
            made = _pci(controller)
        case _:
            raise ConfigUnsupported(f"Unsupported controller type: {controller.type}")
    return None if made is None else made | place(build, controller.info)


def _comes_with_machine(controller: Controller, build: Build) -> bool:
    machine, first = build.machine, controller.index == 0
    match controller.type:
        case ControllerType.PCI:
            root = controller.model == PciModel.PCI_ROOT and not machine.pseries
            return root or controller.model == PciModel.PCIE_ROOT
        case ControllerType.SATA:
            return first and machine.q35
        case ControllerType.IDE:
            return first and machine.builtin_ide
        case ControllerType.SCSI:
            return first and controller.model == ScsiModel.NCR53C90 and machine.builtin_esp
    return False


def _no_usb(controller: Controller, build: Build) -> bool:
    if controller.type is not ControllerType.USB:
        return False
    return controller.model == UsbModel.NONE or (controller.model is None and build.machine.arch in S390)


def _add_root_hotplug(controller: Controller, build: Build) -> None:
    """Whether devices can be plugged into the root bus of old PCs is said of their power management."""
    hotplug = controller.pci_target.hotplug
    if controller.model == PciModel.PCI_ROOT and controller.index == 0 and hotplug is not None:
        build.argv.add("-global", f"PIIX4_PM.acpi-root-pci-hotplug={'on' if hotplug else 'off'}")


def _scsi(controller: Controller, build: Build) -> Props:
    driver = controller.driver
    if controller.virtio_scsi:
        return virtio_props(build, "virtio-scsi", controller.info, driver.virtio, controller.model) | props(
            {
                "iothread": f"iothread{driver.iothread}" if driver.iothread else None,
                "id": controller.info.alias,
                "num_queues": driver.queues or None,
                "iothread-vq-mapping": iothread_mapping(driver.iothreads),
                "cmd_per_lun": driver.cmd_per_lun or None,
                "max_sectors": driver.max_sectors or None,
                "ioeventfd": driver.ioeventfd,
            }
        )
    if controller.model in SCSI_DRIVERS:
        return props(driver=SCSI_DRIVERS[ScsiModel(controller.model)], id=controller.info.alias)
    if controller.model in (None, ScsiModel.AUTO):
        raise InternalError(f"Unexpected SCSI controller model {controller.model}")
    raise ConfigUnsupported(f"Unsupported controller model: {controller.model}")


def _usb(controller: Controller, build: Build) -> Props:
    if controller.model is None:
        raise ConfigUnsupported("no model provided for USB controller")
    model = UsbModel(controller.model)
    if model not in _USB_FLAGS or _USB_FLAGS[model] not in build.caps:
        raise ConfigUnsupported(f"USB controller model '{model}' not supported in this QEMU binary")
    if controller.ports is not None and model not in _XHCI:
        raise ConfigUnsupported(f"usb controller type '{model}' doesn't support 'ports' with this QEMU binary")
    made = props(driver=USB_DRIVERS[model], p2=controller.ports, p3=controller.ports)
    if controller.info.master is None:
        return made | props(id=controller.info.alias)
    return made | props(masterbus=f"{_master(controller, build)}.0", firstport=controller.info.master.startport)


def _master(controller: Controller, build: Build) -> str | None:
    """The name of the USB 2 controller that this one is a companion of."""
    for other in build.guest.devices.controllers:
        if other.type is ControllerType.USB and other.index == controller.index and other.info.master is None:
            return other.info.alias
    raise InternalError("masterbus not found")


def _pci(controller: Controller) -> Props | None:
    target, alias, name = controller.pci_target, controller.info.alias, controller.model_name
    reserve = target.mem_reserve * 1024 if target.mem_reserve else None
    if controller.model == PciModel.PCI_ROOT and name is PciModelName.SPAPR_PCI_HOST_BRIDGE and not target.index:
        return None
    if name is None:
        raise InternalError("Unknown virDomainControllerPCIModelName value: 0")
    match controller.model:
        case PciModel.PCI_BRIDGE:
            made = props({"driver": name, "chassis_nr": target.chassis_nr, "mem-reserve": reserve, "id": alias})
        case PciModel.PCI_EXPANDER_BUS | PciModel.PCIE_EXPANDER_BUS:
            made = props({"driver": name, "bus_nr": target.bus_nr, "id": alias, "numa_node": target.node})
        case PciModel.DMI_TO_PCI_BRIDGE | PciModel.PCIE_SWITCH_UPSTREAM_PORT | PciModel.PCIE_TO_PCI_BRIDGE:
            made = props(driver=name, id=alias)
        case PciModel.PCIE_ROOT_PORT | PciModel.PCIE_SWITCH_DOWNSTREAM_PORT:
            made = props(
                driver=name,
                port=target.port,
                chassis=target.chassis,
                id=alias,
                hotplug=target.hotplug,
                mem_reserve=reserve,
            )
        case PciModel.PCI_ROOT:
            made = props(
                {"driver": name, "index": target.index, "mem-reserve": reserve, "id": alias, "numa_node": target.node}
            )
        case _:
            raise ConfigUnsupported("Unsupported PCI Express root controller")
    return made


def add_pci_holes(build: Build) -> None:
    """How much address space 64-bit devices get."""
    for controller in build.guest.devices.controllers:
        if controller.type is not ControllerType.PCI or controller.pcihole64 is None:
            continue
        bridge = "i440FX-pcihost" if controller.model == PciModel.PCI_ROOT else "q35-pcihost"
        build.argv.add("-global", f"{bridge}.pci-hole64-size={controller.pcihole64}K")
