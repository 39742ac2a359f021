# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices that a guest has because of others: controllers for disks, a serial port for a console, a video card."""

from __future__ import annotations

from collections.abc import Sequence

from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.domain.address import CcidAddress, DriveAddress, VirtioSerialAddress
from covirt.model.domain.completing import Completing, DriverFeature
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.char import ConsoleTarget, Serial, SerialTarget, VirtioTarget, console_of
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.controller import ControllerType
from covirt.model.domain.devices.disk_parts import DiskBus
from covirt.model.domain.devices.video import Video, VideoModel, VideoType
from covirt.model.domain.os import OsType

ISA_SERIALS = 4
"""A PC has at most this many serial ports."""


def number_isa_serials(serials: Sequence[Serial]) -> None:
    """Give each ISA serial port a free number of its own."""
    ports = [serial for serial in serials if serial.target is SerialTarget.ISA]
    if len(ports) > ISA_SERIALS or any((port.port or 0) >= ISA_SERIALS for port in ports):
        raise InternalError(f"Maximum supported number of ISA serial ports is '{ISA_SERIALS}'")
    taken: set[int] = set()
    for port in ports:
        if port.port in taken:
            raise InternalError(f"target port '{port.port}' already allocated")
        if port.port is not None:
            taken.add(port.port)
    for port in ports:
        if port.port is None:
            port.port = next(number for number in range(ISA_SERIALS) if number not in taken)
            taken.add(port.port)


def add_implied_devices(guest: DomainDefinition, completing: Completing) -> list[Device]:
    """Add what is implied; returns the devices that have to be completed (again)."""
    if DriverFeature.NO_STUB_CONSOLE not in completing.features:
        _settle_consoles(guest)
    _add_controllers(guest)
    devices = guest.devices
    if devices.graphics and not devices.videos:
        devices.videos.append(Video())
    return [
        *(video for video in devices.videos[:1] if video.type is not VideoType.NONE),
        *devices.serials[:1],
        *(one for one in devices.controllers if one.type is ControllerType.SCSI and one.model is None),
    ]


def settle_videos(guest: DomainDefinition) -> None:
    """The first card is the primary one; a guest without cards keeps nothing but the fact."""
    for video in guest.devices.videos[:1]:
        if video.type is VideoType.NONE:
            alias = video.info.alias
            guest.devices.videos[0] = Video(model=VideoModel(type=VideoType.NONE, heads=0))
            guest.devices.videos[0].info.alias = alias
        else:
            video.model.primary = True


# Consoles

_STUB_TARGETS = (None, SerialTarget.ISA, SerialTarget.SPAPR_VIO, SerialTarget.SYSTEM, SerialTarget.SCLP)
"""Serial ports of these kinds have the first console as another name."""


def _settle_consoles(guest: DomainDefinition) -> None:
    """The first console of a machine is another name for the first serial port, made if there is none."""
    consoles, serials = guest.devices.consoles, guest.devices.serials
    if any(console.target is ConsoleTarget.SERIAL for console in consoles[1:]):
        raise ConfigUnsupported("Only the first console can be a serial port")
    if guest.os.type is not OsType.HVM:
        return
    if consoles and consoles[0].target in (None, ConsoleTarget.SERIAL):
        if not serials:
            first = consoles[0]
            serials.append(Serial(source=first.source, port=0, info=first.info))
        elif serials[0].source != consoles[0].source:
            consoles[0] = console_of(serials[0])
            consoles[0].port = 0
    elif serials and serials[0].target in _STUB_TARGETS:
        consoles.insert(0, console_of(serials[0]))
        for number, console in enumerate(consoles):
            console.port = number


# Controllers

_DISK_CONTROLLERS = (
    (ControllerType.SCSI, DiskBus.SCSI),
    (ControllerType.FDC, DiskBus.FDC),
    (ControllerType.IDE, DiskBus.IDE),
    (ControllerType.SATA, DiskBus.SATA),
)


def _add_controllers(guest: DomainDefinition) -> None:
    """Add the controllers that addresses name."""
    devices = guest.devices
    for kind, bus in _DISK_CONTROLLERS:
        addresses = [disk.info.address for disk in devices.disks if disk.bus is bus]
        numbers = [address.controller for address in addresses if isinstance(address, DriveAddress)]
        for number in range(max(numbers, default=-1) + 1):
            devices.ensure_controller(kind, number)
    _add_virtio_serial(guest)
    _add_smartcard(guest)
    devices.add_scsi_controllers_for_hostdevs()


def _add_virtio_serial(guest: DomainDefinition) -> None:
    channels = [channel for channel in guest.devices.channels if isinstance(channel.target, VirtioTarget)]
    consoles = [console for console in guest.devices.consoles if console.target is ConsoleTarget.VIRTIO]
    for device in (*channels, *consoles):
        address = device.info.address
        number = address.controller if isinstance(address, VirtioSerialAddress) else 0
        guest.devices.ensure_controller(ControllerType.VIRTIO_SERIAL, number)


def _add_smartcard(guest: DomainDefinition) -> None:
    cards = guest.devices.smartcards
    for card in cards:
        address = card.info.address
        if address is None:
            slots = [
                other.info.address.slot
                for other in cards
                if isinstance(other.info.address, CcidAddress) and not other.info.address.controller
            ]
            address = card.info.address = CcidAddress(controller=0, slot=max(slots, default=-1) + 1)
        number = address.controller if isinstance(address, CcidAddress) else 0
        guest.devices.ensure_controller(ControllerType.CCID, number)
