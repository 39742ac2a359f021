# SPDX-License-Identifier: LGPL-2.1-or-later
"""USB devices and their interfaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from covirt.errors import InternalError
from covirt.model.nodedev.common import IdAndName
from covirt.xml import At


def _number(name: str, word: str) -> At:
    return At(name, missing=f"no USB {word} supplied", invalid=f"invalid USB {word} supplied", error=InternalError)


@dataclass(slots=True, kw_only=True)
class UsbDeviceCapability:
    """A USB device."""

    OPEN: ClassVar[bool] = True

    type: Literal["usb_device"] = "usb_device"
    bus: Annotated[int, _number("bus", "bus number")]
    device: Annotated[int, _number("device", "device number")]
    product: Annotated[IdAndName, At("product", missing="no USB product ID supplied", error=InternalError)]
    vendor: Annotated[IdAndName, At("vendor", missing="no USB vendor ID supplied", error=InternalError)]


@dataclass(slots=True, kw_only=True)
class UsbInterfaceCapability:
    """An interface of a USB device."""

    OPEN: ClassVar[bool] = True

    type: Literal["usb"] = "usb"
    number: Annotated[int, _number("number", "interface number")]
    interface_class: Annotated[int, _number("class", "interface class")]
    subclass: Annotated[int, _number("subclass", "interface subclass")]
    protocol: Annotated[int, _number("protocol", "interface protocol")]
    description: Annotated[str | None, At("description")] = None
