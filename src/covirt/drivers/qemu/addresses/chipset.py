# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices whose places are those of real chipsets: PIIX3 on i440FX machines, ICH9 on q35 machines."""

from __future__ import annotations

from covirt.drivers.common.addresses.pci import Connect, Place
from covirt.drivers.qemu.addresses.plug import PCI
from covirt.drivers.qemu.addresses.seating import PIIX3_IDE, PIIX3_USB, Seating
from covirt.errors import InternalError
from covirt.model.domain.address import PciAddress
from covirt.model.domain.devices.controller import Controller, ControllerType, PciModel, UsbModel

ICH9_SATA = Place(0, 0x1F, 2)
ICH9_USB = (Place(0, 0x1D), Place(0, 0x1A))
ICH9_PCI_BRIDGE = Place(0, 0x1E)
ICH9_SOUND = Place(0, 0x1B)


def seat(seating: Seating) -> None:
    """Reserve what the machine's chipset has, and put the devices there that belong there."""
    if seating.machine.i440fx:
        _seat_piix3(seating)
    elif seating.machine.q35:
        _seat_ich9(seating)


def _seat_piix3(seating: Seating) -> None:
    for controller in seating.guest.devices.controllers:
        if controller.index != 0:
            continue
        if controller.type is ControllerType.IDE:
            _fix(seating, controller, PIIX3_IDE, "Primary IDE controller must have PCI address 0:0:1.1")
        elif controller.type is ControllerType.USB and controller.model in (None, UsbModel.PIIX3_UHCI):
            _fix(seating, controller, PIIX3_USB, "PIIX3 USB controller at index 0 must have PCI address 0:0:1.2")
        else:
            continue
        if seating.book.buses:
            place = seating.place_of(controller)
            assert place is not None
            seating.book.reserve(place, PCI)
    if seating.book.buses:
        # The ISA bridge and the power management bridge have no element of their own.
        seating.book.reserve(Place(0, 1, 0), PCI)
        seating.book.reserve(Place(0, 1, 3), PCI)
    _seat_primary_video(seating, Place(0, 2), PCI)


def _fix(seating: Seating, controller: Controller, place: Place, refusal: str) -> None:
    at = seating.place_of(controller)
    if at is not None and at != place:
        raise InternalError(refusal)
    if at is None:
        controller.info.address = PciAddress(bus=place.bus, slot=place.slot, function=place.function)


def _seat_primary_video(seating: Seating, place: Place, wants: Connect) -> None:
    """QEMU puts the first display adapter into the first slot that the chipset leaves free."""
    videos = seating.guest.devices.videos
    if not videos or videos[0].type in ("none", "ramfb") or not seating.wanted(videos[0]):
        return
    seating.book.validate(place, wants, by_hand=True)
    if seating.book.in_use(place):
        seating.seat(videos[0])
    else:
        seating.take(videos[0], place, wants)


def _seat_ich9(seating: Seating) -> None:
    wants = Connect.PCIE_DEVICE
    for controller in seating.guest.devices.controllers:
        _seat_ich9_controller(seating, controller, wants)
    if seating.book.buses:
        # The ISA bridge and the SMBus have no element of their own.
        seating.book.reserve(Place(0, 0x1F, 0), wants)
        seating.book.reserve(Place(0, 0x1F, 3), wants)
    _seat_primary_video(seating, Place(0, 1), wants)
    if not seating.book.in_use(ICH9_SOUND):
        for sound in seating.guest.devices.sounds:
            if sound.model == "ich9" and seating.wanted(sound):
                seating.take(sound, ICH9_SOUND, wants)
                break


def _seat_ich9_controller(seating: Seating, controller: Controller, wants: Connect) -> None:
    if controller.type is ControllerType.SATA and controller.index == 0:
        _fix(seating, controller, ICH9_SATA, "Primary SATA controller must have PCI address 0:0:1f.2")
    if controller.info.address is not None:
        return
    if controller.type is ControllerType.USB and controller.model == UsbModel.ICH9_UHCI1:
        # Its companions follow into the same slot.
        for place in ICH9_USB:
            if not seating.book.in_use(place):
                seating.take(controller, place, wants)
                assert isinstance(controller.info.address, PciAddress)
                controller.info.address.multifunction = True
                return
    bridge = controller.type is ControllerType.PCI and controller.model == PciModel.DMI_TO_PCI_BRIDGE
    if bridge and not seating.book.in_use(ICH9_PCI_BRIDGE):
        seating.take(controller, ICH9_PCI_BRIDGE, wants)
