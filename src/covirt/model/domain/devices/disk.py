# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks: an image or device of the host, seen by the guest as a disk, CD drive, floppy drive or SCSI unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import changed, without
from covirt.model.common.encryption import Encryption
from covirt.model.common.scalars import OrDefault
from covirt.model.common.secret import Auth
from covirt.model.common.storage_source import BackingStore, StorageFormat, StorageSource
from covirt.model.domain.devices import disk_check, disk_complete
from covirt.model.domain.devices.common import Boot, Device, DeviceInfo, Sgio, VirtioModel
from covirt.model.domain.devices.disk_parts import (
    BlockIo,
    DiskBus,
    DiskDevice,
    DiskDriver,
    DiskSource,
    DiskTray,
    Geometry,
    Mirror,
    SecretsPlacement,
    SnapshotLocation,
    ThrottleFilter,
    Transient,
)
from covirt.model.domain.throttle import IoTune
from covirt.xml import At, Context, Element, OnOff, Present, Reading, YesNo

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition


@dataclass(slots=True, kw_only=True)
class Disk(Device):
    """A disk of the guest."""

    ELEMENT: ClassVar[str] = "disk"

    device: Annotated[DiskDevice, At("@device")] = DiskDevice.DISK
    model: Annotated[VirtioModel | None, At("@model"), OrDefault(VirtioModel)] = None
    rawio: Annotated[YesNo | None, At("@rawio")] = None
    sgio: Annotated[Sgio | None, At("@sgio")] = None
    snapshot: Annotated[SnapshotLocation | None, At("@snapshot")] = None
    driver: Annotated[DiskDriver, At("driver")] = field(default_factory=DiskDriver)
    old_auth: Annotated[Auth | None, At("auth")] = None
    """Only while reading and writing; the credentials are in the source."""
    source: Annotated[DiskSource, At("source")] = field(default_factory=DiskSource)
    backing_store: Annotated[BackingStore | None, At("backingStore")] = None
    backend_domain: Annotated[str | None, At("backenddomain/@name", blank_is_none=True)] = None
    geometry: Annotated[Geometry, At("geometry")] = field(default_factory=Geometry)
    block_io: Annotated[BlockIo, At("blockio")] = field(default_factory=BlockIo)
    mirror: Annotated[Mirror | None, At("mirror", unless=Context.INACTIVE)] = None
    target: Annotated[str | None, At("target/@dev")] = None
    bus: Annotated[DiskBus | None, At("target/@bus")] = None
    tray: Annotated[DiskTray, At("target/@tray", omit=DiskTray.CLOSED)] = DiskTray.CLOSED
    removable: Annotated[OnOff | None, At("target/@removable")] = None
    rotation_rate: Annotated[int, At("target/@rotation_rate", omit=0)] = 0
    iotune: Annotated[IoTune, At("iotune")] = field(default_factory=IoTune)
    throttle_filters: Annotated[list[ThrottleFilter], At("throttlefilters/throttlefilter")] = field(
        default_factory=list
    )
    readonly: Annotated[Present, At("readonly")] = False
    shareable: Annotated[Present, At("shareable")] = False
    transient: Annotated[Transient | None, At("transient")] = None
    serial: Annotated[str | None, At("serial")] = None
    wwn: Annotated[str | None, At("wwn")] = None
    vendor: Annotated[str | None, At("vendor")] = None
    product: Annotated[str | None, At("product")] = None
    old_encryption: Annotated[Encryption | None, At("encryption")] = None
    """Only while reading and writing; the encryption is in the source."""
    boot: Annotated[Boot | None, At("boot")] = None
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)
    private: Annotated[Element | None, At("privateData", when=Context.STATUS)] = None
    placement: Annotated[SecretsPlacement, At("diskSecretsPlacement", when=Context.STATUS)] = field(
        default_factory=SecretsPlacement
    )

    @property
    def type(self) -> str:
        """The kind of its source."""
        return self.source.type

    @property
    def format(self) -> StorageFormat | None:
        """The format of the image."""
        return self.driver.format

    @property
    def removable_medium(self) -> bool:
        """Is it a drive whose medium can be changed?"""
        return self.device in (DiskDevice.CDROM, DiskDevice.FLOPPY)

    def sources(self) -> Iterator[StorageSource]:
        """The sources of the chain as far as it is told, the disk's own first."""
        yield self.source
        below = self.backing_store
        while below is not None and below.source is not None:
            yield below.source
            below = below.backing_store

    # Reading and writing

    def after_parse(self, reading: Reading) -> None:
        """Credentials belong to the source wherever they stood."""
        if not reading.context & Context.STATUS:
            self.placement = SecretsPlacement(
                auth=self.old_auth is not None, encryption=self.old_encryption is not None
            )
        if self.old_auth is not None:
            if self.source.auth is not None:
                raise ConfigUnsupported("an <auth> definition already found for disk source")
            self.source.auth, self.old_auth = self.old_auth, None
        if self.old_encryption is not None:
            if self.source.encryption is not None:
                raise ConfigUnsupported("an <encryption> definition already found for disk source")
            self.source.encryption, self.old_encryption = self.old_encryption, None
        groups = [throttle.group for throttle in self.throttle_filters]
        for group in groups:
            if groups.count(group) > 1:
                raise XmlError(f"duplicate filter name '{group}' found")

    def for_format(self, context: Context) -> Disk:
        """Say only what has a meaning for this kind of disk, and credentials where they were told."""
        disk = self
        if self.snapshot is SnapshotLocation.NO and self.readonly:
            disk = without(disk, "snapshot")
        if self.removable is not None and self.bus is not DiskBus.USB:
            disk = without(disk, "removable")
        if not self.removable_medium and self.tray is not DiskTray.CLOSED:
            disk = without(disk, "tray")
        if self.placement.auth and self.source.auth:
            disk = changed(disk, old_auth=self.source.auth, source=without(disk.source, "auth"))
        if self.placement.encryption and self.source.encryption:
            disk = changed(disk, old_encryption=self.source.encryption, source=without(disk.source, "encryption"))
        if self.source.startup_policy and self.source.actual.type == "network":
            disk = changed(disk, source=without(disk.source, "startup_policy"))
        return disk

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """Fill in bus, address and what kind of disk implies."""
        disk_complete.complete(self, guest, completing)

    def check(self, guest: DomainDefinition) -> None:
        """Refuse contradictions between device, bus, source and options."""
        disk_check.check(self, guest)
