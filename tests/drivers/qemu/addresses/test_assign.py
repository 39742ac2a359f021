# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where devices are put that the document does not place."""

from __future__ import annotations

import pytest

from covirt.errors import InternalError
from covirt.model.domain.address import CcwAddress, PciAddress, SpaprVioAddress
from covirt.model.domain.devices.controller import PciModel

CARD = "<interface type='user'><model type='virtio'/></interface>"


def places(devices):
    """The PCI places as text."""
    return [str(device.info.address) for device in devices if isinstance(device.info.address, PciAddress)]


def models(guest):
    """The PCI controllers."""
    return [controller.model for controller in guest.devices.controllers if controller.type == "pci"]


def test_the_chipset_of_pcs_is_where_it_always_was(define):
    guest = define(
        "<video><model type='vga'/></video><disk type='file'><source file='/a'/><target dev='hda'/></disk>" + CARD,
        machine="pc",
    )
    by_type = {controller.type: str(controller.info.address) for controller in guest.devices.controllers}
    assert by_type["ide"].endswith("00:01.1")
    assert by_type["usb"].endswith("00:01.2")
    assert places(guest.devices.videos)[0].endswith("00:02.0")
    assert places(guest.devices.interfaces)[0].endswith("00:03.0")


def test_express_devices_get_a_root_port_each_and_one_more(define):
    guest = define(CARD * 2 + "<controller type='usb' model='none'/><memballoon model='none'/>", machine="q35")
    assert models(guest).count(PciModel.PCIE_ROOT_PORT) == 3
    assert [card.info.address.bus for card in guest.devices.interfaces] == [1, 2]


def test_given_places_are_kept(define):
    given = CARD.replace("</interface>", "<address type='pci' bus='0' slot='0x10'/></interface>")
    guest = define(CARD + given, machine="pc")
    assert places(guest.devices.interfaces)[1].endswith("00:10.0")


def test_two_devices_in_a_place_are_refused(define):
    given = CARD.replace("</interface>", "<address type='pci' bus='0' slot='0x10'/></interface>")
    with pytest.raises(Exception, match="Attempted double use of PCI Address"):
        define(given * 2, machine="pc")


def test_the_primary_ide_controller_cannot_move(define):
    ide = "<controller type='ide' index='0'><address type='pci' slot='9'/></controller>"
    with pytest.raises(InternalError, match=r"Primary IDE controller must have PCI address 0:0:1\.1"):
        define(ide, machine="pc")


def test_assigned_devices_of_pseries_guests_have_buses_by_group(define):
    hostdev = "<hostdev mode='subsystem' type='pci'><source><address bus='{}' slot='{}'/></source></hostdev>"
    card = "<interface type='hostdev'><source><address type='pci' bus='5' slot='3'/></source></interface>"
    guest = define(hostdev.format(5, 1) + hostdev.format(6, 1) + card, arch="ppc64")
    first, second = (hostdev.info.address.bus for hostdev in guest.devices.hostdevs)
    assert 0 not in (first, second)
    assert first != second
    assert guest.devices.interfaces[0].info.address.bus == first


def test_s390_guests_use_channels(define):
    guest = define(CARD, arch="s390x")
    assert isinstance(guest.devices.interfaces[0].info.address, CcwAddress)


def test_pseries_registers_go_up(define):
    console = "<serial type='pty'><target type='spapr-vio-serial'/></serial>"
    guest = define(console * 2, arch="ppc64")
    addresses = [serial.info.address for serial in guest.devices.serials]
    assert all(isinstance(address, SpaprVioAddress) for address in addresses)
    assert addresses[0].reg + 0x1000 == addresses[1].reg


def test_consoles_leave_their_port_to_qemu(define):
    console = "<console type='pty'><target type='virtio'/></console>"
    channel = "<channel type='pty'><target type='virtio' name='a'/></channel>"
    guest = define(console + channel, machine="q35")
    assert guest.devices.channels[0].info.address.port == 1
