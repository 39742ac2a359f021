# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a port of a network is set up: VLAN tags, bandwidth, the profile of a virtual switch."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt.errors import ConfigUnsupported, Overflow, XmlDetail, XmlError
from covirt.model.common.copying import changed, without
from covirt.values import Uuid
from covirt.xml import At, Context, Number, Reading, ULong, YesNo

# VLAN


class NativeVlanMode(StrEnum):
    """How packets of the native VLAN leave the port."""

    TAGGED = "tagged"
    UNTAGGED = "untagged"


@dataclass(slots=True, kw_only=True)
class VlanTag:
    """A VLAN that the port belongs to."""

    id: Annotated[int, At("@id")]
    native_mode: Annotated[NativeVlanMode | None, At("@nativeMode")] = None

    def after_parse(self, reading: Reading) -> None:
        """Tags have twelve bits."""
        if self.id > 4095:
            raise XmlError(f"vlan tag id {self.id} too large (maximum 4095)")


@dataclass(slots=True, kw_only=True)
class Vlan:
    """The VLANs of a port; with several of them it is a trunk."""

    trunk: Annotated[str | None, At("@trunk", blank_is_none=True)] = None
    """ "yes" or absent, once read."""
    tags: Annotated[list[VlanTag], At("tag")] = field(default_factory=list)

    @property
    def native(self) -> VlanTag | None:
        """The native VLAN."""
        return next((tag for tag in self.tags if tag.native_mode), None)

    def after_parse(self, reading: Reading) -> None:
        """At least one tag; more than one, or a native one, makes a trunk."""
        if not self.tags:
            raise XmlError("missing tag id - each <vlan> must have at least one <tag id='n'/> subelement")
        native = [tag for tag in self.tags if tag.native_mode]
        if len(native) > 1:
            raise XmlError("duplicate native vlan setting")
        word = self.trunk
        self.trunk = "yes" if len(self.tags) > 1 or (word or "").lower() == "yes" else None
        if word is None or word.lower() == "yes":
            return
        if len(self.tags) > 1:
            raise XmlError(f"invalid \"trunk='{word}'\" in <vlan> - trunk='yes' is required for more than one vlan tag")
        if native:
            raise XmlError("invalid configuration in <vlan> - \"trunk='no'\" is not allowed with a native vlan id")
        if word.lower() != "no":
            raise XmlError(f"invalid \"trunk='{word}'\" in <vlan> - must be yes or no")


# Bandwidth

SPEED_LIMIT = 1 << 54
BURST_LIMIT = (2**32 - 1) >> 10
"""Limits of the kernel's traffic control."""


@dataclass(slots=True, kw_only=True)
class BandwidthRate:
    """Kilobytes per second, and how much may come at once."""

    average: Annotated[ULong, At("@average", omit=0)] = 0
    peak: Annotated[ULong, At("@peak", omit=0)] = 0
    floor: Annotated[ULong, At("@floor", omit=0)] = 0
    burst: Annotated[ULong, At("@burst", omit=0)] = 0

    def after_parse(self, reading: Reading) -> None:
        """Peaks and bursts need an average."""
        told = reading.element.attributes
        if "average" not in told and "floor" not in told:
            raise XmlDetail("Missing mandatory average or floor attributes")
        if ("peak" in told or "burst" in told) and "average" not in told:
            raise ConfigUnsupported("'peak' and 'burst' require 'average' attribute")

    def for_format(self, context: Context) -> BandwidthRate | None:
        """Without an average or floor there is no limit."""
        return self if self.average or self.floor else None

    def check(self) -> None:
        """The numbers fit the kernel's traffic control."""
        for name, limit in (
            ("average", SPEED_LIMIT),
            ("peak", SPEED_LIMIT),
            ("burst", BURST_LIMIT),
            ("floor", SPEED_LIMIT),
        ):
            value = getattr(self, name)
            if value > limit:
                raise Overflow(f"value '{value}' is too big for '{name}' parameter, maximum is '{limit}'")


@dataclass(slots=True, kw_only=True)
class Bandwidth:
    """The limits in both directions."""

    OPEN: ClassVar[bool] = True

    class_id: Annotated[int | None, At("@classID", omit=0)] = None
    inbound: Annotated[BandwidthRate | None, At("inbound")] = None
    outbound: Annotated[BandwidthRate | None, At("outbound")] = None

    @property
    def any(self) -> bool:
        """Is anything limited?"""
        return self.inbound is not None or self.outbound is not None

    @property
    def has_floor(self) -> bool:
        """Is a rate promised?"""
        return self.inbound is not None and self.inbound.floor > 0

    def check_floor(self, allowed: bool) -> None:
        """A floor is promised by networks only, and only for what comes in."""
        for rate, good in ((self.inbound, allowed), (self.outbound, False)):
            if rate and rate.floor and not good:
                raise ConfigUnsupported("floor attribute is not supported for this config")

    def check(self) -> None:
        """Both directions fit the kernel's traffic control."""
        for rate in (self.inbound, self.outbound):
            if rate:
                rate.check()


# Virtual switches


class VirtualPortType(StrEnum):
    """The kind of virtual switch."""

    QBG = "802.1Qbg"
    QBH = "802.1Qbh"
    OPENVSWITCH = "openvswitch"
    MIDONET = "midonet"


def _number(name: str) -> At:
    return At(f"parameters/@{name}", invalid=f"cannot parse value of {name} parameter")


def _uuid(name: str) -> At:
    return At(f"parameters/@{name}", invalid=f"cannot parse {name} parameter as a uuid")


_NEEDED: dict[VirtualPortType, tuple[str, ...]] = {
    VirtualPortType.QBG: ("managerid", "typeid", "typeidversion"),
    VirtualPortType.QBH: ("profileid",),
    VirtualPortType.OPENVSWITCH: (),
    VirtualPortType.MIDONET: ("interfaceid",),
}
_FOREIGN: dict[VirtualPortType, tuple[str, ...]] = {
    VirtualPortType.QBG: ("profileid", "interfaceid"),
    VirtualPortType.QBH: ("managerid", "typeid", "typeidversion", "instanceid", "interfaceid"),
    VirtualPortType.OPENVSWITCH: ("managerid", "typeid", "typeidversion", "instanceid"),
    VirtualPortType.MIDONET: (),
}
_WRITTEN: dict[VirtualPortType, tuple[str, ...]] = {
    VirtualPortType.QBG: ("managerid", "typeid", "typeidversion", "instanceid"),
    VirtualPortType.QBH: ("profileid",),
    VirtualPortType.OPENVSWITCH: ("interfaceid", "profileid"),
    VirtualPortType.MIDONET: ("interfaceid",),
}
PARAMETERS = ("managerid", "typeid", "typeidversion", "instanceid", "interfaceid", "profileid")


@dataclass(slots=True, kw_only=True)
class VirtualPort:
    """By which profile a virtual switch knows a port; the words of all kinds of switch, each kind has some."""

    type: Annotated[
        VirtualPortType | None, At("@type", invalid="unknown virtualport type {value}", error=ConfigUnsupported)
    ] = None
    managerid: Annotated[int | None, _number("managerid"), Number(base=0)] = None
    typeid: Annotated[int | None, _number("typeid"), Number(base=0)] = None
    typeidversion: Annotated[int | None, _number("typeidversion"), Number(base=0)] = None
    instanceid: Annotated[Uuid | None, _uuid("instanceid")] = None
    interfaceid: Annotated[Uuid | None, _uuid("interfaceid")] = None
    profileid: Annotated[str | None, At("parameters/@profileid")] = None

    def after_parse(self, reading: Reading) -> None:
        """Numbers in range, and nothing that another kind of switch has."""
        for name, high in (("managerid", 0xFF), ("typeid", 0xFFFFFF), ("typeidversion", 0xFF)):
            value = getattr(self, name)
            if value is not None and value > high:
                raise XmlError("value for typeid out of range" if name == "typeid" else f"value of {name} out of range")
        if self.profileid and len(self.profileid.encode()) >= 40:
            raise XmlError("profileid parameter too long")
        for name in _FOREIGN[self.type] if self.type else ():
            if getattr(self, name):
                raise XmlError(f"extra {name} unsupported in <virtualport type='{self.type}'>")

    def check_type(self) -> None:
        """Refuse a profile of no kind, where nothing else could tell the kind."""
        if self.type is None:
            raise XmlError("missing required virtualport type")

    def check_complete(self) -> None:
        """Refuse a profile that misses what its kind of switch needs, and what we cannot choose ourselves."""
        for name in _NEEDED[self.type] if self.type else ():
            if getattr(self, name) in (None, ""):
                raise XmlError(f"missing {name} in <virtualport type='{self.type}'>")

    def for_format(self, context: Context) -> VirtualPort | None:
        """Only what this kind of switch has; nothing when there is nothing."""
        if self.type is None:
            return self if any(getattr(self, name) for name in PARAMETERS) else None
        kept = _WRITTEN[self.type]
        plain = without(self, *(name for name in PARAMETERS if name not in kept))
        return plain if plain.profileid else changed(plain, profileid=None)


@dataclass(slots=True, kw_only=True)
class PortOptions:
    """Whether ports of a bridge are kept apart from each other."""

    isolated: Annotated[YesNo | None, At("@isolated")] = None
