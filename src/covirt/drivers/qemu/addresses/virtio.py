# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which transport virtio devices without an address use: the channel subsystem, MMIO, or PCI."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from covirt.drivers.common.addresses.ccw import CcwBook, Devno
from covirt.drivers.qemu.addresses.plug import has_root
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.machine import Machine
from covirt.model.domain.address import Address, CcwAddress, PciAddress, VirtioMmioAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.controller import ControllerType, PciModel
from covirt.model.domain.devices.hostdev import Hostdev
from covirt.model.domain.devices.hostdev_sources import MdevHostdev, MdevModel


def choose_transport(guest: DomainDefinition, caps: EmulatorCapabilities, machine: Machine) -> None:
    """On boards with virtio-mmio: PCI where there are root ports, unless the guest uses virtio-mmio already."""
    if not machine.virtio_mmio:
        return
    ports = "pcie-root-port" in caps or "ioh3420" in caps
    uses_mmio = any(isinstance(device.info.address, VirtioMmioAddress) for device in guest.devices.with_info())
    if has_root(guest, PciModel.PCIE_ROOT) and ports and not uses_mmio:
        _choose(guest, PciAddress)
    elif "virtio-mmio" in caps:
        _choose(guest, VirtioMmioAddress)


def assign_ccw(guest: DomainDefinition, caps: EmulatorCapabilities, machine: Machine) -> None:
    """On s390: give each virtio device a number in the channel subsystem."""
    if not machine.s390_ccw:
        return
    if "vfio-ccw" in caps:
        for hostdev in guest.devices.hostdevs:
            if _mdev(hostdev) is MdevModel.VFIO_CCW and hostdev.info.address is None:
                hostdev.info.address = CcwAddress()
            if _mdev(hostdev) is MdevModel.VFIO_AP:
                hostdev.info.address = None
    _choose(guest, CcwAddress)
    book = CcwBook()
    addresses = [device.info.address for device in guest.devices.with_info()]
    ours = [address for address in addresses if isinstance(address, CcwAddress)]
    for address in ours:
        if address.assigned:
            book.reserve(Devno(address.cssid or 0, address.ssid or 0, address.devno or 0))
    for address in ours:
        if not address.assigned:
            address.cssid, address.ssid, address.devno = book.reserve_next()


def _mdev(hostdev: Hostdev) -> MdevModel | None:
    return hostdev.source.model if isinstance(hostdev.source, MdevHostdev) else None


def _choose(guest: DomainDefinition, transport: Callable[[], Address]) -> None:
    ccw = transport is CcwAddress
    for device in _virtio_devices(guest, ccw=ccw):
        if device.info.address is None:
            device.info.address = transport()


def _virtio_devices(guest: DomainDefinition, *, ccw: bool) -> Iterator[Device]:
    """Devices that can be on any virtio transport; file systems and sockets only on the channel subsystem."""
    devices = guest.devices
    yield from (disk for disk in devices.disks if disk.bus == "virtio")
    yield from (card for card in devices.interfaces if (card.model or "").startswith("virtio"))
    yield from (video for video in devices.videos if video.type == "virtio")
    yield from (input for input in devices.inputs if input.bus == "virtio")
    kinds = (ControllerType.VIRTIO_SERIAL, ControllerType.SCSI)
    yield from (controller for controller in devices.controllers if controller.type in kinds)
    yield from (hostdev for hostdev in devices.hostdevs if hostdev.type == "scsi_host")
    if devices.memballoon and devices.memballoon.model != "none":
        yield devices.memballoon
    yield from devices.rngs
    yield from (memory for memory in devices.memories if memory.model in ("virtio-pmem", "virtio-mem"))
    if ccw:
        yield from devices.filesystems
        if devices.vsock:
            yield devices.vsock
    yield from devices.cryptos
    yield from (sound for sound in devices.sounds if sound.model == "virtio")
