# SPDX-License-Identifier: LGPL-2.1-or-later
"""One pass over the PCI devices of a guest: the book of places, filled with those that are taken already."""

from __future__ import annotations

from covirt.drivers.common.addresses.pci import Bus, Connect, PciBook, Place
from covirt.drivers.common.addresses.zpci import ZpciBook
from covirt.drivers.qemu.addresses.plug import Wiring, plug
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.machine import Machine
from covirt.errors import InternalError
from covirt.model.domain.address import PciAddress, ZpciAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.char import CharacterDevice
from covirt.model.domain.devices.common import Device, info_of
from covirt.model.domain.devices.controller import Controller, ControllerType, PciModel, UsbModel

PIIX3_IDE = Place(0, 1, 1)
PIIX3_USB = Place(0, 1, 2)


class Seating:
    """Takes places for devices; in a rehearsal buses may be added, and devices do not learn their place."""

    def __init__(
        self,
        guest: DomainDefinition,
        caps: EmulatorCapabilities,
        machine: Machine,
        wiring: Wiring,
        groups: dict[int, int],
        buses: int,
        *,
        rehearsal: bool,
    ) -> None:
        self.guest, self.caps, self.machine = guest, caps, machine
        self._wiring, self._groups, self._rehearsal = wiring, groups, rehearsal
        self._zpci = ZpciBook() if "zpci" in caps else None
        self.book = PciBook(
            self._buses(buses),
            growing=rehearsal,
            many_roots=machine.pseries,
            pcie_to_pci="pcie-pci-bridge" in caps,
        )
        self._collect()

    def place_of(self, device: Device) -> Place | None:
        """The place that the device has."""
        address = device.info.address
        if isinstance(address, PciAddress) and not address.empty:
            return Place(address.bus, address.slot, address.function, address.domain)
        return None

    def wanted(self, device: Device) -> bool:
        """Whether the device has no place yet, on any bus."""
        address = device.info.address
        return address is None or (isinstance(address, PciAddress) and address.empty)

    def seat(self, device: Device, *, function: int | None = None) -> Place:
        """Give the device the first place that suits it."""
        place = self.book.reserve_next(self._plug(device), group=self._group(device), function=function)
        if not self._rehearsal:
            self._tell(device, place)
        return place

    def take(self, device: Device, place: Place, wants: Connect | None = None) -> None:
        """Give the device this place, which it keeps after a rehearsal, too."""
        self.book.reserve(place, self._plug(device) if wants is None else wants, group=self._group(device))
        self._tell(device, place)

    def seat_zpci(self) -> None:
        """Give each PCI device of an s390 guest its identifiers."""
        for device in self.guest.devices.with_info():
            address = device.info.address
            if self._zpci is None or not isinstance(address, PciAddress) or isinstance(device, CharacterDevice):
                continue
            known = address.zpci or ZpciAddress()
            if known.uid is None or known.fid is None:
                uid, fid = self._zpci.reserve(known.uid, known.fid)
                if not self._rehearsal:
                    address.zpci = ZpciAddress(uid=uid, fid=fid)

    def _plug(self, device: Device) -> Connect:
        return plug(device, self._wiring)

    def _group(self, device: Device) -> int:
        return self._groups.get(id(device), 0)

    @staticmethod
    def _tell(device: Device, place: Place) -> None:
        address = device.info.address
        if not isinstance(address, PciAddress):
            address = device.info.address = PciAddress()
        address.domain, address.bus, address.slot, address.function = (
            place.domain, place.bus, place.slot, place.function,
        )  # fmt: skip

    def _buses(self, count: int) -> list[Bus]:
        """The buses behind the guest's controllers, and what is usual on this machine where none is said."""
        known: dict[int, Bus] = {}
        for controller in self.guest.devices.controllers:
            if controller.type is ControllerType.PCI:
                known[controller.index or 0] = self._behind(controller)
        usual = "pcie-root-port" if any(bus.model == PciModel.PCIE_ROOT for bus in known.values()) else "pci-bridge"
        if self.machine.pseries:
            usual = "pci-root"
        return [known.get(n) or Bus.behind("pci-root" if n == 0 else usual) for n in range(count)]

    def _behind(self, controller: Controller) -> Bus:
        if controller.model is None:
            raise InternalError("PCI controller model was not set correctly")
        bus = Bus.behind(controller.model, hotplug=controller.pci_target.hotplug is not False)
        # Assigned devices of pSeries guests stay away from the bus that every guest has.
        bus.isolation_locked = self.machine.pseries and controller.index == 0
        return bus

    def _collect(self) -> None:
        """Reserve what the document says."""
        for device in self.guest.devices.with_info():
            place = self.place_of(device)
            if place is None or self._integrated(device, place):
                continue
            # Old documents may give a PCI address to what is on no PCI bus; they stay valid.
            wants = self._plug(device) or Connect.PCI_DEVICE
            taken = self.book.reserve(place, wants, group=self._group(device))
            assert taken.slot == place.slot
        if self._zpci is None:
            return
        for device in self.guest.devices.with_info():
            info = info_of(device)
            address = info.address if info else None
            if isinstance(address, PciAddress) and (zpci := address.zpci) and (zpci.uid, zpci.fid) != (None, None):
                zpci.uid, zpci.fid = self._zpci.reserve(zpci.uid, zpci.fid)

    def _integrated(self, device: Device, place: Place) -> bool:
        """Controllers inside the PIIX3 come with the machine; the chipset reserves them."""
        if not isinstance(device, Controller) or device.index:
            return False
        ide = device.type is ControllerType.IDE and place == PIIX3_IDE
        usb = device.type is ControllerType.USB and device.model in (None, UsbModel.PIIX3_UHCI) and place == PIIX3_USB
        if (ide or usb) and self.book.buses and not self.book.buses[0].accepts & Connect.PCI_DEVICE:
            raise InternalError("Bus 0 must be PCI for integrated PIIX3 USB or IDE controllers")
        return ide or usb
