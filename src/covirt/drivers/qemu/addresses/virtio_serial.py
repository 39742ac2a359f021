# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ports of virtio-serial controllers, for consoles and channels."""

from __future__ import annotations

from covirt.drivers.common.addresses.virtio_serial import VirtioSerialBook
from covirt.model.domain.address import VirtioSerialAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.char import VirtioTarget
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.controller import Controller, ControllerType


def assign(guest: DomainDefinition) -> None:
    """Give a port to each virtio console and channel that has none, adding controllers as they fill up."""
    book = book_of(guest)
    for console in guest.devices.consoles:
        if console.target == "virtio" and not _complete(console):
            _place(guest, book, console, console=True)
    for channel in guest.devices.channels:
        if isinstance(channel.target, VirtioTarget) and not _complete(channel):
            _place(guest, book, channel, console=False)


def book_of(guest: DomainDefinition) -> VirtioSerialBook:
    """The ports that are there and those that are taken."""
    book = VirtioSerialBook()
    for controller in guest.devices.controllers:
        _add(book, controller)
    for device in guest.devices.with_info():
        address = device.info.address
        if isinstance(address, VirtioSerialAddress) and address.port:
            book.reserve(address.controller, address.port)
    return book


def _add(book: VirtioSerialBook, controller: Controller) -> None:
    if controller.type is ControllerType.VIRTIO_SERIAL:
        book.add_controller(controller.index or 0, controller.ports)


def _complete(device: Device) -> bool:
    address = device.info.address
    return isinstance(address, VirtioSerialAddress) and address.port != 0


def _place(guest: DomainDefinition, book: VirtioSerialBook, device: Device, *, console: bool) -> None:
    address = device.info.address
    if isinstance(address, VirtioSerialAddress):
        port = book.reserve_on(address.controller)
        if not console:
            address.bus, address.port = 0, port
        return
    place = book.reserve_next(console=console)
    if place is None:
        index = book.unused_index()
        _add(book, guest.devices.add_controller(ControllerType.VIRTIO_SERIAL, index))
        place = book.reserve_next(console=console)
        assert place is not None
    controller, port = place
    if not console:
        # QEMU finds the port of a console by itself; here it only must not be given to another.
        device.info.address = VirtioSerialAddress(controller=controller, port=port)
