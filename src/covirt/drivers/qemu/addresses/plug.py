# SPDX-License-Identifier: LGPL-2.1-or-later
"""What each kind of device must be plugged into, in a guest with or without PCI Express."""

from __future__ import annotations

from functools import singledispatch
from typing import NamedTuple, Protocol

from covirt.drivers.common.addresses.pci import Connect, controller_plug
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.model.common.pci import PciSlot
from covirt.model.domain.address import PciAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.char import Serial
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.connections import HostdevConnection
from covirt.model.domain.devices.controller import Controller, ControllerType, PciModel, ScsiModel, UsbModel
from covirt.model.domain.devices.crypto import Crypto
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.filesystem import Filesystem
from covirt.model.domain.devices.hostdev import Hostdev
from covirt.model.domain.devices.hostdev_sources import MdevHostdev, PciHostdev, ScsiHostHostdev
from covirt.model.domain.devices.input import Input
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.iommu import Iommu
from covirt.model.domain.devices.memballoon import Memballoon
from covirt.model.domain.devices.memory import Memory
from covirt.model.domain.devices.panic import Panic
from covirt.model.domain.devices.pstore import Pstore
from covirt.model.domain.devices.rng import Rng
from covirt.model.domain.devices.shmem import Shmem
from covirt.model.domain.devices.sound import Sound
from covirt.model.domain.devices.video import Video
from covirt.model.domain.devices.vsock import Vsock
from covirt.model.domain.devices.watchdog import Watchdog

PCI = Connect.PCI_DEVICE | Connect.AUTOASSIGN
PCIE = Connect.PCIE_DEVICE | Connect.AUTOASSIGN
NOWHERE = Connect(0)


class HostPci(Protocol):
    """What only the host knows of its PCI devices."""

    def is_express(self, slot: PciSlot) -> bool | None:
        """Whether it is a PCI Express device; None when there is no such device."""

    def iommu_group(self, slot: PciSlot) -> int | None:
        """The group of devices that can be isolated together; None when it is not known."""


class Wiring(NamedTuple):
    """What express and virtio devices are plugged into in this guest."""

    express: Connect
    virtio: Connect
    host: HostPci

    @classmethod
    def of(cls, guest: DomainDefinition, caps: EmulatorCapabilities, host: HostPci) -> Wiring:
        """As the root bus and this QEMU have it."""
        express = PCIE if has_root(guest, PciModel.PCIE_ROOT) else PCI
        return cls(express, express if "virtio-pci-non-transitional" in caps else PCI, host)

    def of_virtio(self, model: str | None) -> Connect:
        """A virtio device; the transitional kind works in conventional slots only."""
        return PCI if model == "virtio-transitional" else self.virtio

    def of_host_pci(self, slot: PciSlot) -> Connect:
        """A device of the host; one that is not there is taken for what most are."""
        return PCI if self.host.is_express(slot) is False else self.express


def has_root(guest: DomainDefinition, model: PciModel) -> bool:
    """Whether the guest's root bus is of this model."""
    root = guest.devices.controller(ControllerType.PCI, 0)
    return root is not None and root.model == model


@singledispatch
def plug(device: Device, wiring: Wiring) -> Connect:
    """What the device must be plugged into; nothing for one that is not on PCI."""
    return NOWHERE


_USB_EXPRESS = frozenset({UsbModel.NEC_XHCI, UsbModel.QEMU_XHCI})
_USB_NOWHERE = frozenset({UsbModel.QUSB1, UsbModel.QUSB2, UsbModel.NONE})


@plug.register
def _(device: Controller, wiring: Wiring) -> Connect:
    match device.type:
        case ControllerType.PCI:
            return controller_plug(device.model or "")
        case ControllerType.SATA | ControllerType.IDE:
            return PCI
        case ControllerType.USB if device.model in _USB_EXPRESS:
            return wiring.express
        case ControllerType.USB:
            return NOWHERE if device.model in _USB_NOWHERE else PCI
        case ControllerType.SCSI if device.model in (None, ScsiModel.AUTO, ScsiModel.NCR53C90):
            return NOWHERE
        case ControllerType.SCSI:
            return wiring.of_virtio(device.model) if device.virtio_scsi else PCI
        case ControllerType.VIRTIO_SERIAL:
            return wiring.of_virtio(device.model)
    return NOWHERE


@plug.register
def _(device: Filesystem, wiring: Wiring) -> Connect:
    match device.driver.type:
        case None | "path" | "handle":
            return wiring.of_virtio(device.model)
        case "virtiofs":
            return wiring.virtio
    return NOWHERE


_NET_EXPRESS = frozenset({"e1000e", "igb", None})


@plug.register
def _(device: Interface, wiring: Wiring) -> Connect:
    if device.model == "usb-net":
        return NOWHERE
    if isinstance(device.connection, HostdevConnection):
        address = device.connection.address
        if not isinstance(address, PciSlot):
            return NOWHERE
        return wiring.express if _placed(device) else wiring.of_host_pci(address)
    if device.model in ("virtio", "virtio-transitional", "virtio-non-transitional"):
        return wiring.of_virtio(device.model)
    return wiring.express if device.model in _NET_EXPRESS else PCI


@plug.register
def _(device: Sound, wiring: Wiring) -> Connect:
    if device.model == "virtio":
        return wiring.virtio
    return PCI if device.model in ("es1370", "ac97", "ich6", "ich9") else NOWHERE


@plug.register
def _(device: Disk, wiring: Wiring) -> Connect:
    return wiring.of_virtio(device.model) if device.bus == "virtio" else NOWHERE


@plug.register
def _(device: Hostdev, wiring: Wiring) -> Connect:
    source = device.source
    if not isinstance(source, PciHostdev | MdevHostdev | ScsiHostHostdev):
        return NOWHERE
    if wiring.express is PCI:
        return PCI
    if _placed(device):
        return wiring.express
    if isinstance(source, ScsiHostHostdev):
        return wiring.of_virtio(source.model)
    if isinstance(source, MdevHostdev):
        return wiring.express
    return wiring.of_host_pci(source.address)


def _placed(device: Device) -> bool:
    """Whether its place was chosen by hand, which is accepted on either kind of bus."""
    address = device.info.address
    return isinstance(address, PciAddress) and not address.empty


@plug.register
def _(device: Memballoon, wiring: Wiring) -> Connect:
    return wiring.of_virtio(device.model) if (device.model or "").startswith("virtio") else NOWHERE


@plug.register
def _(device: Rng, wiring: Wiring) -> Connect:
    return wiring.of_virtio(device.model)


@plug.register
def _(device: Watchdog, wiring: Wiring) -> Connect:
    return PCI if device.model == "i6300esb" else NOWHERE


_VIDEO_PCI = frozenset({"vga", "cirrus", "vmvga", "xen", "vbox", "qxl", "parallels"})


@plug.register
def _(device: Video, wiring: Wiring) -> Connect:
    match device.type:
        case "virtio":
            return wiring.virtio
        case "bochs":
            return wiring.express
    return PCI if device.type in _VIDEO_PCI else NOWHERE


@plug.register
def _(device: Shmem | Pstore | Crypto, wiring: Wiring) -> Connect:
    return PCI


@plug.register
def _(device: Input, wiring: Wiring) -> Connect:
    return wiring.of_virtio(device.model) if device.bus == "virtio" else NOWHERE


@plug.register
def _(device: Serial, wiring: Wiring) -> Connect:
    return PCI if device.target == "pci-serial" else NOWHERE


@plug.register
def _(device: Iommu, wiring: Wiring) -> Connect:
    return wiring.virtio | Connect.INTEGRATED if device.model == "virtio" else NOWHERE


@plug.register
def _(device: Vsock, wiring: Wiring) -> Connect:
    return wiring.of_virtio(device.model) if device.model else NOWHERE


@plug.register
def _(device: Memory, wiring: Wiring) -> Connect:
    return wiring.virtio if device.model in ("virtio-pmem", "virtio-mem") else NOWHERE


@plug.register
def _(device: Panic, wiring: Wiring) -> Connect:
    return PCI | Connect.INTEGRATED if device.model == "pvpanic" else NOWHERE
