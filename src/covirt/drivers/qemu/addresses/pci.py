# SPDX-License-Identifier: LGPL-2.1-or-later
"""Slots on PCI buses.

It goes twice over the guest. The rehearsal may add buses, which shows the controllers that the guest needs; with
those in place, the second pass gives the addresses.
"""

from __future__ import annotations

from collections.abc import Iterator

from covirt.drivers.common.addresses.pci import Bus, Connect, Place
from covirt.drivers.qemu.addresses import chipset, pci_controllers
from covirt.drivers.qemu.addresses.plug import PCI, HostPci, Wiring, has_root
from covirt.drivers.qemu.addresses.seating import Seating
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.machine import Machine
from covirt.errors import ConfigUnsupported
from covirt.model.common.pci import PciSlot
from covirt.model.domain.address import CcwAddress, PciAddress, VirtioMmioAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.connections import HostdevConnection
from covirt.model.domain.devices.controller import (
    PCI_ROOTS,
    Controller,
    ControllerType,
    PciModel,
    ScsiModel,
    UsbModel,
)
from covirt.model.domain.devices.hostdev import Hostdev
from covirt.model.domain.devices.hostdev_sources import MdevHostdev, MdevModel, PciHostdev, ScsiHostHostdev
from covirt.model.domain.devices.interface import Interface


def assign(guest: DomainDefinition, caps: EmulatorCapabilities, machine: Machine, host: HostPci) -> None:
    """Give a slot to each PCI device that has none, adding controllers as they are needed."""
    wiring = Wiring.of(guest, caps, host)
    groups = _isolation_groups(guest, machine, host)
    buses = 1 + max((c.index or 0 for c in _pci_controllers(guest)), default=-1)
    if buses:
        rehearsal = Seating(guest, caps, machine, wiring, groups, buses, rehearsal=True)
        _rehearse(rehearsal, highest=buses - 1)
        buses = len(rehearsal.book.buses)
    if not machine.pci:
        return
    seating = Seating(guest, caps, machine, wiring, groups, buses, rehearsal=False)
    chipset.seat(seating)
    _seat_all(seating)
    _mark_multifunction(guest)
    pci_controllers.complete(guest, caps, machine)


def _pci_controllers(guest: DomainDefinition) -> Iterator[Controller]:
    return (c for c in guest.devices.controllers if c.type is ControllerType.PCI)


def _rehearse(seating: Seating, *, highest: int) -> None:
    guest, book = seating.guest, seating.book
    chipset.seat(seating)
    if has_root(guest, PciModel.PCI_ROOT) and not all(bus.full for bus in book.buses):
        # One slot stays free, for a bridge or a device that is plugged in later.
        book.reserve_next(PCI)
    _seat_all(seating)
    if highest <= 0 and len(book.buses) > highest + 1 and has_root(guest, PciModel.PCIE_ROOT):
        # Who left the buses to us gets one port more than the guest needs, for what is plugged in later.
        book.reserve_next(Connect.AUTOASSIGN | Connect.PCIE_DEVICE)
    number = 1
    while number < len(book.buses):
        _reflect(seating, number, book.buses[number])
        number += 1


def _reflect(seating: Seating, number: int, bus: Bus) -> None:
    """Give the guest the controller behind a bus that the rehearsal added."""
    devices = seating.guest.devices
    if devices.controller(ControllerType.PCI, number) is not None:
        return
    controller = devices.add_controller(ControllerType.PCI, number, PciModel(bus.model))
    if controller.model not in PCI_ROOTS:
        seating.seat(controller)


def _isolation_groups(guest: DomainDefinition, machine: Machine, host: HostPci) -> dict[int, int]:
    """Isolation group of each assigned device, by its identity; only pSeries guests have them."""
    groups: dict[int, int] = {}
    if not machine.pseries:
        return groups
    for device, slot in _assigned(guest):
        if (group := host.iommu_group(slot)) is not None:
            # Group 0 is ours, for emulated devices.
            groups[id(device)] = group + 1
    unused = 0xFFFFFFFF
    for card in guest.devices.interfaces:
        if card.type == "network" and card.actual_type == "hostdev":
            while unused in groups.values():
                unused -= 1
            groups[id(card)] = unused
    return groups


def _assigned(guest: DomainDefinition) -> Iterator[tuple[Device, PciSlot]]:
    """The devices that are PCI devices of the host, some of them as network cards."""
    for hostdev in guest.devices.hostdevs:
        if isinstance(hostdev.source, PciHostdev):
            yield hostdev, hostdev.source.address
    for card in guest.devices.interfaces:
        if isinstance(card.connection, HostdevConnection) and isinstance(card.connection.address, PciSlot):
            yield card, card.connection.address


# Which devices get a slot by themselves, in the order that keeps old guests' addresses


def _seat_all(seating: Seating) -> None:
    for device in _seated_in_order(seating.guest):
        if isinstance(device, Controller) and device.usb2_companion:
            _seat_usb2(seating, device)
        elif device.ELEMENT == "disk":
            _seat_disk(seating, device)
        elif seating.wanted(device):
            seating.seat(device)
    seating.seat_zpci()


def _seated_in_order(guest: DomainDefinition) -> Iterator[Device]:
    devices = guest.devices
    yield from (c for c in _pci_controllers(guest) if c.model not in PCI_ROOTS)
    yield from (fs for fs in devices.filesystems if fs.driver.type != "mtp")
    yield from (card for card in devices.interfaces if card.model != "usb-net" and card.type != "hostdev")
    yield from (sound for sound in devices.sounds if sound.model not in ("sb16", "pcspk", "usb"))
    yield from (c for c in devices.controllers if _seated_controller(c))
    yield from (disk for disk in devices.disks if disk.bus == "virtio")
    yield from (card for card in devices.interfaces if card.type == "hostdev" and _on_host_pci(card))
    yield from (h for h in devices.hostdevs if _seated_hostdev(h))
    if devices.memballoon and devices.memballoon.model != "none":
        yield devices.memballoon
    yield from devices.rngs
    yield from (w for w in devices.watchdogs if w.model == "i6300esb")
    yield from (v for v in devices.videos if v.type not in ("none", "ramfb"))
    yield from devices.shmems
    yield from (i for i in devices.inputs if i.bus == "virtio")
    yield from (s for s in devices.serials if s.target == "pci-serial")
    if devices.iommu and devices.iommu.model == "virtio":
        yield devices.iommu
    if devices.vsock:
        yield devices.vsock
    yield from (m for m in devices.memories if m.model in ("virtio-pmem", "virtio-mem"))
    yield from devices.cryptos
    yield from (p for p in devices.panics if p.model == "pvpanic")
    if devices.pstore:
        yield devices.pstore


def _on_host_pci(card: Interface) -> bool:
    return isinstance(card.connection, HostdevConnection) and isinstance(card.connection.address, PciSlot)


def _seated_hostdev(hostdev: Hostdev) -> bool:
    source = hostdev.source
    if isinstance(source, MdevHostdev):
        return source.model is MdevModel.VFIO_PCI
    return isinstance(source, PciHostdev | ScsiHostHostdev)


def _seated_controller(controller: Controller) -> bool:
    match controller.type:
        case ControllerType.PCI | ControllerType.FDC | ControllerType.CCID:
            return False
        case ControllerType.USB:
            return controller.model != UsbModel.NONE
        case ControllerType.IDE:
            return controller.index != 0
        case ControllerType.SCSI:
            return controller.model != ScsiModel.NCR53C90
    return True


def _seat_disk(seating: Seating, disk: Device) -> None:
    address = disk.info.address
    if isinstance(address, CcwAddress) or (isinstance(address, PciAddress) and not address.empty):
        return
    if isinstance(address, VirtioMmioAddress) and "virtio-mmio" in seating.caps:
        return
    if not seating.wanted(disk):
        raise ConfigUnsupported(f"virtio disk cannot have an address of type '{address.type if address else 'none'}'")
    seating.seat(disk)


_USB2_FUNCTIONS: dict[str, tuple[int, bool | None]] = {
    UsbModel.ICH9_EHCI1: (7, None),
    UsbModel.ICH9_UHCI1: (0, True),
    UsbModel.ICH9_UHCI2: (1, None),
    UsbModel.ICH9_UHCI3: (2, None),
}


def _seat_usb2(seating: Seating, controller: Controller) -> None:
    """The controllers of one USB 2 bus share a slot, each with the function that real hardware has."""
    if not seating.wanted(controller):
        return
    function, multifunction = _USB2_FUNCTIONS[controller.model or ""]
    companion = next((place for place in _companions(seating, controller)), None)
    if companion is None:
        place = seating.seat(controller, function=function)
    else:
        place = Place(companion.bus, companion.slot, function)
        seating.take(controller, place)
    if isinstance(controller.info.address, PciAddress):
        controller.info.address.multifunction = multifunction


def _companions(seating: Seating, controller: Controller) -> Iterator[Place]:
    for other in seating.guest.devices.controllers:
        place = seating.place_of(other) if other.usb2_companion and other.index == controller.index else None
        if place is not None:
            yield place


def _mark_multifunction(guest: DomainDefinition) -> None:
    """Function 0 of a slot with several functions says so, unless its owner knows better."""
    addresses = [device.info.address for device in guest.devices.with_info()]
    ours = [address for address in addresses if isinstance(address, PciAddress)]
    shared = {(a.domain, a.bus, a.slot) for a in ours if a.function}
    for address in ours:
        first = not address.function and (address.domain, address.bus, address.slot) in shared
        if first and address.multifunction is None:
            address.multifunction = True
