# SPDX-License-Identifier: LGPL-2.1-or-later
"""PCI devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from covirt.errors import InternalError
from covirt.model.common.pci import PciSlot
from covirt.model.nodedev.common import IdAndName
from covirt.model.nodedev.mdev import MdevTypes
from covirt.model.nodedev.vpd import VitalData
from covirt.xml import At, Choice, Context, Hex, Int, Number, Reading


@dataclass(slots=True, kw_only=True)
class PhysicalFunction:
    """The device that a virtual function is part of."""

    type: Literal["phys_function"] = "phys_function"
    address: Annotated[PciSlot, At("address")]


@dataclass(slots=True, kw_only=True)
class VirtualFunctions:
    """The parts that a device is divided into."""

    type: Literal["virt_functions"] = "virt_functions"
    max_count: Annotated[int, At("@maxCount", omit=0, invalid="Malformed 'maxCount' parameter")] = 0
    addresses: Annotated[list[PciSlot], At("address")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Header:
    """What the device is for others: what is behind it, or nothing, which is not written."""

    type: Literal["pci-bridge", "cardbus-bridge", "endpoint"]


@dataclass(slots=True, kw_only=True)
class IommuGroup:
    """Devices that can only be given away together."""

    number: Annotated[int, At("@number")]
    addresses: Annotated[list[PciSlot], At("address")] = field(default_factory=list)

    def for_format(self, context: Context) -> IommuGroup | None:
        """Without devices there is no group."""
        return self if self.addresses else None


class LinkSpeed(StrEnum):
    """Gigatransfers per second."""

    SPEED_2_5 = "2.5"
    SPEED_5 = "5"
    SPEED_8 = "8"
    SPEED_16 = "16"
    SPEED_32 = "32"
    SPEED_64 = "64"


@dataclass(slots=True, kw_only=True)
class ExpressLink:
    """A link: as it could be, or as it is."""

    validity: Annotated[str, At("@validity")]
    port: Annotated[Int | None, At("@port")] = None
    speed: Annotated[LinkSpeed | None, At("@speed")] = None
    width: Annotated[int, At("@width"), Number(base=0)]


@dataclass(slots=True, kw_only=True)
class PciExpress:
    """How the device is connected."""

    links: Annotated[list[ExpressLink], At("link")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """One of each kind, the possible before the actual."""
        first: dict[str, ExpressLink] = {}
        for link in self.links:
            first.setdefault(link.validity, link)
        self.links = [first[kind] for kind in ("cap", "sta") if kind in first]


def _number(name: str, word: str) -> At:
    return At(
        name,
        missing=f"no PCI {word} ID supplied",
        invalid=f"invalid PCI {word} ID supplied",
        error=InternalError,
    )


@dataclass(slots=True, kw_only=True)
class PciCapability:
    """A PCI device."""

    OPEN: ClassVar[bool] = True

    type: Literal["pci"] = "pci"
    device_class: Annotated[
        int | None, At("class", invalid="invalid PCI class supplied", error=InternalError), Hex(6), Number(base=16)
    ] = None
    domain: Annotated[int, _number("domain", "domain")]
    bus: Annotated[int, _number("bus", "bus")]
    slot: Annotated[int, _number("slot", "slot")]
    function: Annotated[int, _number("function", "function")]
    product: Annotated[IdAndName, At("product", missing="no PCI product ID supplied", error=InternalError)]
    vendor: Annotated[IdAndName, At("vendor", missing="no PCI vendor ID supplied", error=InternalError)]
    parts: Annotated[
        list[PhysicalFunction | VirtualFunctions | Header | MdevTypes | VitalData],
        At("capability"),
        Choice("@type", missing="Missing capability type"),
    ] = field(default_factory=list)
    iommu_group: Annotated[IommuGroup | None, At("iommuGroup")] = None
    numa_node: Annotated[Int | None, At("numa/@node", blank_is_none=True)] = None
    express: Annotated[PciExpress | None, At("pci-express")] = None

    def after_parse(self, reading: Reading) -> None:
        """Each part once, in their own order."""
        first: dict[type, Any] = {}
        for part in self.parts:
            if not (isinstance(part, Header) and part.type == "endpoint"):
                first.setdefault(type(part), part)
        order = (PhysicalFunction, VirtualFunctions, Header, MdevTypes, VitalData)
        self.parts = [first[kind] for kind in order if kind in first]
