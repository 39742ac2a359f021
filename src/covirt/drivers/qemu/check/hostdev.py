# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of the host, given to the guest."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported
from covirt.model.domain.devices.hostdev import Hostdev, HostdevMode
from covirt.model.domain.devices.hostdev_sources import (
    MdevHostdev,
    MdevModel,
    PciHostdev,
    PciHostdevDriverName,
    ScsiHostHostdev,
    UsbHostdev,
)

NO_DISPLAY = "graphics device is needed for attribute value 'display=on' in <hostdev>"


def check(hostdev: Hostdev, situation: Situation) -> None:
    """Check one device."""
    if hostdev.mode is HostdevMode.CAPABILITIES:
        raise ConfigUnsupported(f"hostdev mode 'capabilities' is not supported in {situation.guest.type}")
    match hostdev.source:
        case UsbHostdev(guest_reset=reset) if reset is not None:
            situation.need("usb-host.guest-resets-all", "guestReset is not supported with this version of QEMU")
        case PciHostdev() as pci:
            _check_pci(pci, situation)
        case ScsiHostHostdev():
            if hostdev.boot:
                raise ConfigUnsupported("booting from assigned devices is not supported by vhost SCSI devices")
            situation.need("vhost-scsi", "This QEMU doesn't support vhost-scsi devices")
        case MdevHostdev() as mdev:
            _check_mdev(hostdev, mdev, situation)


def _check_pci(pci: PciHostdev, situation: Situation) -> None:
    if pci.driver and pci.driver.name is PciHostdevDriverName.VFIO:
        situation.need("vfio-pci", "VFIO PCI device assignment is not supported by this version of qemu")
    if pci.write_filtering is not None:
        raise ConfigUnsupported("Write filtering of PCI device configuration space is not supported by qemu")
    if pci.display and not situation.guest.devices.graphics:
        raise ConfigUnsupported(NO_DISPLAY)


MDEV_FLAGS = {
    MdevModel.VFIO_PCI: ("vfio-pci", "PCI"),
    MdevModel.VFIO_AP: ("vfio-ap", "AP"),
    MdevModel.VFIO_CCW: ("vfio-ccw", "CCW"),
}


def _check_mdev(hostdev: Hostdev, mdev: MdevHostdev, situation: Situation) -> None:
    flag, name = MDEV_FLAGS[mdev.model]
    situation.need(flag, f"VFIO {name} device assignment is not supported by this version of QEMU")
    if hostdev.boot and mdev.model is not MdevModel.VFIO_CCW:
        raise ConfigUnsupported(
            f"booting from assigned devices is not supported by mediated devices of model {mdev.model}"
        )
    devices = situation.guest.devices
    if mdev.model is MdevModel.VFIO_PCI and mdev.display and not devices.graphics:
        raise ConfigUnsupported(NO_DISPLAY)
    if mdev.model is MdevModel.VFIO_AP:
        adapters = [
            other
            for other in devices.hostdevs
            if isinstance(other.source, MdevHostdev) and other.source.model is MdevModel.VFIO_AP
        ]
        if len(adapters) > 1:
            raise ConfigUnsupported("Only one hostdev of model vfio-ap is supported")
