# SPDX-License-Identifier: LGPL-2.1-or-later
"""Character devices: serial and parallel ports, consoles, channels; the guest's side of a `chardev` source."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import changed
from covirt.model.common.scalars import plain_ip
from covirt.model.domain.address import UsbAddress
from covirt.model.domain.devices.chardev import Chardev, PtyChardev, SpiceVmcChardev, check_chardev, read_once
from covirt.model.domain.devices.common import Device, DeviceInfo
from covirt.xml import At, Choice, Context, Reading

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition

SourceField = Annotated[
    Chardev,
    At("."),
    Choice(
        "@type",
        default="pty",
        invalid="unknown type presented to host for character device: {value}",
        error=ConfigUnsupported,
    ),
]


def _target(path: str, what: str = "type") -> Any:
    return At(
        path,
        invalid=f"unknown target {what} '{{value}}' specified for character device",
        error=ConfigUnsupported,
    )


PortField = Annotated[int | None, At("target/@port", invalid="Invalid port number: {value}")]


class SerialTarget(StrEnum):
    """Which kind of port a serial device is."""

    ISA = "isa-serial"
    USB = "usb-serial"
    PCI = "pci-serial"
    SPAPR_VIO = "spapr-vio-serial"
    SYSTEM = "system-serial"
    SCLP = "sclp-serial"
    ISA_DEBUG = "isa-debug"


class SerialModel(StrEnum):
    """Which device plays the port."""

    ISA_SERIAL = "isa-serial"
    USB_SERIAL = "usb-serial"
    PCI_SERIAL = "pci-serial"
    SPAPR_VTY = "spapr-vty"
    PL011 = "pl011"
    SCLPCONSOLE = "sclpconsole"
    SCLPLMCONSOLE = "sclplmconsole"
    SERIAL_16550A = "16550a"
    ISA_DEBUGCON = "isa-debugcon"


class ConsoleTarget(StrEnum):
    """Which kind of console it is."""

    SERIAL = "serial"
    XEN = "xen"
    UML = "uml"
    VIRTIO = "virtio"
    LXC = "lxc"
    OPENVZ = "openvz"
    SCLP = "sclp"
    SCLPLM = "sclplm"


class ChannelState(StrEnum):
    """Whether the guest has opened a channel (live only)."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"


class CharacterDevice(Device):
    """What serial and parallel ports, consoles and channels share."""

    __slots__ = ()

    source: Chardev

    def read_source(self, reading: Reading) -> None:
        """Only channels speak SPICE."""
        read_once(reading.element, self.source, labelled=True)
        if isinstance(self.source, SpiceVmcChardev) and not isinstance(self, Channel):
            raise ConfigUnsupported("spicevmc device type only supports virtio")

    def check(self, guest: DomainDefinition) -> None:
        """The source is complete."""
        check_chardev(self.source, guest)


@dataclass(slots=True, kw_only=True)
class Serial(CharacterDevice):
    """A serial port."""

    ELEMENT: ClassVar[str] = "serial"

    source: SourceField = field(default_factory=PtyChardev)
    target: Annotated[SerialTarget | None, _target("target/@type")] = None
    port: PortField = None
    model: Annotated[SerialModel | None, _target("target/model/@name", "model")] = None
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def after_parse(self, reading: Reading) -> None:
        """A USB port has a USB address."""
        self.read_source(reading)
        address = self.info.address
        if self.target is SerialTarget.USB and address is not None and not isinstance(address, UsbAddress):
            raise ConfigUnsupported("usb-serial requires address of usb type")

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """The next free port number."""
        if self.target is SerialTarget.ISA_DEBUG and guest.os.arch not in ("x86_64", "i686"):
            raise ConfigUnsupported("isa-debug serial type only valid on x86 architecture")
        if self.port is None:
            self.port = next_port(guest.devices.serials)


@dataclass(slots=True, kw_only=True)
class Parallel(CharacterDevice):
    """A parallel port."""

    ELEMENT: ClassVar[str] = "parallel"

    source: SourceField = field(default_factory=PtyChardev)
    port: PortField = None
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def after_parse(self, reading: Reading) -> None:
        """Check the source."""
        self.read_source(reading)


@dataclass(slots=True, kw_only=True)
class Console(CharacterDevice):
    """A console; the first one of most guests is another name for the first serial port."""

    ELEMENT: ClassVar[str] = "console"

    source: SourceField = field(default_factory=PtyChardev)
    tty: Annotated[str | None, At("@tty", unless=Context.INACTIVE)] = None
    """The terminal's path once more, for old readers; set only while writing."""
    target: Annotated[ConsoleTarget | None, _target("target/@type")] = None
    port: PortField = None
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def after_parse(self, reading: Reading) -> None:
        """The old place of the terminal's path is not read."""
        self.read_source(reading)
        self.tty = None

    def for_format(self, context: Context) -> Console:
        """The first console tells its terminal in the old way too."""
        source = self.source
        if self.port == 0 and isinstance(source, PtyChardev) and source.path and not context & Context.INACTIVE:
            return changed(self, tty=source.path)
        return self

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """A console of no kind is a serial one."""
        if self.target is None:
            self.target = ConsoleTarget.SERIAL


# Channels


@dataclass(slots=True, kw_only=True)
class GuestfwdTarget:
    """An address and port in the guest's user network."""

    type: Literal["guestfwd"] = "guestfwd"
    address: Annotated[str, At("@address", missing="guestfwd channel does not define a target address")]
    port: Annotated[int, At("@port")]

    def after_parse(self, reading: Reading) -> None:
        """Only IPv4 is understood."""
        address = plain_ip(self.address)
        if address is None:
            raise XmlError(f"Cannot parse socket address '{self.address}'")
        if ":" in address:
            raise ConfigUnsupported("guestfwd channel only supports IPv4 addresses")
        self.address = address


@dataclass(slots=True, kw_only=True)
class VirtioTarget:
    """A named port of a virtio-serial controller."""

    type: Literal["virtio"] = "virtio"
    name: Annotated[str | None, At("@name")] = None
    state: Annotated[ChannelState | None, At("@state", unless=Context.INACTIVE)] = None


@dataclass(slots=True, kw_only=True)
class XenTarget:
    """A named channel of Xen."""

    type: Literal["xen"] = "xen"
    name: Annotated[str | None, At("@name")] = None


ChannelTarget = GuestfwdTarget | VirtioTarget | XenTarget


@dataclass(slots=True, kw_only=True)
class Channel(CharacterDevice):
    """A private line between host and guest."""

    ELEMENT: ClassVar[str] = "channel"

    source: SourceField = field(default_factory=PtyChardev)
    target: Annotated[
        ChannelTarget,
        At("target", missing="target type must be specified for channel device"),
        Choice(
            "@type",
            missing="target type must be specified for channel device",
            invalid="unknown target type '{value}' specified for character device",
            error=ConfigUnsupported,
        ),
    ]
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)

    def after_parse(self, reading: Reading) -> None:
        """SPICE agents are spoken to through virtio."""
        self.read_source(reading)
        if isinstance(self.source, SpiceVmcChardev) and not isinstance(self.target, VirtioTarget):
            raise ConfigUnsupported("spicevmc device type only supports virtio")

    def check(self, guest: DomainDefinition) -> None:
        """The source is complete; a path for a named port can be made."""
        check_chardev(self.source, guest, path_may_be_made=not isinstance(self.target, GuestfwdTarget))


def next_port(devices: list[Serial] | list[Parallel]) -> int:
    """The number after the highest one in use."""
    return max((device.port for device in devices if device.port is not None), default=-1) + 1


def console_of(serial: Serial) -> Console:
    """The console that is another name for a serial port."""
    return Console(source=serial.source, target=ConsoleTarget.SERIAL, port=serial.port, info=serial.info)
