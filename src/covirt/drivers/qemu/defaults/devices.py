# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU's devices are when the document leaves it open."""

from __future__ import annotations

from functools import singledispatch

from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.machine import ARM, PPC64, S390, X86, Machine, machine_of
from covirt.drivers.qemu.paths import is_default_channel_path
from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.common.encryption import EncryptionEngine
from covirt.model.common.storage_source import StorageFormat
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.char import Channel, Serial, SerialModel, SerialTarget, VirtioTarget
from covirt.model.domain.devices.chardev import SocketMode, UnixChardev
from covirt.model.domain.devices.common import Device, VirtioModel
from covirt.model.domain.devices.controller import PCI_ROOTS, Controller, ControllerType, PciModel, ScsiModel, UsbModel
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.hostdev import Hostdev
from covirt.model.domain.devices.hostdev_sources import MdevHostdev, MdevModel
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.interface_parts import NetBackendType
from covirt.model.domain.devices.iommu import Iommu
from covirt.model.domain.devices.memory import Memory
from covirt.model.domain.devices.panic import Panic, PanicModel
from covirt.model.domain.devices.pstore import Pstore
from covirt.model.domain.devices.shmem import Shmem, ShmemModel, ShmemMsi
from covirt.model.domain.devices.tpm import EmulatorTpm, Tpm, TpmModel, TpmVersion
from covirt.model.domain.devices.video import Video, VideoType
from covirt.model.domain.devices.vsock import Vsock
from covirt.xml import Context

MIB = 1024
"""In KiB."""


@singledispatch
def complete(device: Device, guest: DomainDefinition, about: Circumstances) -> None:
    """Fill in what the document leaves open of this device; most kinds leave nothing open."""


# Disks and controllers


@complete.register
def _(disk: Disk, guest: DomainDefinition, about: Circumstances) -> None:
    disk.driver.name = disk.driver.name or "qemu"
    if disk.driver.format is None and disk.type != "volume":
        disk.driver.format = StorageFormat.RAW
    if disk.mirror and disk.mirror.format is None:
        disk.mirror.format = StorageFormat.RAW
    for source in disk.sources():
        if source.encryption and source.encryption.engine is None:
            source.encryption.engine = EncryptionEngine.QEMU


XHCI_PORTS = 15


@complete.register
def _(controller: Controller, guest: DomainDefinition, about: Circumstances) -> None:
    machine = machine_of(guest)
    match controller.type:
        case ControllerType.SCSI if controller.model in (None, ScsiModel.AUTO):
            controller.model = default_scsi_model(controller, machine, about)
        case ControllerType.USB:
            if controller.model is None:
                controller.model = _default_usb_model(controller, machine, about)
            _check_usb(controller, guest)
        case ControllerType.PCI:
            _check_pci(controller, guest, machine)


def default_scsi_model(controller: Controller, machine: Machine, about: Circumstances) -> ScsiModel:
    """The SCSI adapter of this machine when the document names none."""
    if machine.pseries:
        return ScsiModel.IBMVSCSI
    if machine.arch in S390 or machine.loongarch_virt:
        return ScsiModel.VIRTIO_SCSI
    if "lsi" in about.caps:
        return ScsiModel.LSILOGIC
    if "virtio-scsi-pci" in about.caps:
        return ScsiModel.VIRTIO_SCSI
    if machine.builtin_esp:
        return ScsiModel.NCR53C90
    raise InternalError(f"Unable to determine model for SCSI controller idx={controller.index}")


def _default_usb_model(controller: Controller, machine: Machine, about: Circumstances) -> UsbModel | None:
    caps = about.caps
    model: UsbModel | None = None
    if "piix3-usb-uhci" in caps:
        model = UsbModel.PIIX3_UHCI
    elif not machine.x86 and "pci-ohci" in caps:
        model = UsbModel.PCI_OHCI
    if machine.arch in S390:
        return UsbModel.NONE if controller.info.address is None else model
    if machine.arch in PPC64:
        # A guest that exists keeps the controller it always had.
        if about.abi_update and (xhci := _xhci(about)):
            return xhci
        return UsbModel.PCI_OHCI if "pci-ohci" in caps else None
    if machine.arch == "aarch64":
        return _xhci(about) or model
    if machine.arch == "loongarch64" and "qemu-xhci" in caps:
        return UsbModel.QEMU_XHCI
    return model


def _xhci(about: Circumstances) -> UsbModel | None:
    if "qemu-xhci" in about.caps:
        return UsbModel.QEMU_XHCI
    return UsbModel.NEC_XHCI if "nec-usb-xhci" in about.caps else None


def _check_usb(controller: Controller, guest: DomainDefinition) -> None:
    if controller.model in (UsbModel.QUSB1, UsbModel.QUSB2):
        raise ConfigUnsupported(f"USB controller model type 'qusb1' or 'qusb2' is not supported in {guest.type}")
    if controller.model in (UsbModel.NEC_XHCI, UsbModel.QEMU_XHCI) and (controller.ports or 0) > XHCI_PORTS:
        raise ConfigUnsupported(f"'{controller.model}' controller only supports up to '{XHCI_PORTS}' ports")


def _check_pci(controller: Controller, guest: DomainDefinition, machine: Machine) -> None:
    if not machine.pseries and controller.model in PCI_ROOTS and controller.index != 0:
        raise XmlError("pci-root and pcie-root controllers should have index 0")
    if controller.model == PciModel.PCI_EXPANDER_BUS and not machine.i440fx:
        raise ConfigUnsupported("pci-expander-bus controllers are only supported on 440fx-based machinetypes")
    if controller.model == PciModel.PCIE_EXPANDER_BUS and not (machine.q35 or machine.arm_virt):
        raise ConfigUnsupported("pcie-expander-bus controllers are not supported with this machine type")
    node, cells = controller.pci_target.node, len(guest.numa_cells)
    if node is not None and node >= cells:
        raise XmlError(
            f"{controller.model} with index {controller.index} is configured for a NUMA node ({node}) "
            f"not present in the domain's <cpu><numa> array ({cells})"
        )


# Network


@complete.register
def _(card: Interface, guest: DomainDefinition, about: Circumstances) -> None:
    if card.model is None:
        if card.type in ("vdpa", "vhostuser"):
            card.model = "virtio"
        elif card.type != "hostdev" and card.actual_type != "hostdev":
            card.model = _default_card(machine_of(guest), about)
    only_passt = "netdev.user" not in about.caps and "netdev.stream" in about.caps
    if card.type == "user" and card.backend.type is None and only_passt:
        card.backend.type = NetBackendType.PASST


def _default_card(machine: Machine, about: Circumstances) -> str:
    if machine.arch in S390 or machine.loongarch_virt or machine.riscv_virt or machine.arm_virt:
        return "virtio"
    if machine.arch in ARM:
        # Not every other board has this one, but most do.
        return "smc91c111" if machine.type == "versatilepb" else "lan9118"
    known = (("rtl8139", "rtl8139"), ("e1000", "e1000"), ("virtio-net", "virtio"))
    return next((model for flag, model in known if flag in about.caps), "rtl8139")


# Displays


QXL_VGAMEM = 16 * MIB


@complete.register
def _(video: Video, guest: DomainDefinition, about: Circumstances) -> None:
    if video.model.type is None:
        video.model.type = default_video(machine_of(guest), about)
    if video.model.type is VideoType.QXL and not video.model.vgamem:
        video.model.vgamem = QXL_VGAMEM


def default_video(machine: Machine, about: Circumstances) -> VideoType | None:
    """The display adapter of this machine when the document names none."""
    if machine.arch in PPC64:
        return VideoType.VGA
    if machine.arm_virt or machine.loongarch_virt or machine.riscv_virt or machine.arch in S390:
        return VideoType.VIRTIO
    if "cirrus-vga" in about.caps:
        return VideoType.CIRRUS
    return VideoType.VGA if "VGA" in about.caps else None


# Character devices

_SERIAL_MODELS = {
    SerialTarget.ISA: SerialModel.ISA_SERIAL,
    SerialTarget.USB: SerialModel.USB_SERIAL,
    SerialTarget.PCI: SerialModel.PCI_SERIAL,
    SerialTarget.SPAPR_VIO: SerialModel.SPAPR_VTY,
    SerialTarget.SCLP: SerialModel.SCLPCONSOLE,
    SerialTarget.ISA_DEBUG: SerialModel.ISA_DEBUGCON,
}


@complete.register
def _(serial: Serial, guest: DomainDefinition, about: Circumstances) -> None:
    machine = machine_of(guest)
    if serial.target in (None, SerialTarget.ISA):
        # Once isa-serial was written for whatever the machine has.
        serial.target = _default_serial(machine)
    if serial.model is None and serial.target is not None:
        serial.model = _SERIAL_MODELS.get(serial.target)
        if serial.target is SerialTarget.SYSTEM:
            serial.model = _system_serial(machine)
    _open_unix(serial, about)


def _default_serial(machine: Machine) -> SerialTarget | None:
    if machine.arch in X86:
        return SerialTarget.ISA
    if machine.pseries:
        return SerialTarget.SPAPR_VIO
    if machine.arm_virt or machine.loongarch_virt or machine.riscv_virt:
        return SerialTarget.SYSTEM
    return SerialTarget.SCLP if machine.arch in S390 else None


def _system_serial(machine: Machine) -> SerialModel | None:
    if machine.arm_virt:
        return SerialModel.PL011
    return SerialModel.SERIAL_16550A if machine.loongarch_virt or machine.riscv_virt else None


@complete.register
def _(channel: Channel, guest: DomainDefinition, about: Circumstances) -> None:
    source, target = channel.source, channel.target
    stored = about.context & Context.INACTIVE and isinstance(target, VirtioTarget)
    if stored and isinstance(source, UnixChardev) and source.path:
        _forget_path(source, channel, about)
    _open_unix(channel, about)


def _forget_path(source: UnixChardev, channel: Channel, about: Circumstances) -> None:
    """A path that we made up for an earlier run is not part of the definition."""
    name = getattr(channel.target, "name", None)
    if source.path and is_default_channel_path(source.path, name, about.roots):
        source.path = None


def _open_unix(device: Serial | Channel, about: Circumstances) -> None:
    source = device.source
    if about.context & Context.INACTIVE and isinstance(source, UnixChardev) and not source.path:
        source.mode = SocketMode.BIND


# Others


def default_panic(machine: Machine) -> PanicModel | None:
    """The panic device of this machine when the document names none."""
    if machine.pseries:
        return PanicModel.PSERIES
    if machine.arch in S390:
        return PanicModel.S390
    if machine.x86:
        return PanicModel.ISA
    return PanicModel.PVPANIC if machine.arm_virt else None


@complete.register
def _(panic: Panic, guest: DomainDefinition, about: Circumstances) -> None:
    panic.model = panic.model or default_panic(machine_of(guest))


SHMEM_SIZE = 4 << 20


@complete.register
def _(shmem: Shmem, guest: DomainDefinition, about: Circumstances) -> None:
    if shmem.model is not ShmemModel.IVSHMEM_DOORBELL and not shmem.size:
        shmem.size = SHMEM_SIZE
    if shmem.model is ShmemModel.IVSHMEM:
        return
    if shmem.server is None:
        if shmem.model is ShmemModel.IVSHMEM_DOORBELL:
            raise ConfigUnsupported(f"shmem model '{shmem.model}' is supported only with server option enabled")
        if shmem.msi is not None:
            raise ConfigUnsupported(f"shmem model '{shmem.model}' doesn't support msi")
        return
    if shmem.model is ShmemModel.IVSHMEM_PLAIN:
        raise ConfigUnsupported(f"shmem model '{shmem.model}' is supported only with server option disabled")
    if shmem.size:
        raise ConfigUnsupported(f"shmem model '{shmem.model}' does not support size setting")
    shmem.msi = shmem.msi or ShmemMsi()
    if shmem.msi.ioeventfd is None:
        shmem.msi.ioeventfd = True


@complete.register
def _(vsock: Vsock, guest: DomainDefinition, about: Circumstances) -> None:
    vsock.model = vsock.model or VirtioModel.VIRTIO


@complete.register
def _(hostdev: Hostdev, guest: DomainDefinition, about: Circumstances) -> None:
    source = hostdev.source
    if isinstance(source, MdevHostdev) and source.model is MdevModel.VFIO_PCI and source.display is None:
        source.display = False


@complete.register
def _(tpm: Tpm, guest: DomainDefinition, about: Circumstances) -> None:
    machine = machine_of(guest)
    if tpm.model is None:
        tpm.model = TpmModel.SPAPR if machine.arch in PPC64 else TpmModel.TIS
    if isinstance(tpm.backend, EmulatorTpm) and tpm.backend.version is None:
        old = tpm.model is TpmModel.TIS and machine.x86
        tpm.backend.version = TpmVersion.V1_2 if old else TpmVersion.V2_0


PPC64_MODULE = 256 * MIB


@complete.register
def _(memory: Memory, guest: DomainDefinition, about: Circumstances) -> None:
    target = memory.target
    if about.abi_update and machine_of(guest).arch in PPC64:
        if memory.model == "nvdimm":
            _align_nvdimm(memory)
        else:
            target.size = -(-target.size // PPC64_MODULE) * PPC64_MODULE


def _align_nvdimm(memory: Memory) -> None:
    """What is left beside the label is a whole number of modules."""
    target = memory.target
    guest_area = (target.size - target.label_size) // PPC64_MODULE * PPC64_MODULE
    if not guest_area:
        raise XmlError("minimum target size for the NVDIMM must be 256MB plus the label size")
    target.size = guest_area + target.label_size


@complete.register
def _(pstore: Pstore, guest: DomainDefinition, about: Circumstances) -> None:
    if pstore.path is None:
        pstore.path = str(about.roots.nvram / f"{guest.name}_PSTORE.raw")


MAX_VCPUS_WITHOUT_EIM = 255


def needs_eim(guest: DomainDefinition, machine: Machine) -> bool:
    """So many processors that interrupts need the extended mode of the IOMMU."""
    return machine.q35 and guest.vcpus.maximum > MAX_VCPUS_WITHOUT_EIM


@complete.register
def _(iommu: Iommu, guest: DomainDefinition, about: Circumstances) -> None:
    if not about.abi_update or iommu.model != "intel" or not needs_eim(guest, machine_of(guest)):
        return
    if iommu.driver.intremap is None and "intel-iommu.intremap" in about.caps:
        iommu.driver.intremap = True
    if iommu.driver.eim is None and "intel-iommu.eim" in about.caps:
        iommu.driver.eim = True
