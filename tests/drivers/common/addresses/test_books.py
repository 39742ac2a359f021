# SPDX-License-Identifier: LGPL-2.1-or-later
"""Books of taken places: ports, device numbers, identifiers."""

from __future__ import annotations

import pytest

from covirt.drivers.common.addresses.ccw import CcwBook, Devno
from covirt.drivers.common.addresses.usb import HUB_PORTS, UsbBook, controller_ports
from covirt.drivers.common.addresses.virtio_serial import VirtioSerialBook
from covirt.drivers.common.addresses.zpci import ZpciBook
from covirt.errors import InternalError, XmlError

# USB


def test_usb_devices_fill_a_controller_and_then_the_hubs_on_it() -> None:
    book = UsbBook()
    book.add_controller(0, 2)
    book.add_hub(0, [2])
    assert book.reserve_next() == (0, [1])
    assert book.reserve_next() == (0, [2, 1])
    book.release(0, [1])
    assert book.reserve_next() == (0, [1])


def test_usb_ports_end() -> None:
    book = UsbBook()
    book.add_controller(0, 1)
    book.add_hub(0, [1])
    for _ in range(HUB_PORTS):
        book.reserve_next(0)
    with pytest.raises(InternalError, match="No free USB ports"):
        book.reserve_next()


def test_usb_places_must_exist_and_be_free() -> None:
    book = UsbBook()
    book.add_controller(0, 2)
    book.reserve(0, [1])
    for path, message in (
        ([1], "Duplicate USB address bus 0 port 1"),
        ([3], "requested USB port 3 not present on USB bus 0"),
        ([2, 1], "there is no hub at port 2"),
        ([4, 1], "port 4 out of range"),
    ):
        with pytest.raises(XmlError, match=message):
            book.reserve(0, path)
    with pytest.raises(XmlError, match="Missing USB bus 7"):
        book.reserve(7, [1])


def test_only_some_usb_controllers_have_a_number_of_ports_to_choose() -> None:
    assert controller_ports("qemu-xhci", 15) == 15
    assert controller_ports("piix3-uhci", 15) == 2
    assert controller_ports("ich9-uhci1", None) == 0


# CCW and zPCI


def test_ccw_numbers_go_up_and_are_filled_again() -> None:
    book = CcwBook()
    book.reserve(Devno(0xFE, 0, 1))
    assert str(book.reserve_next()) == "fe.0.0000"
    assert str(book.reserve_next()) == "fe.0.0002"
    book.release(Devno(0xFE, 0, 0))
    assert str(book.reserve_next()) == "fe.0.0000"
    with pytest.raises(XmlError, match=r"The CCW devno 'fe.0.0002' is in use already"):
        book.reserve(Devno(0xFE, 0, 2))


def test_ccw_numbers_go_on_in_the_next_subchannel_set() -> None:
    book = CcwBook()
    book._next = Devno(0xFE, 0, 0xFFFF)
    assert str(book.reserve_next()) == "fe.0.ffff"
    assert str(book.reserve_next()) == "fe.1.0000"


def test_zpci_identifiers_are_chosen_each_by_itself() -> None:
    book = ZpciBook()
    assert book.reserve(None, None) == (1, 0)
    assert book.reserve(7, None) == (7, 1)
    assert book.reserve(None, 9) == (2, 9)
    with pytest.raises(InternalError, match="zPCI uid 7 is already reserved"):
        book.reserve(7, None)
    book.release(7, 1)
    assert book.reserve(7, 1) == (7, 1)


# virtio-serial


def test_only_consoles_have_port_0() -> None:
    book = VirtioSerialBook()
    book.add_controller(0, 2)
    assert book.reserve_next(console=False) == (0, 1)
    assert book.reserve_next(console=False) is None
    assert book.reserve_next(console=True) == (0, 0)


def test_virtio_serial_ports_must_exist_and_be_free() -> None:
    book = VirtioSerialBook()
    book.add_controller(0, 4)
    book.reserve(0, 3)
    assert book.reserve_on(0) == 1
    assert book.unused_index() == 1
    for controller, port, message in (
        (0, 3, "virtio serial port 3 on controller 0 is already occupied"),
        (0, 4, "virtio serial controller 0 does not have port 4"),
        (5, 0, "virtio serial controller 5 is missing"),
    ):
        with pytest.raises(XmlError, match=message):
            book.reserve(controller, port)
