# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is refused when all devices have been read: kinds that come too often, USB devices without USB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.errors import ConfigUnsupported, Error, InternalError, XmlDetail, XmlError
from covirt.model.domain.devices.common import count
from covirt.model.domain.devices.controller import ControllerType, UsbModel
from covirt.model.domain.devices.hostdev_sources import UsbHostdev
from covirt.model.domain.devices.input import InputBus
from covirt.xml import Element

if TYPE_CHECKING:
    from covirt.model.domain.devices import Devices

MOST: dict[str, tuple[int, type[Error], str]] = {
    "memballoon": (1, InternalError, "only a single memory balloon device is supported"),
    "tpm": (2, XmlError, "a maximum of two TPM devices is supported, one of them being a TPM Proxy device"),
    "nvram": (1, InternalError, "only a single nvram device is supported"),
    "redirfilter": (1, InternalError, "only one set of redirection filter rule is supported"),
    "iommu": (1, XmlError, "only a single IOMMU device is supported"),
    "vsock": (1, XmlError, "only a single vsock device is supported"),
    "pstore": (1, XmlError, "only a single pstore device is supported"),
}
"""How many devices of a kind there can be, and the refusal of more."""


def check_counts(element: Element) -> None:
    """Refuse more devices of a kind than there can be."""
    for name, (most, error, message) in MOST.items():
        if count(element, name) > most:
            raise error(message)


def check_usb(devices: Devices) -> None:
    """A guest without USB has no USB controllers and no USB devices."""
    controllers = [one for one in devices.controllers if one.type is ControllerType.USB]
    disabled = any(one.model == UsbModel.NONE for one in controllers)
    if disabled and len(controllers) > 1:
        raise XmlDetail("Can't add another USB controller: USB is disabled for this domain")
    if controllers and not disabled and all(one.info.master is not None for one in controllers):
        raise XmlDetail("No master USB controller specified")
    if not disabled:
        return
    if any(device.bus is InputBus.USB for device in devices.inputs):
        raise ConfigUnsupported("Can't add USB input device. USB bus is disabled")
    if any(isinstance(hostdev.source, UsbHostdev) for hostdev in devices.hostdevs):
        raise ConfigUnsupported("Can't add host USB device: USB is disabled in this host")
    if devices.hubs:
        raise ConfigUnsupported("Can't add USB hub: USB is disabled for this domain")
