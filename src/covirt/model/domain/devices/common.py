# SPDX-License-Identifier: LGPL-2.1-or-later
"""What devices share: alias, address, boot order, option ROM, virtio options; how they are completed and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.common.scalars import NonZero
from covirt.model.domain.address import Address, UnassignedAddress
from covirt.xml import At, Choice, Context, Element, OnOff, Reading, YesNo

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition

_USER_ALIAS = re.compile(r"ua-[a-zA-Z0-9_-]*")


def is_user_alias(alias: str | None) -> bool:
    """Is it a name that the user chose, not one that the hypervisor gave?"""
    return alias is not None and alias.startswith("ua-")


@dataclass(slots=True, kw_only=True)
class Boot:
    """When the guest's firmware tries this device, 1 first."""

    order: Annotated[NonZero, At("@order")]
    loadparm: Annotated[str | None, At("@loadparm")] = None
    """What an s390 boot loader is told."""

    def after_parse(self, reading: Reading) -> None:
        """A boot parameter has up to eight capital letters, digits, dots and blanks."""
        text = self.loadparm
        if text is None:
            return
        if not 1 <= len(text) <= 8:
            raise InternalError(f"loadparm value '{text.upper()}' must be between 1 and 8 characters")
        if not re.fullmatch(r"[A-Za-z0-9. ]+", text):
            raise InternalError(
                f"invalid loadparm value '{text.upper()}', expecting chars in set of [a-zA-Z0-9.] and blank spaces"
            )
        self.loadparm = text.upper()


@dataclass(slots=True, kw_only=True)
class Rom:
    """The option ROM that a PCI device shows."""

    enabled: Annotated[YesNo | None, At("@enabled")] = None
    bar: Annotated[OnOff | None, At("@bar")] = None
    file: Annotated[str | None, At("@file")] = None

    def after_parse(self, reading: Reading) -> None:
        """Nothing can be tuned where nothing is."""
        if self.enabled is False and (self.bar is not None or self.file is not None):
            raise ConfigUnsupported("ROM tuning is not supported when ROM is disabled")


AddressField = Annotated[Address | None, At("address"), Choice("@type")]
AcpiIndexField = Annotated[NonZero | None, At("acpi/@index")]


@dataclass(slots=True, kw_only=True)
class DeviceInfo:
    """By which name and in which place the hypervisor knows a device."""

    alias: Annotated[str | None, At("alias/@name", blank_is_none=True)] = None
    acpi_index: AcpiIndexField = None
    address: AddressField = None

    def after_parse(self, reading: Reading) -> None:
        """Only aliases that users chose outlive a guest's run."""
        if self.alias and reading.context & Context.INACTIVE and not _USER_ALIAS.fullmatch(self.alias):
            self.alias = None


@dataclass(slots=True, kw_only=True)
class RomDeviceInfo(DeviceInfo):
    """The same for devices that may have an option ROM."""

    rom: Annotated[Rom | None, At("rom", omit_empty=True)] = None
    acpi_index: AcpiIndexField = None
    address: AddressField = None


class Device:
    """The base of all devices; a device kind declares its fields, and overrides what it needs of the methods here."""

    __slots__ = ()

    ELEMENT: ClassVar[str]

    info: DeviceInfo

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """Fill in what every hypervisor takes for granted when the document does not say it."""

    def check(self, guest: DomainDefinition) -> None:
        """Refuse, in the completed guest, what no hypervisor could do."""


def info_of(device: Device) -> DeviceInfo | None:
    """Name and place of a device; None for the few kinds that have none (graphics, audio, lease)."""
    return getattr(device, "info", None)


def check_place(device: Device) -> None:
    """Refuse the kinds of address that only host devices can have."""
    info = info_of(device)
    if info and isinstance(info.address, UnassignedAddress) and device.ELEMENT != "hostdev":
        raise ConfigUnsupported("address of type 'unassigned' is supported only for hostdevs")


def count(element: Element, name: str) -> int:
    """How many children of this name an element has."""
    return sum(1 for _ in element.all(name))


# Virtio


class VirtioModel(StrEnum):
    """Which virtio standard a device follows."""

    VIRTIO = "virtio"
    TRANSITIONAL = "virtio-transitional"
    NON_TRANSITIONAL = "virtio-non-transitional"


@dataclass(slots=True, kw_only=True)
class VirtioOptions:
    """What any virtio device can be told."""

    iommu: Annotated[OnOff | None, At("@iommu")] = None
    ats: Annotated[OnOff | None, At("@ats")] = None
    packed: Annotated[OnOff | None, At("@packed")] = None
    page_per_vq: Annotated[OnOff | None, At("@page_per_vq")] = None

    def check_absent(self) -> None:
        """Refuse any of them, for a device that is not virtio."""
        for name in ("iommu", "ats", "packed"):
            if getattr(self, name) is not None:
                raise ConfigUnsupported(f"{name} driver option is only supported for virtio devices")
        if self.page_per_vq is not None:
            raise ConfigUnsupported("page_per_vq option is only supported for virtio devices")


VirtioField = Annotated[VirtioOptions, At(".")]
"""In a driver's class, at the place where the attributes are written."""


@dataclass(slots=True, kw_only=True)
class IothreadQueue:
    """A virtqueue that an I/O thread serves."""

    id: Annotated[int, At("@id")]


@dataclass(slots=True, kw_only=True)
class IothreadMapping:
    """An I/O thread and the virtqueues that it serves; none means that libvirt's driver divides them."""

    id: Annotated[int, At("@id")]
    queues: Annotated[list[IothreadQueue], At("queue")] = field(default_factory=list)


class StartupPolicy(StrEnum):
    """What happens when the source is missing at start."""

    MANDATORY = "mandatory"
    REQUISITE = "requisite"
    OPTIONAL = "optional"


class Sgio(StrEnum):
    """Whether the host's kernel filters the guest's SCSI commands."""

    FILTERED = "filtered"
    UNFILTERED = "unfiltered"


class MouseMode(StrEnum):
    """Who draws the pointer."""

    SERVER = "server"
    CLIENT = "client"
