# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which places on the guest's buses are taken: SCSI units, USB ports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

from covirt.model.domain.address import DriveAddress
from covirt.model.domain.devices.char import SerialTarget
from covirt.model.domain.devices.controller import ControllerType, ScsiModel
from covirt.model.domain.devices.disk_parts import DiskBus
from covirt.model.domain.devices.filesystem import FilesystemDriverType
from covirt.model.domain.devices.hostdev_sources import UsbHostdev
from covirt.model.domain.devices.input import InputBus
from covirt.model.domain.devices.sound import SoundModel

if TYPE_CHECKING:
    from covirt.model.domain.devices import Devices

HIGHEST_UNIT = {
    ScsiModel.VIRTIO_SCSI: 16383,
    ScsiModel.VIRTIO_TRANSITIONAL: 16383,
    ScsiModel.VIRTIO_NON_TRANSITIONAL: 16383,
    ScsiModel.IBMVSCSI: 31,
    ScsiModel.LSISAS1068: 1,
    ScsiModel.LSISAS1078: 255,
    ScsiModel.NCR53C90: 6,
    ScsiModel.DC390: 6,
    ScsiModel.AM53C974: 6,
}
OWN_UNIT = {
    ScsiModel.IBMVSCSI: 7,
    ScsiModel.LSILOGIC: 7,
    ScsiModel.VMPVSCSI: 7,
    ScsiModel.BUSLOGIC: 7,
}
"""The unit that the adapter itself takes."""


def free_scsi_unit(devices: Devices, bus_units: int) -> DriveAddress:
    """The first SCSI unit that is free, on the first adapter that has one, there or to come."""
    for controller in count():
        for unit in range(bus_units):
            address = DriveAddress(controller=controller, unit=unit)
            if not scsi_unit_taken(devices, address):
                return address
    raise AssertionError("there are always more adapters")


def scsi_unit_taken(devices: Devices, address: DriveAddress) -> bool:
    """Is a SCSI unit taken, or beyond what the adapter has?"""
    controller = devices.controller(ControllerType.SCSI, address.controller)
    if controller is not None and controller.model is not None:
        model = ScsiModel(controller.model)
        if address.unit > HIGHEST_UNIT.get(model, address.unit) or address.unit == OWN_UNIT.get(model):
            return True
    return any(disk.bus is DiskBus.SCSI and disk.info.address == address for disk in devices.disks) or any(
        hostdev.scsi and hostdev.info.address == address for hostdev in devices.hostdevs
    )


def usb_devices(devices: Devices) -> Iterator[Any]:
    """The devices on USB buses, without hubs, in the order in which they get ports."""
    for device in devices.with_info():
        on_usb = ON_USB.get(device.ELEMENT)
        if on_usb is not None and on_usb(device):
            yield device


ON_USB: dict[str, Callable[[Any], bool]] = {
    "disk": lambda disk: disk.bus is DiskBus.USB,
    "interface": lambda card: card.model == "usb-net",
    "sound": lambda sound: sound.model is SoundModel.USB,
    "hostdev": lambda hostdev: isinstance(hostdev.source, UsbHostdev),
    "controller": lambda controller: controller.type is ControllerType.CCID,
    "serial": lambda serial: serial.target is SerialTarget.USB,
    "input": lambda device: device.bus is InputBus.USB,
    "filesystem": lambda filesystem: filesystem.driver.type is FilesystemDriverType.MTP,
    "redirdev": lambda redirdev: True,
}
"""When a device of a kind is on a USB bus; kinds that are not here never are."""
