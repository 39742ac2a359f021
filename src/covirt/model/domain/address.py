# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where in the guest a device is plugged in: one class for each kind of bus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from covirt.errors import InternalError, XmlError
from covirt.model.common.copying import changed, without
from covirt.model.common.pci import check_pci_numbers
from covirt.values import UINT64_MAX
from covirt.xml import At, Context, Hex, OnOff, Reading
from covirt.xml.scalars import read_number


@dataclass(slots=True, kw_only=True)
class ZpciAddress:
    """The numbers by which an s390 guest knows a PCI device."""

    uid: Annotated[int | None, At("@uid"), Hex(4)] = None
    fid: Annotated[int | None, At("@fid"), Hex(8)] = None

    def for_format(self, context: Context) -> ZpciAddress | None:
        """Both numbers are told when one is known."""
        if self.uid is None and self.fid is None:
            return None
        return changed(self, uid=self.uid or 0, fid=self.fid or 0)


@dataclass(slots=True, kw_only=True)
class PciAddress:
    """A slot of a PCI bus; with no number at all, a wish for any slot."""

    type: Literal["pci"] = "pci"
    domain: Annotated[int, At("@domain"), Hex(4)] = 0
    bus: Annotated[int, At("@bus"), Hex(2)] = 0
    slot: Annotated[int, At("@slot"), Hex(2)] = 0
    function: Annotated[int, At("@function"), Hex()] = 0
    multifunction: Annotated[OnOff | None, At("@multifunction")] = None
    zpci: Annotated[ZpciAddress | None, At("zpci", omit_empty=True)] = None

    @property
    def empty(self) -> bool:
        """Is the place still open?"""
        return not (self.domain or self.bus or self.slot)

    def after_parse(self, reading: Reading) -> None:
        """The numbers must be possible ones."""
        check_pci_numbers(self.domain, self.bus, self.slot, self.function)

    def for_format(self, context: Context) -> PciAddress:
        """An open place has no numbers."""
        return without(self, "domain", "bus", "slot", "function") if self.empty else self

    def __str__(self) -> str:
        """The form that people know from lspci."""
        return f"{self.domain:04x}:{self.bus:02x}:{self.slot:02x}.{self.function:x}"


@dataclass(slots=True, kw_only=True)
class DriveAddress:
    """A unit of a disk controller."""

    type: Literal["drive"] = "drive"
    controller: Annotated[int, At("@controller")] = 0
    bus: Annotated[int, At("@bus")] = 0
    target: Annotated[int, At("@target")] = 0
    unit: Annotated[int, At("@unit")] = 0


@dataclass(slots=True, kw_only=True)
class VirtioSerialAddress:
    """A port of a virtio-serial controller."""

    type: Literal["virtio-serial"] = "virtio-serial"
    controller: Annotated[int, At("@controller")] = 0
    bus: Annotated[int, At("@bus")] = 0
    port: Annotated[int, At("@port")] = 0


@dataclass(slots=True, kw_only=True)
class CcidAddress:
    """A slot of a smart card reader."""

    type: Literal["ccid"] = "ccid"
    controller: Annotated[int, At("@controller")] = 0
    slot: Annotated[int, At("@slot")] = 0


USB_DEPTH = 4


class UsbPort(tuple[int, ...]):
    """A USB port: the port of the root hub, then those of the hubs in between, written `1.2.4`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one to four numbers with dots between them."""
        numbers = [read_number(part) for part in text.split(".")]
        good = [number for number in numbers if number is not None and 0 <= number < 1 << 32]
        if len(good) != len(numbers) or len(good) > USB_DEPTH:
            raise InternalError("Cannot parse <address> 'port' attribute")
        return cls(good)

    def __str__(self) -> str:
        """The numbers up to the first zero."""
        used = self[: self.index(0)] if 0 in self else self
        return ".".join(map(str, used))


@dataclass(slots=True, kw_only=True)
class UsbAddress:
    """A port of a USB bus."""

    type: Literal["usb"] = "usb"
    bus: Annotated[int, At("@bus")] = 0
    port: Annotated[UsbPort | None, At("@port")] = None

    def after_parse(self, reading: Reading) -> None:
        """Port 0 is none."""
        if self.port and not self.port[0]:
            self.port = None


@dataclass(slots=True, kw_only=True)
class SpaprVioAddress:
    """A register of the virtual I/O bus of pSeries guests."""

    type: Literal["spapr-vio"] = "spapr-vio"
    reg: Annotated[int | None, At("@reg"), Hex(8, base=16, high=UINT64_MAX)] = None


@dataclass(slots=True, kw_only=True)
class VirtioS390Address:
    """The old virtio bus of s390 guests, which has no addresses."""

    type: Literal["virtio-s390"] = "virtio-s390"

    def after_parse(self, reading: Reading) -> None:
        """Never valid in a document."""
        raise XmlError("virtio-s390 bus doesn't have an address")


@dataclass(slots=True, kw_only=True)
class CcwAddress:
    """A device number on the channel subsystem of s390 guests."""

    type: Literal["ccw"] = "ccw"
    cssid: Annotated[int | None, At("@cssid"), Hex()] = None
    ssid: Annotated[int | None, At("@ssid"), Hex()] = None
    devno: Annotated[int | None, At("@devno"), Hex(4)] = None

    @property
    def assigned(self) -> bool:
        """Is the place known?"""
        return self.devno is not None

    def after_parse(self, reading: Reading) -> None:
        """All three numbers in their ranges, or none."""
        parts = (self.cssid, self.ssid, self.devno)
        cssid, ssid, devno = (part or 0 for part in parts)
        if cssid > 0xFE or ssid > 3 or devno > 0xFFFF:
            raise InternalError(
                "Invalid specification for virtio ccw address: "
                f"cssid='0x{cssid:x}' ssid='0x{ssid:x}' devno='0x{devno:04x}'"
            )
        if 0 < parts.count(None) < len(parts):
            raise InternalError("Invalid partial specification for virtio ccw address")

    def for_format(self, context: Context) -> CcwAddress:
        """All three numbers are always written."""
        return self if self.assigned else changed(self, cssid=0, ssid=0, devno=0)


@dataclass(slots=True, kw_only=True)
class VirtioMmioAddress:
    """A virtio device in the memory map of a board; the hypervisor chooses the place."""

    type: Literal["virtio-mmio"] = "virtio-mmio"


@dataclass(slots=True, kw_only=True)
class IsaAddress:
    """I/O port and interrupt of an ISA device."""

    type: Literal["isa"] = "isa"
    iobase: Annotated[int, At("@iobase", omit=0), Hex(base=16)] = 0
    irq: Annotated[int, At("@irq", omit=0), Hex(base=16)] = 0


@dataclass(slots=True, kw_only=True)
class DimmAddress:
    """A memory slot."""

    type: Literal["dimm"] = "dimm"
    slot: Annotated[int, At("@slot")]
    base: Annotated[int, At("@base", omit=0), Hex(base=16, high=UINT64_MAX)] = 0


@dataclass(slots=True, kw_only=True)
class UnassignedAddress:
    """Kept ready on the host, but not shown to the guest."""

    type: Literal["unassigned"] = "unassigned"


Address = (
    PciAddress
    | DriveAddress
    | VirtioSerialAddress
    | CcidAddress
    | UsbAddress
    | SpaprVioAddress
    | VirtioS390Address
    | CcwAddress
    | VirtioMmioAddress
    | IsaAddress
    | DimmAddress
    | UnassignedAddress
)
