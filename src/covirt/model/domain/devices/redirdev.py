# SPDX-License-Identifier: LGPL-2.1-or-later
"""USB devices that are far away, and which of them may come."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.domain.address import UsbAddress
from covirt.model.domain.devices.chardev import Chardev, DbusChardev, check_chardev, read_once
from covirt.model.domain.devices.common import Boot, Device, DeviceInfo
from covirt.xml import At, Choice, Context, Number, Reading, Scalar, YesNo
from covirt.xml.scalars import INT32_MAX

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition

DBUS_CHANNEL = "org.qemu.usbredir"


class RedirdevBus(StrEnum):
    """The bus of redirected devices."""

    USB = "usb"


@dataclass(slots=True, kw_only=True)
class Redirdev(Device):
    """A port for a USB device that is plugged in elsewhere."""

    ELEMENT: ClassVar[str] = "redirdev"

    bus: Annotated[RedirdevBus, At("@bus", invalid="unknown redirdev bus '{value}'", error=ConfigUnsupported)] = (
        RedirdevBus.USB
    )
    source: Annotated[
        Chardev,
        At("."),
        Choice(
            "@type",
            missing="missing type in redirdev",
            invalid="unknown redirdev character device type '{value}'",
            error=ConfigUnsupported,
        ),
    ]
    boot: Annotated[Boot | None, At("boot")] = None
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def after_parse(self, reading: Reading) -> None:
        """The D-Bus channel has a usual name; the address is a USB one."""
        read_once(reading.element, self.source)
        if isinstance(self.source, DbusChardev) and self.source.channel is None:
            self.source.channel = DBUS_CHANNEL
        if self.info.address is not None and not isinstance(self.info.address, UsbAddress):
            raise XmlError("Invalid address for a USB device")

    def check(self, guest: DomainDefinition) -> None:
        """There is a USB bus, and the source is complete."""
        if not guest.devices.has_usb:
            raise ConfigUnsupported("cannot add redirected USB device: USB is disabled for this domain")
        check_chardev(self.source, guest)


class UsbVersion(Scalar):
    """A version as in a USB descriptor: 1.10 is 0x0110; -1 is any."""

    __slots__ = ()

    def read(self, text: str) -> int | None:
        """The number of a version; one digit after the point means tens."""
        if text == "-1":
            return None
        found = re.fullmatch(r"\+?(\d+)\.\+?(\d+)", text)
        if not found or int(found[1]) >= 100 or int(found[2]) >= 100:
            raise XmlError(f"Cannot parse USB device version {text}")
        major, minor = int(found[1]), int(found[2]) * (10 if len(found[2]) == 1 else 1)
        return (major // 10) << 12 | (major % 10) << 8 | (minor // 10) << 4 | minor % 10

    def write(self, value: int) -> str:
        """The version of a number, two digits after the point."""
        major = (value >> 12 & 0xF) * 10 + (value >> 8 & 0xF)
        return f"{major}.{(value >> 4 & 0xF) * 10 + (value & 0xF):02}"


def _id(form: str) -> Number:
    return Number(low=-INT32_MAX - 1, high=INT32_MAX, base=0, form=form)


@dataclass(slots=True, kw_only=True)
class RedirFilterRule:
    """USB devices that may, or may not, be redirected; what is not told fits any."""

    usb_class: Annotated[int | None, At("@class"), _id("0x{:02X}")] = None
    vendor: Annotated[int | None, At("@vendor"), _id("0x{:04X}")] = None
    product: Annotated[int | None, At("@product"), _id("0x{:04X}")] = None
    version: Annotated[int | None, At("@version"), UsbVersion()] = None
    allow: Annotated[YesNo, At("@allow")]

    def after_parse(self, reading: Reading) -> None:
        """A class is a byte; negative numbers fit any."""
        if self.usb_class not in (None, -1) and self.usb_class & ~0xFF:
            raise InternalError(f"Invalid USB Class code 0x{self.usb_class & 0xFFFFFFFF:x}")
        for name in ("usb_class", "vendor", "product"):
            if (getattr(self, name) or 0) < 0:
                setattr(self, name, None)


@dataclass(slots=True, kw_only=True)
class RedirFilter:
    """Rules for redirected devices; the first that fits counts."""

    ELEMENT: ClassVar[str] = "redirfilter"

    rules: Annotated[list[RedirFilterRule], At("usbdev")] = field(default_factory=list)

    def for_format(self, context: Context) -> RedirFilter | None:
        """No rules, no filter."""
        return self if self.rules else None
