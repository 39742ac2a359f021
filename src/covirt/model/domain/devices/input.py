# SPDX-License-Identifier: LGPL-2.1-or-later
"""Input devices: mice, tablets, keyboards, and those of the host."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.common.scalars import Path
from covirt.model.domain.address import UsbAddress
from covirt.model.domain.devices.common import Device, DeviceInfo, VirtioModel, VirtioOptions
from covirt.xml import At, Context, OnOff, Reading

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition


class InputType(StrEnum):
    """What the guest sees."""

    MOUSE = "mouse"
    TABLET = "tablet"
    KEYBOARD = "keyboard"
    PASSTHROUGH = "passthrough"
    EVDEV = "evdev"


class InputBus(StrEnum):
    """Where the guest sees it."""

    PS2 = "ps2"
    USB = "usb"
    XEN = "xen"
    PARALLELS = "parallels"
    VIRTIO = "virtio"
    NONE = "none"


class InputGrab(StrEnum):
    """Which devices are taken from the host together."""

    ALL = "all"


class InputGrabToggle(StrEnum):
    """The keys that give the devices back and take them again."""

    CTRL_CTRL = "ctrl-ctrl"
    ALT_ALT = "alt-alt"
    SHIFT_SHIFT = "shift-shift"
    META_META = "meta-meta"
    SCROLLLOCK = "scrolllock"
    CTRL_SCROLLLOCK = "ctrl-scrolllock"


@dataclass(slots=True, kw_only=True)
class InputSource:
    """The device of the host that is passed through (evdev), or whose events are read (dev)."""

    dev: Annotated[Path | None, At("@dev")] = None
    evdev: Annotated[Path | None, At("@evdev")] = None
    grab: Annotated[InputGrab | None, At("@grab")] = None
    grab_toggle: Annotated[InputGrabToggle | None, At("@grabToggle")] = None
    repeat: Annotated[OnOff | None, At("@repeat")] = None

    @property
    def path(self) -> str | None:
        """The device's path."""
        return self.dev or self.evdev


EMULATED = (InputType.MOUSE, InputType.TABLET, InputType.KEYBOARD)


@dataclass(slots=True, kw_only=True)
class Input(Device):
    """An input device of the guest."""

    ELEMENT: ClassVar[str] = "input"

    type: Annotated[
        InputType,
        At(
            "@type",
            missing="missing input device type",
            invalid="unknown input device type '{value}'",
            error=ConfigUnsupported,
        ),
    ]
    bus: Annotated[
        InputBus | None,
        At("@bus", omit=InputBus.NONE, invalid="unknown input bus type '{value}'", error=ConfigUnsupported),
    ] = None
    model: Annotated[
        VirtioModel | None, At("@model", invalid="unknown input model '{value}'", error=ConfigUnsupported)
    ] = None
    driver: Annotated[VirtioOptions, At("driver")] = field(default_factory=VirtioOptions)
    source: Annotated[InputSource, At("source")] = field(default_factory=InputSource)
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def after_parse(self, reading: Reading) -> None:
        """Each kind reads its path from its own attribute; USB devices have USB addresses."""
        address = self.info.address
        if self.bus is InputBus.USB and address is not None and not isinstance(address, UsbAddress):
            raise XmlError("Invalid address for a USB device")
        if self.type in EMULATED:
            self.source = InputSource()
            return
        if self.type is InputType.PASSTHROUGH:
            self.source = InputSource(evdev=self.source.evdev)
        else:
            self.source.evdev = None
        if reading.element.child("source") is not None and self.source.path is None:
            raise XmlError("Missing evdev path for input device")

    def for_format(self, context: Context) -> Input | None:
        """Older peers add the keyboards that every machine has themselves."""
        implied = self.type is InputType.KEYBOARD and self.bus in (InputBus.PS2, InputBus.XEN)
        return None if implied and context & Context.MIGRATABLE else self

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """The usual bus of the machine."""
        if self.bus is None:
            self.bus = default_bus(self.type, guest)

    def check(self, guest: DomainDefinition) -> None:
        """The kind of guest has the bus, and the bus such a device."""
        check_bus(self, guest)
        if self.type in EMULATED and self.source.path:
            raise ConfigUnsupported("setting source evdev path only supported for passthrough input devices")
        if self.type is InputType.PASSTHROUGH and self.bus is not InputBus.VIRTIO:
            raise ConfigUnsupported("only bus 'virtio' is supported for 'passthrough' input devices")
        if self.type is InputType.EVDEV and self.bus is not InputBus.NONE:
            raise ConfigUnsupported("input evdev doesn't support bus element")
        if self.model is not None and self.bus is not InputBus.VIRTIO:
            raise ConfigUnsupported(f"only bus 'virtio' is supported for input model '{self.model}'")
        if self.bus is InputBus.PS2 and guest.features.ps2 is False:
            raise ConfigUnsupported("ps2 bus inputs require the ps2 feature not to be disabled")


PLAIN = (InputType.MOUSE, InputType.KEYBOARD)


def default_bus(kind: InputType, guest: DomainDefinition) -> InputBus | None:
    """The bus that an input device of this kind has when none is told."""
    if guest.os.type in ("xen", "xenpvh"):
        return InputBus.XEN
    if guest.os.type != "hvm":
        return InputBus.PARALLELS if guest.type in ("vz", "parallels") else None
    if kind in PLAIN and guest.os.arch in ("x86_64", "i686", None):
        return InputBus.PS2
    if guest.os.arch in ("s390", "s390x") or kind is InputType.PASSTHROUGH:
        return InputBus.VIRTIO
    return InputBus.NONE if kind is InputType.EVDEV else InputBus.USB


def check_bus(device: Input, guest: DomainDefinition) -> None:
    """Refuse a bus that this kind of guest has not, or on which there is no such device."""
    if guest.os.type == "hvm":
        if device.bus is InputBus.PS2 and device.type not in PLAIN:
            raise InternalError(f"ps2 bus does not support {device.type} input device")
        if device.bus is InputBus.XEN:
            raise InternalError(f"unsupported input bus {device.bus}")
    elif guest.os.type in ("xen", "xenpvh"):
        if device.bus is not InputBus.XEN:
            raise InternalError(f"unsupported input bus {device.bus}")
        if device.type not in PLAIN:
            raise InternalError(f"xen bus does not support {device.type} input device")
    elif guest.type in ("vz", "parallels"):
        if device.bus is not InputBus.PARALLELS:
            raise InternalError(f"parallels containers don't support input bus {device.bus}")
        if device.type not in PLAIN:
            raise InternalError(f"parallels bus does not support {device.type} input device")
    else:
        raise InternalError("Input devices are not supported by this virtualization driver.")
