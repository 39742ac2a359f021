# SPDX-License-Identifier: LGPL-2.1-or-later
"""Ports of USB controllers and hubs."""

from __future__ import annotations

from covirt.drivers.common.addresses.usb import HUB_PORTS, UsbBook, controller_ports
from covirt.errors import ConfigUnsupported
from covirt.model.domain.address import UsbAddress, UsbPort
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.controller import Controller, ControllerType, UsbModel
from covirt.model.domain.devices.hub import Hub, HubType


def assign(guest: DomainDefinition, *, new: bool) -> None:
    """Give a port to each USB device that has none, adding hubs when the ports do not suffice."""
    devices = guest.devices
    if not new and not all(_placed(device) for device in devices.usb_devices()):
        return
    _add_hubs(guest)
    book = book_of(guest)
    for device in (*devices.hubs, *devices.usb_devices()):
        if not _placed(device) and isinstance(device.info.address, UsbAddress | None):
            _place(book, device)


def book_of(guest: DomainDefinition) -> UsbBook:
    """The ports that are there and those that are taken."""
    book = UsbBook()
    for controller in _controllers(guest):
        book.add_controller(controller.index or 0, controller_ports(controller.model, controller.ports))
    for hub in guest.devices.hubs:
        if (place := _place_of(hub)) is not None:
            book.add_hub(*place)
    for device in guest.devices.usb_devices():
        if not isinstance(device, Hub) and (place := _place_of(device)) is not None:
            book.reserve(*place)
    return book


def _controllers(guest: DomainDefinition) -> list[Controller]:
    return [controller for controller in guest.devices.controllers if controller.type is ControllerType.USB]


def _add_hubs(guest: DomainDefinition) -> None:
    wanted = sum(1 for _ in guest.devices.usb_devices())
    controllers = _controllers(guest)
    if wanted and all(controller.model == UsbModel.NONE for controller in controllers):
        raise ConfigUnsupported("USB is disabled for this domain, but USB devices are present in the domain XML")
    ports = sum(controller_ports(controller.model, controller.ports) for controller in controllers)
    ports += HUB_PORTS * len(guest.devices.hubs)
    if wanted > ports:
        # Each hub takes one port and brings eight.
        guest.devices.hubs += (Hub(type=HubType.USB) for _ in range(-(-(wanted - ports + 1) // (HUB_PORTS - 1))))


def _place_of(device: Device) -> tuple[int, list[int]] | None:
    address = device.info.address
    if isinstance(address, UsbAddress) and address.port:
        return address.bus, [port for port in address.port if port]
    return None


def _placed(device: Device) -> bool:
    return _place_of(device) is not None


def _place(book: UsbBook, device: Device) -> None:
    wished = device.info.address
    bus, path = book.reserve_next(wished.bus if isinstance(wished, UsbAddress) else None)
    if isinstance(device, Hub):
        book.release(bus, path)
        book.add_hub(bus, path)
    device.info.address = UsbAddress(bus=bus, port=UsbPort(path))
