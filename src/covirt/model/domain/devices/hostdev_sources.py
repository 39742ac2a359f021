# SPDX-License-Identifier: LGPL-2.1-or-later
"""The devices of the host that a guest can be given, one class for each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.common.ip import HostdevRoute, InterfaceIp
from covirt.model.common.pci import PciSlot
from covirt.model.common.scalars import AnyBase, OrDefault, check_wwn
from covirt.model.common.secret import Auth
from covirt.model.common.storage_network import StorageHost
from covirt.model.domain.devices.common import Sgio, StartupPolicy, VirtioModel
from covirt.values import UINT64_MAX, Uuid
from covirt.xml import At, Choice, Context, Element, Hex, Number, OnOff, Reading, Yes, YesNo

MISSING_SOURCE = "Missing <source> element in hostdev device"
ManagedField = Annotated[YesNo, At("@managed")]
"""Is the device taken from its host driver when the guest starts, and given back when it ends?"""


def need_source(reading: Reading) -> None:
    """Refuse a device that is not named."""
    if reading.element.child("source") is None:
        raise XmlError(MISSING_SOURCE)


# USB


class UsbGuestReset(StrEnum):
    """When a reset by the guest reaches the device."""

    OFF = "off"
    UNINITIALIZED = "uninitialized"
    ON = "on"


@dataclass(slots=True, kw_only=True)
class HostUsbAddress:
    """The place of a USB device on the host."""

    bus: Annotated[AnyBase, At("@bus")]
    device: Annotated[AnyBase, At("@device")]

    def for_format(self, context: Context) -> HostUsbAddress | None:
        """No place is not told."""
        return self if self.bus or self.device else None


@dataclass(slots=True, kw_only=True)
class UsbHostdev:
    """A USB device of the host, by vendor and product or by place."""

    type: Literal["usb"] = "usb"
    managed: ManagedField = False
    startup_policy: Annotated[StartupPolicy | None, At("source/@startupPolicy")] = None
    auto_address: Annotated[YesNo, At("source/@autoAddress", write_when=Context.MIGRATABLE, omit=False)] = False
    """Was the place found by vendor and product?"""
    missing: Annotated[Yes, At("source/@missing", unless=Context.INACTIVE)] = False
    """The device was not there when the guest started (live only)."""
    guest_reset: Annotated[UsbGuestReset | None, At("source/@guestReset")] = None
    vendor: Annotated[int | None, At("source/vendor/@id"), Hex(4)] = None
    product: Annotated[int | None, At("source/product/@id"), Hex(4)] = None
    address: Annotated[HostUsbAddress | None, At("source/address")] = None

    def after_parse(self, reading: Reading) -> None:
        """Vendor and product belong together."""
        need_source(reading)
        self.missing = False
        source = reading.element.child("source")
        if source is None:
            return
        for name, value in (("vendor", self.vendor), ("product", self.product)):
            if source.child(name) is not None and value is None:
                raise XmlError(f"Missing required attribute 'id' in element '{name}'")
        if self.vendor == 0:
            raise XmlError("Invalid value for attribute 'id' in element 'vendor': Zero is not permitted")
        if self.vendor is not None and self.product is None:
            raise InternalError("missing product")
        if self.product is not None and self.vendor is None:
            raise InternalError("missing vendor")


# PCI


class PciHostdevDriverName(StrEnum):
    """How the hypervisor uses a PCI device."""

    KVM = "kvm"
    VFIO = "vfio"
    XEN = "xen"


@dataclass(slots=True, kw_only=True)
class PciHostdevDriver:
    """How the hypervisor uses the device, and which host driver it is bound to meanwhile."""

    name: Annotated[PciHostdevDriverName | None, At("@name")] = None
    model: Annotated[str | None, At("@model")] = None


class PciOrigState(StrEnum):
    """What was done to a PCI device when it was taken."""

    UNBIND = "unbind"
    REMOVESLOT = "removeslot"
    REPROBE = "reprobe"


@dataclass(slots=True, kw_only=True)
class PciHostdev:
    """A PCI device of the host."""

    type: Literal["pci"] = "pci"
    managed: ManagedField = False
    display: Annotated[OnOff | None, At("@display")] = None
    ramfb: Annotated[OnOff | None, At("@ramfb")] = None
    driver: Annotated[PciHostdevDriver | None, At("driver", omit_empty=True)] = None
    write_filtering: Annotated[YesNo | None, At("source/@writeFiltering")] = None
    address: Annotated[PciSlot, At("source/address", omit_empty=False)] = field(default_factory=PciSlot)
    orig_states: Annotated[set[PciOrigState], At("source/origstates", when=Context.PCI_ORIG_STATES)] = field(
        default_factory=set
    )

    def after_parse(self, reading: Reading) -> None:
        """Something must be named."""
        need_source(reading)


# SCSI


@dataclass(slots=True, kw_only=True)
class HostScsiAddress:
    """The place of a SCSI unit below its host adapter."""

    bus: Annotated[AnyBase, At("@bus")]
    target: Annotated[AnyBase, At("@target")]
    unit: Annotated[int, At("@unit"), Number(high=UINT64_MAX, base=0)]


@dataclass(slots=True, kw_only=True)
class ScsiAdapterSource:
    """A SCSI unit of a host adapter."""

    protocol: Literal["adapter"] = "adapter"
    adapter: Annotated[
        str,
        At("adapter/@name", blank_is_none=True, missing="'adapter' name must be specified for scsi hostdev source"),
    ]
    address: Annotated[HostScsiAddress, At("address", missing="'address' must be specified for scsi hostdev source")]
    private: Annotated[Element | None, At("privateData", when=Context.STATUS)] = None


@dataclass(slots=True, kw_only=True)
class ScsiIscsiSource:
    """A SCSI unit of an iSCSI server."""

    protocol: Literal["iscsi"] = "iscsi"
    name: Annotated[str, At("@name", missing="missing iSCSI hostdev source path name")]
    hosts: Annotated[list[StorageHost], At("host")] = field(default_factory=list)
    private: Annotated[Element | None, At("privateData", when=Context.STATUS)] = None
    auth: Annotated[Auth | None, At("auth")] = None
    initiator: Annotated[str | None, At("initiator/iqn/@name", blank_is_none=True)] = None

    def after_parse(self, reading: Reading) -> None:
        """One server, and an iSCSI secret for it."""
        if not self.hosts:
            raise XmlError("missing the host address for the iSCSI hostdev")
        if len(self.hosts) > 1:
            raise XmlError("only one source host address may be specified for the iSCSI hostdev")
        if self.auth and self.auth.secret.type != "iscsi":
            usage = self.auth.secret.type
            if usage not in ("none", "volume", "ceph", "tls", "vtpm"):
                raise ConfigUnsupported(f"invalid secret type {usage or '<null>'}")
            raise InternalError(f"hostdev invalid secret type '{usage}'")


@dataclass(slots=True, kw_only=True)
class ScsiHostdev:
    """A SCSI unit of the host, or of an iSCSI server."""

    type: Literal["scsi"] = "scsi"
    managed: ManagedField = False
    sgio: Annotated[Sgio | None, At("@sgio")] = None
    rawio: Annotated[YesNo | None, At("@rawio")] = None
    source: Annotated[
        ScsiAdapterSource | ScsiIscsiSource,
        At("source", missing=MISSING_SOURCE),
        Choice("@protocol", default="adapter", omit="adapter"),
    ]


@dataclass(slots=True, kw_only=True)
class ScsiHostHostdev:
    """A whole SCSI host that the kernel serves by vhost-scsi."""

    type: Literal["scsi_host"] = "scsi_host"
    managed: ManagedField = False
    model: Annotated[VirtioModel | None, At("@model"), OrDefault(VirtioModel)] = None
    protocol: Annotated[str | None, At("source/@protocol")] = None
    wwpn: Annotated[str | None, At("source/@wwpn")] = None

    def after_parse(self, reading: Reading) -> None:
        """Only vhost is known; its name is a world wide one."""
        need_source(reading)
        if self.protocol is None:
            raise XmlError("Missing required attribute 'protocol' in element 'source'")
        if self.protocol != "vhost":
            raise XmlError(f"Invalid value for attribute 'protocol' in element 'source': '{self.protocol}'.")
        if self.wwpn is None:
            raise XmlError("missing vhost-scsi hostdev source wwpn")
        try:
            check_wwn(self.wwpn.removeprefix("naa.") if self.wwpn.startswith("naa.") else "")
        except InternalError:
            raise XmlError("malformed 'wwpn' value") from None


# Mediated devices


class MdevModel(StrEnum):
    """As what a mediated device shows itself."""

    VFIO_PCI = "vfio-pci"
    VFIO_CCW = "vfio-ccw"
    VFIO_AP = "vfio-ap"


@dataclass(slots=True, kw_only=True)
class MdevHostdev:
    """A part of a device of the host, made by its driver."""

    type: Literal["mdev"] = "mdev"
    managed: ManagedField = False
    model: Annotated[MdevModel, At("@model")]
    display: Annotated[OnOff | None, At("@display")] = None
    ramfb: Annotated[OnOff | None, At("@ramfb")] = None
    uuid: Annotated[
        Uuid,
        At(
            "source/address/@uuid",
            invalid="Cannot parse uuid attribute of element <address>",
            missing="Missing 'uuid' attribute for element <address>",
            error=ConfigUnsupported,
        ),
    ]

    def after_parse(self, reading: Reading) -> None:
        """Something must be named."""
        need_source(reading)


# What containers are given


@dataclass(slots=True, kw_only=True)
class StorageCapability:
    """A block device of the host, for a container."""

    type: Literal["storage"] = "storage"
    block: Annotated[str | None, At("source/block")] = None

    def after_parse(self, reading: Reading) -> None:
        """Something must be named."""
        need_source(reading)
        if not self.block:
            raise XmlError("Missing <block> element in hostdev storage device")


@dataclass(slots=True, kw_only=True)
class MiscCapability:
    """A character device of the host, for a container."""

    type: Literal["misc"] = "misc"
    char: Annotated[str | None, At("source/char")] = None

    def after_parse(self, reading: Reading) -> None:
        """Something must be named."""
        need_source(reading)
        if not self.char:
            raise XmlError("Missing <char> element in hostdev character device")


@dataclass(slots=True, kw_only=True)
class NetCapability:
    """A network interface of the host, moved into a container."""

    type: Literal["net"] = "net"
    interface: Annotated[str | None, At("source/interface")] = None
    ips: Annotated[list[InterfaceIp], At("ip")] = field(default_factory=list)
    routes: Annotated[list[HostdevRoute], At("route")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Something must be named."""
        need_source(reading)
        if not self.interface:
            raise XmlError("Missing <interface> element in hostdev net device")


SubsystemHostdev = UsbHostdev | PciHostdev | ScsiHostdev | ScsiHostHostdev | MdevHostdev
CapabilityHostdev = StorageCapability | MiscCapability | NetCapability
