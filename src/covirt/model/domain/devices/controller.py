# SPDX-License-Identifier: LGPL-2.1-or-later
"""Controllers: the buses of the guest."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import without
from covirt.model.common.scalars import NonNegativeAnyBase
from covirt.model.domain.devices.common import (
    AcpiIndexField,
    AddressField,
    Device,
    DeviceInfo,
    IothreadMapping,
    VirtioField,
    VirtioOptions,
    count,
)
from covirt.values import UINT64_MAX
from covirt.xml import At, Context, NonNegativeInt, Number, OnOff, Reading, Size
from covirt.xml.scalars import INT32_MAX

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition


class ControllerType(StrEnum):
    """Which kind of bus it controls."""

    IDE = "ide"
    FDC = "fdc"
    SCSI = "scsi"
    SATA = "sata"
    VIRTIO_SERIAL = "virtio-serial"
    CCID = "ccid"
    USB = "usb"
    PCI = "pci"
    XENBUS = "xenbus"
    ISA = "isa"


class PciModel(StrEnum):
    """Which PCI bus, bridge or port it is."""

    PCI_ROOT = "pci-root"
    PCIE_ROOT = "pcie-root"
    PCI_BRIDGE = "pci-bridge"
    DMI_TO_PCI_BRIDGE = "dmi-to-pci-bridge"
    PCIE_TO_PCI_BRIDGE = "pcie-to-pci-bridge"
    PCIE_ROOT_PORT = "pcie-root-port"
    PCIE_SWITCH_UPSTREAM_PORT = "pcie-switch-upstream-port"
    PCIE_SWITCH_DOWNSTREAM_PORT = "pcie-switch-downstream-port"
    PCI_EXPANDER_BUS = "pci-expander-bus"
    PCIE_EXPANDER_BUS = "pcie-expander-bus"


class ScsiModel(StrEnum):
    """Which SCSI host adapter it is."""

    AUTO = "auto"
    BUSLOGIC = "buslogic"
    LSILOGIC = "lsilogic"
    LSISAS1068 = "lsisas1068"
    VMPVSCSI = "vmpvscsi"
    IBMVSCSI = "ibmvscsi"
    VIRTIO_SCSI = "virtio-scsi"
    LSISAS1078 = "lsisas1078"
    VIRTIO_TRANSITIONAL = "virtio-transitional"
    VIRTIO_NON_TRANSITIONAL = "virtio-non-transitional"
    NCR53C90 = "ncr53c90"
    DC390 = "dc390"
    AM53C974 = "am53c974"


class UsbModel(StrEnum):
    """Which USB host controller it is."""

    PIIX3_UHCI = "piix3-uhci"
    PIIX4_UHCI = "piix4-uhci"
    EHCI = "ehci"
    ICH9_EHCI1 = "ich9-ehci1"
    ICH9_UHCI1 = "ich9-uhci1"
    ICH9_UHCI2 = "ich9-uhci2"
    ICH9_UHCI3 = "ich9-uhci3"
    VT82C686B_UHCI = "vt82c686b-uhci"
    PCI_OHCI = "pci-ohci"
    NEC_XHCI = "nec-xhci"
    QUSB1 = "qusb1"
    QUSB2 = "qusb2"
    QEMU_XHCI = "qemu-xhci"
    NONE = "none"


class IdeModel(StrEnum):
    """Which IDE controller it is."""

    PIIX3 = "piix3"
    PIIX4 = "piix4"
    ICH6 = "ich6"


class VirtioSerialModel(StrEnum):
    """Which virtio standard a virtio-serial controller follows."""

    VIRTIO = "virtio"
    VIRTIO_TRANSITIONAL = "virtio-transitional"
    VIRTIO_NON_TRANSITIONAL = "virtio-non-transitional"


MODELS: dict[ControllerType, type[StrEnum]] = {
    ControllerType.SCSI: ScsiModel,
    ControllerType.USB: UsbModel,
    ControllerType.PCI: PciModel,
    ControllerType.IDE: IdeModel,
    ControllerType.VIRTIO_SERIAL: VirtioSerialModel,
}
"""The models of each type; the other types have none."""

VIRTIO_SCSI = (ScsiModel.VIRTIO_SCSI, ScsiModel.VIRTIO_TRANSITIONAL, ScsiModel.VIRTIO_NON_TRANSITIONAL)
PCI_ROOTS = (PciModel.PCI_ROOT, PciModel.PCIE_ROOT)

USB2_MASTER_PORTS = {UsbModel.ICH9_UHCI1: 0, UsbModel.ICH9_UHCI2: 2, UsbModel.ICH9_UHCI3: 4}
"""The companions of an ICH9 EHCI controller, and the first port that each serves."""

USB2_MODELS = (UsbModel.ICH9_EHCI1, *USB2_MASTER_PORTS)


class PciModelName(StrEnum):
    """Which device of the hypervisor plays the PCI controller."""

    PCI_BRIDGE = "pci-bridge"
    I82801B11_BRIDGE = "i82801b11-bridge"
    IOH3420 = "ioh3420"
    X3130_UPSTREAM = "x3130-upstream"
    XIO3130_DOWNSTREAM = "xio3130-downstream"
    PXB = "pxb"
    PXB_PCIE = "pxb-pcie"
    PCIE_ROOT_PORT = "pcie-root-port"
    SPAPR_PCI_HOST_BRIDGE = "spapr-pci-host-bridge"
    PCIE_PCI_BRIDGE = "pcie-pci-bridge"


@dataclass(slots=True, kw_only=True)
class PciTarget:
    """The numbers by which the guest knows a PCI controller."""

    chassis_nr: Annotated[NonNegativeAnyBase | None, At("@chassisNr")] = None
    chassis: Annotated[NonNegativeAnyBase | None, At("@chassis")] = None
    port: Annotated[int | None, At("@port"), Number(high=INT32_MAX, base=0, form="0x{:x}")] = None
    bus_nr: Annotated[NonNegativeAnyBase | None, At("@busNr")] = None
    index: Annotated[NonNegativeAnyBase | None, At("@index")] = None
    hotplug: Annotated[OnOff | None, At("@hotplug")] = None
    mem_reserve: Annotated[int | None, At("@memReserve"), Number(high=UINT64_MAX, base=0, nonzero=True)] = None
    node: Annotated[NonNegativeInt | None, At("node", invalid="invalid NUMA node in target")] = None

    def check(self, index: int) -> None:
        """The numbers are in their ranges."""
        if self.index is not None:
            if self.index > 30:
                raise ConfigUnsupported(f"PCI controller target index '{self.index}' out of range - must be 0-30")
            if (index == 0) != (self.index == 0):
                raise ConfigUnsupported("Only the PCI controller with index 0 can have target index 0, and vice versa")
        for name, value, low, high in (
            ("chassisNr", self.chassis_nr, 1, 255),
            ("chassis", self.chassis, 0, 255),
            ("port", self.port, 0, 255),
            ("busNr", self.bus_nr, 1, 254),
        ):
            if value is not None and not low <= value <= high:
                raise ConfigUnsupported(f"PCI controller {name} '{value}' out of range - must be {low}-{high}")
        if self.node is not None and index == 0:
            raise ConfigUnsupported("The PCI controller with index=0 can't be associated with a NUMA node")


@dataclass(slots=True, kw_only=True)
class ControllerDriver:
    """How the hypervisor runs the controller."""

    queues: Annotated[int, At("@queues", omit=0)] = 0
    cmd_per_lun: Annotated[int, At("@cmd_per_lun", omit=0)] = 0
    max_sectors: Annotated[int, At("@max_sectors", omit=0)] = 0
    ioeventfd: Annotated[OnOff | None, At("@ioeventfd")] = None
    iothread: Annotated[int, At("@iothread", omit=0)] = 0
    virtio: VirtioField = field(default_factory=VirtioOptions)
    iothreads: Annotated[list[IothreadMapping], At("iothreads/iothread")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class UsbMaster:
    """The first port of the USB 2 controller that a companion serves."""

    startport: Annotated[int, At("@startport")] = 0


@dataclass(slots=True, kw_only=True)
class ControllerInfo(DeviceInfo):
    """Name and place of a controller, and the controller to which it is a companion."""

    master: Annotated[UsbMaster | None, At("master")] = None
    acpi_index: AcpiIndexField = None
    address: AddressField = None


@dataclass(slots=True, kw_only=True)
class Controller(Device):
    """A controller of one of the guest's buses."""

    ELEMENT: ClassVar[str] = "controller"

    type: Annotated[ControllerType, At("@type")] = ControllerType.IDE
    index: Annotated[NonNegativeInt | None, At("@index")] = None
    model: Annotated[str | None, At("@model")] = None
    """A member of the enumeration that `MODELS` has for the type."""
    ports: Annotated[NonNegativeInt | None, At("@ports")] = None
    vectors: Annotated[NonNegativeInt | None, At("@vectors")] = None
    max_grant_frames: Annotated[NonNegativeInt | None, At("@maxGrantFrames")] = None
    max_event_channels: Annotated[NonNegativeInt | None, At("@maxEventChannels")] = None
    model_name: Annotated[PciModelName | None, At("model/@name")] = None
    pci_target: Annotated[PciTarget, At("target")] = field(default_factory=PciTarget)
    driver: Annotated[ControllerDriver, At("driver")] = field(default_factory=ControllerDriver)
    info: Annotated[ControllerInfo, At(".")] = field(default_factory=ControllerInfo)
    pcihole64: Annotated[int | None, At("pcihole64"), Size("KiB")] = None

    def after_parse(self, reading: Reading) -> None:
        """Read the model as the type has it, and keep only what the type has."""
        for name in ("model", "target"):
            if count(reading.element, name) > 1:
                raise XmlError(f"Multiple <{name}> elements in controller definition not allowed")
        if self.model is not None:
            self.model = self._model_of(self.model)
        kind = self.type
        if kind is not ControllerType.PCI:
            self.model_name, self.pci_target = None, PciTarget()
        if self.model not in PCI_ROOTS:
            self.pcihole64 = None
        if kind is not ControllerType.VIRTIO_SERIAL:
            self.vectors = None
        if kind not in (ControllerType.VIRTIO_SERIAL, ControllerType.USB):
            self.ports = None
        if kind is not ControllerType.XENBUS:
            self.max_grant_frames = self.max_event_channels = None
        if kind is ControllerType.USB:
            self._read_usb()

    def _model_of(self, word: str) -> str:
        models = MODELS.get(self.type)
        try:
            return models(word) if models else self._unknown(word)
        except ValueError:
            return self._unknown(word)

    def _unknown(self, word: str) -> str:
        raise ConfigUnsupported(f"Unknown model type '{word}'")

    def _read_usb(self) -> None:
        if self.model == UsbModel.NONE:
            self.info = ControllerInfo()
        elif self.info.master is None and self.model in USB2_MASTER_PORTS:
            self.info.master = UsbMaster(startport=USB2_MASTER_PORTS[UsbModel(self.model)])

    def for_format(self, context: Context) -> Controller:
        """Older peers do not know that the root bus of pSeries guests has a model name."""
        hidden = self.model == PciModel.PCI_ROOT and self.model_name is PciModelName.SPAPR_PCI_HOST_BRIDGE
        return without(self, "model_name") if hidden and context & Context.MIGRATABLE else self

    @property
    def virtio_scsi(self) -> bool:
        """Is it a virtio SCSI adapter?"""
        return self.type is ControllerType.SCSI and self.model in VIRTIO_SCSI

    @property
    def usb2_companion(self) -> bool:
        """Is it one of the ICH9 controllers that share an index?"""
        return self.type is ControllerType.USB and self.model in USB2_MODELS

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """Refuse I/O threads where none can be."""
        if self.driver.iothread and not self.virtio_scsi:
            raise XmlError("'iothread' attribute only supported for virtio scsi controllers")

    def check(self, guest: DomainDefinition) -> None:
        """Numbers of PCI controllers are in range; I/O threads only for virtio SCSI."""
        if self.type is ControllerType.PCI:
            if self.model in PCI_ROOTS and self.info.address is not None:
                raise ConfigUnsupported("pci-root and pcie-root controllers should not have an address")
            if (self.index or 0) > 255:
                raise ConfigUnsupported(f"PCI controller index {self.index} too high, maximum is 255")
            self.pci_target.check(self.index or 0)
        if self.driver.iothread or self.driver.iothreads:
            if not self.virtio_scsi:
                raise ConfigUnsupported("iothreads are supported only by 'virtio-scsi' controllers")
            if self.driver.iothread and self.driver.iothreads:
                raise XmlError(
                    "controller driver 'iothread' attribute can't be used together with 'iothreads' subelement"
                )
