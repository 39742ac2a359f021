# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where devices are put that the document does not place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

from covirt.errors import InternalError
from covirt.model.domain.address import CcwAddress, PciAddress, SpaprVioAddress, VirtioSerialAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.common import Device
from covirt.model.domain.devices.controller import PciModel

if TYPE_CHECKING:
    from tests.drivers.qemu.conftest import Define

CARD = "<interface type='user'><model type='virtio'/></interface>"


def places(devices: Iterable[Device]) -> list[str]:
    """The PCI places as text."""
    return [str(device.info.address) for device in devices if isinstance(device.info.address, PciAddress)]


def bus(device: Device) -> int:
    """The number of its PCI bus."""
    address = device.info.address
    assert isinstance(address, PciAddress)
    return address.bus


def models(guest: DomainDefinition) -> list[str | None]:
    """The PCI controllers."""
    return [controller.model for controller in guest.devices.controllers if controller.type == "pci"]


def test_the_chipset_of_pcs_is_where_it_always_was(define: Define) -> None:
    guest = define(
        "<video><model type='vga'/></video><disk type='file'><source file='/a'/><target dev='hda'/></disk>" + CARD,
        machine="pc",
    )
    by_type: dict[str, str] = {
        controller.type: str(controller.info.address) for controller in guest.devices.controllers
    }
    assert by_type["ide"].endswith("00:01.1")
    assert by_type["usb"].endswith("00:01.2")
    assert places(guest.devices.videos)[0].endswith("00:02.0")
    assert places(guest.devices.interfaces)[0].endswith("00:03.0")


def test_express_devices_get_a_root_port_each_and_one_more(define: Define) -> None:
    guest = define(CARD * 2 + "<controller type='usb' model='none'/><memballoon model='none'/>", machine="q35")
    assert models(guest).count(PciModel.PCIE_ROOT_PORT) == 3
    assert [bus(card) for card in guest.devices.interfaces] == [1, 2]


def test_given_places_are_kept(define: Define) -> None:
    given = CARD.replace("</interface>", "<address type='pci' bus='0' slot='0x10'/></interface>")
    guest = define(CARD + given, machine="pc")
    assert places(guest.devices.interfaces)[1].endswith("00:10.0")


def test_two_devices_in_a_place_are_refused(define: Define) -> None:
    given = CARD.replace("</interface>", "<address type='pci' bus='0' slot='0x10'/></interface>")
    with pytest.raises(Exception, match="Attempted double use of PCI Address"):
        define(given * 2, machine="pc")


def test_the_primary_ide_controller_cannot_move(define: Define) -> None:
    ide = "<controller type='ide' index='0'><address type='pci' slot='9'/></controller>"
    with pytest.raises(InternalError, match=r"Primary IDE controller must have PCI address 0:0:1\.1"):
        define(ide, machine="pc")


def test_assigned_devices_of_pseries_guests_have_buses_by_group(define: Define) -> None:
    hostdev = "<hostdev mode='subsystem' type='pci'><source><address bus='{}' slot='{}'/></source></hostdev>"
    card = "<interface type='hostdev'><source><address type='pci' bus='5' slot='3'/></source></interface>"
    guest = define(hostdev.format(5, 1) + hostdev.format(6, 1) + card, arch="ppc64")
    first, second = (bus(device) for device in guest.devices.hostdevs)
    assert 0 not in (first, second)
    assert first != second
    assert bus(guest.devices.interfaces[0]) == first


def test_s390_guests_use_channels(define: Define) -> None:
    guest = define(CARD, arch="s390x")
    assert isinstance(guest.devices.interfaces[0].info.address, CcwAddress)


def test_pseries_registers_go_up(define: Define) -> None:
    console = "<serial type='pty'><target type='spapr-vio-serial'/></serial>"
    guest = define(console * 2, arch="ppc64")
    addresses = [serial.info.address for serial in guest.devices.serials]
    first, second = addresses
    assert isinstance(first, SpaprVioAddress)
    assert isinstance(second, SpaprVioAddress)
    assert first.reg is not None
    assert first.reg + 0x1000 == second.reg


def test_consoles_leave_their_port_to_qemu(define: Define) -> None:
    console = "<console type='pty'><target type='virtio'/></console>"
    channel = "<channel type='pty'><target type='virtio' name='a'/></channel>"
    guest = define(console + channel, machine="q35")
    address = guest.devices.channels[0].info.address
    assert isinstance(address, VirtioSerialAddress)
    assert address.port == 1
