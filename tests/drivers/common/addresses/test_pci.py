# SPDX-License-Identifier: LGPL-2.1-or-later
"""The book of PCI places."""

from __future__ import annotations

import pytest

from covirt.drivers.common.addresses.pci import Bus, Connect, PciBook, Place
from covirt.errors import InternalError, XmlError

PCI = Connect.PCI_DEVICE | Connect.AUTOASSIGN
PCIE = Connect.PCIE_DEVICE | Connect.AUTOASSIGN


def book(*models: str, growing: bool = False, many_roots: bool = False) -> PciBook:
    """A book of empty buses."""
    buses = [Bus.behind(model) for model in models]
    return PciBook(buses, growing=growing, many_roots=many_roots, pcie_to_pci=True)


def test_devices_take_the_slots_one_after_the_other() -> None:
    places = book("pci-root")
    assert [places.reserve_next(PCI).slot for _ in range(3)] == [1, 2, 3]
    places.release(Place(0, 2))
    assert places.reserve_next(PCI) == Place(0, 2)


def test_a_place_is_given_once() -> None:
    places = book("pci-root")
    places.reserve(Place(0, 5), PCI)
    with pytest.raises(XmlError, match=r"Attempted double use of PCI Address 0000:00:05\.0"):
        places.reserve(Place(0, 5), PCI)
    places.reserve(Place(0, 5, 1), PCI)


def test_devices_of_a_kind_may_share_a_slot() -> None:
    places = book("pcie-root")
    port = Connect.PCIE_ROOT_PORT | Connect.AGGREGATE_SLOT
    first, second = places.reserve_next(port), places.reserve_next(port)
    assert (first.slot, first.function, second.slot, second.function) == (1, 0, 1, 1)


def test_full_buses_are_an_error_unless_the_book_grows() -> None:
    places = book("pcie-root-port")
    places.reserve_next(PCIE)
    with pytest.raises(InternalError, match="No more available PCI slots"):
        places.reserve_next(PCIE)
    growing = book("pcie-root", growing=True)
    assert growing.reserve_next(PCIE) == Place(1, 0)
    assert [bus.model for bus in growing.buses] == ["pcie-root", "pcie-root-port"]


def test_conventional_devices_among_pci_express_get_a_bridge() -> None:
    places = book("pcie-root", growing=True)
    place = places.reserve_next(PCI)
    assert [bus.model for bus in places.buses][:3] == ["pcie-root", "pcie-root-port", "pcie-to-pci-bridge"]
    assert place.bus >= 2


def test_groups_stay_apart() -> None:
    places = book("pci-root", growing=True, many_roots=True)
    places.buses[0].isolation_locked = True
    first = places.reserve_next(PCI, group=3)
    second = places.reserve_next(PCI, group=4)
    third = places.reserve_next(PCI, group=3)
    assert (first.bus, second.bus, third.bus) == (1, 2, 1)
    assert {bus.model for bus in places.buses} == {"pci-root"}


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (Place(0, 1, 0, 1), "Only PCI domain 0 is available"),
        (Place(4, 1), "Only PCI buses up to 0 are available"),
        (Place(0, 0), "slot must be >= 1"),
        (Place(0, 32), "slot must be <= 31"),
        (Place(0, 1, 8), "function must be <= 7"),
    ],
)
def test_places_that_do_not_exist_are_refused(place: Place, message: str) -> None:
    with pytest.raises(XmlError, match=message):
        book("pci-root").reserve(place, PCI)


def test_a_user_may_mix_what_we_keep_apart() -> None:
    places = book("pcie-root-port")
    with pytest.raises(InternalError):
        places.reserve(Place(0, 0), PCI, by_hand=False)
    assert places.reserve(Place(0, 0), PCI, by_hand=True) == Place(0, 0)
