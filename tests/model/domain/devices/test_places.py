# SPDX-License-Identifier: LGPL-2.1-or-later
"""Orders, numbers and places of devices."""

from __future__ import annotations

import pytest

from covirt.model.common.scalars import plain_ip, plain_path
from covirt.model.domain.address import CcwAddress, DriveAddress, PciAddress, UsbPort
from covirt.model.domain.devices import Devices
from covirt.model.domain.devices.controller import Controller, ControllerType, ScsiModel, UsbModel
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_complete import target_number
from covirt.model.domain.devices.disk_parts import DiskBus
from covirt.model.domain.devices.order import in_controller_order, in_disk_order
from covirt.model.domain.devices.redirdev import UsbVersion


@pytest.mark.parametrize(
    ("target", "number"),
    [("vda", 0), ("hdb", 1), ("sdz", 25), ("sdaa", 26), ("xvdab12", 27), ("vd", None), ("vd1", None), ("a", None)],
)
def test_targets_have_numbers(target: str, number: int | None) -> None:
    assert target_number(target) == number


def test_disks_of_a_bus_stand_together_by_number() -> None:
    told = [("vdb", DiskBus.VIRTIO), ("sda", DiskBus.SCSI), ("vda", DiskBus.VIRTIO), ("vdc", DiskBus.VIRTIO)]
    disks = [Disk(target=target, bus=bus) for target, bus in told]
    assert [disk.target for disk in in_disk_order(disks)] == ["vda", "vdb", "vdc", "sda"]


def test_controllers_of_a_type_stand_together_by_number() -> None:
    told = [(ControllerType.USB, 1), (ControllerType.PCI, 0), (ControllerType.USB, 0), (ControllerType.USB, None)]
    ordered = in_controller_order([Controller(type=kind, index=index) for kind, index in told])
    assert [(one.type.value, one.index) for one in ordered] == [("usb", 0), ("usb", 1), ("usb", None), ("pci", 0)]


def test_usb2_controllers_come_with_companions() -> None:
    devices = Devices()
    devices.add_usb_controller(0, UsbModel.ICH9_EHCI1)
    assert [one.info.master.startport if one.info.master else None for one in devices.controllers] == [None, 0, 2, 4]
    assert {one.index for one in devices.controllers} == {0}


def test_scsi_units_skip_what_is_taken_and_the_adapter() -> None:
    devices = Devices()
    devices.add_controller(ControllerType.SCSI, 0, ScsiModel.LSILOGIC)
    devices.disks = [Disk(target=f"sd{letter}", bus=DiskBus.SCSI, source=Disk().source) for letter in "abcdefg"]
    for unit, disk in enumerate(devices.disks):
        disk.info.address = DriveAddress(unit=unit)
    assert devices.free_scsi_unit(7) == DriveAddress(controller=1)
    assert devices.free_scsi_unit(16) == DriveAddress(unit=8)


def test_usb_ports_and_versions_are_spelled_as_usual() -> None:
    assert str(UsbPort.parse("1.02.3")) == "1.2.3"
    assert UsbVersion().read("1.1") == 0x0110
    assert UsbVersion().write(0x0407) == "4.07"
    assert UsbVersion().read("-1") is None


def test_open_places_have_no_numbers() -> None:
    assert PciAddress().empty
    assert not PciAddress(slot=1).empty
    assert not CcwAddress().assigned
    assert str(PciAddress(bus=1, slot=0x1F, function=7)) == "0000:01:1f.7"


@pytest.mark.parametrize(
    ("path", "plain"),
    [("/a//b/", "/a/b"), ("//a", "//a"), ("///a", "/a"), ("/", "/"), ("nbd://a//b", "nbd://a//b"), ("a/", "a")],
)
def test_paths_are_plain(path: str, plain: str) -> None:
    assert plain_path(path) == plain


def test_addresses_are_in_their_usual_form() -> None:
    assert plain_ip("2001:0DB8:0::1") == "2001:db8::1"
    assert plain_ip("10.1") == "10.0.0.1"
    assert plain_ip("example.org") is None
