# SPDX-License-Identifier: LGPL-2.1-or-later
"""What no hypervisor could do with a disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.errors import ConfigUnsupported, InternalError, NoSource, NoTarget, OperationUnsupported, XmlError
from covirt.model.common.scalars import check_wwn
from covirt.model.common.storage_source import NvmeLocation, StorageFormat, VhostUserLocation, VolumeLocation
from covirt.model.domain.address import DriveAddress
from covirt.model.domain.devices import disk_source_check
from covirt.model.domain.devices.common import Sgio, StartupPolicy
from covirt.model.domain.devices.disk_parts import DiskBus, DiskCache, DiskDevice, DiskTray, SnapshotLocation

if TYPE_CHECKING:
    from covirt.model.domain.definition import DomainDefinition
    from covirt.model.domain.devices.disk import Disk

VENDOR_LENGTH = 8
PRODUCT_LENGTH = 40
PRODUCT_LENGTH_SCSI = 16
DRIVE_BUSES = (DiskBus.IDE, DiskBus.FDC, DiskBus.SCSI, DiskBus.SATA)
TARGET_PREFIXES = ("hd", "sd", "vd", "xvd", "ubd")


def check(disk: Disk, guest: DomainDefinition) -> None:
    """All checks in the order in which a user sees them."""
    check_target(disk)
    disk_source_check.check_chain(disk)
    check_unit(disk)
    disk.iotune.check()
    check_address(disk)
    check_virtio(disk)
    check_location(disk)
    check_labels(disk, guest)
    check_identity(disk)
    check_drive(disk)
    check_startup_policy(disk)
    if disk.wwn:
        check_wwn(disk.wwn)
    check_names(disk)
    check_driver(disk)
    check_throttling(disk, guest)


def check_target(disk: Disk) -> None:
    """Everything else names the disk by its target."""
    if disk.target is not None:
        return
    location = disk.source.location
    if isinstance(location, VolumeLocation):
        raise NoTarget(f"pool = '{location.pool}', volume = '{location.volume}'")
    raise NoTarget(disk.source.path)


def check_unit(disk: Disk) -> None:
    """SCSI units are passed through from block devices, and only they have raw access and reservations."""
    if disk.sgio is Sgio.UNFILTERED:
        raise ConfigUnsupported("unfiltered sgio is no longer supported")
    if disk.device is DiskDevice.LUN:
        disk_source_check.check_lun(disk)
        return
    if disk.source.reservations:
        raise ConfigUnsupported("<reservations/> allowed only for lun devices")
    if disk.rawio is not None:
        raise ConfigUnsupported("rawio can be used only with device='lun'")
    if disk.sgio is not None:
        raise ConfigUnsupported("sgio can be used only with device='lun'")


def check_address(disk: Disk) -> None:
    """Disks of a drive controller are units of it."""
    address = disk.info.address
    if address is not None and disk.bus in DRIVE_BUSES and not isinstance(address, DriveAddress):
        raise ConfigUnsupported(
            f"Invalid address type '{address.type}' for the disk '{disk.target}' with the bus type '{disk.bus}'"
        )


def check_virtio(disk: Disk) -> None:
    """Only virtio disks have virtio's options."""
    if disk.bus is DiskBus.VIRTIO:
        return
    if disk.model is not None:
        raise ConfigUnsupported(f"disk model '{disk.model}' not supported for bus '{disk.bus}'")
    if disk.driver.queues:
        raise ConfigUnsupported("queues attribute in disk driver element is only supported for virtio bus")
    if disk.driver.queue_size:
        raise ConfigUnsupported("queue_size attribute in disk driver is only supported for virtio bus")
    if disk.driver.event_idx is not None:
        raise ConfigUnsupported("disk event_idx mode supported only for virtio bus")
    if disk.driver.ioeventfd is not None:
        raise ConfigUnsupported("disk ioeventfd mode supported only for virtio bus")
    disk.driver.virtio.check_absent()


def check_location(disk: Disk) -> None:
    """Places that restrict what the disk can be."""
    location = disk.source.location
    if isinstance(location, NvmeLocation) and location.namespace == 0:
        raise ConfigUnsupported("NVMe namespace can't be zero")
    if isinstance(location, VhostUserLocation):
        check_vhost_user(disk)


def check_vhost_user(disk: Disk) -> None:
    """The other program decides nearly everything."""
    if disk.bus is not DiskBus.VIRTIO:
        raise ConfigUnsupported("vhostuser disk supports only virtio bus")
    if disk.snapshot is not SnapshotLocation.NO:
        raise ConfigUnsupported("only snapshot=no is supported with vhostuser disk")
    driver, geometry = disk.driver, disk.geometry
    refused = {
        "cache": driver.cache is not DiskCache.DEFAULT,
        "error_policy": driver.error_policy or driver.rerror_policy,
        "io": driver.io,
        "ioeventfd": driver.ioeventfd is not None,
        "copy_on_read": driver.copy_on_read is not None,
        "discard": driver.discard,
        "iothread": driver.iothread,
        "detect_zeroes": driver.detect_zeroes,
        "metadata_cache": driver.metadata_cache,
        "iotune": disk.iotune.group_name or disk.iotune.any,
        "backingStore": disk.backing_store is not None,
        "encryption": disk.source.encryption,
        "readonly": disk.readonly,
        "shareable": disk.shareable,
        "transient": disk.transient is not None,
        "serial": disk.serial,
        "wwn": disk.wwn,
        "vendor": disk.vendor,
        "product": disk.product,
        "auth": disk.source.auth,
        "geometry": geometry.cylinders or geometry.heads or geometry.sectors or geometry.translation,
        "blockio": disk.block_io.any,
    }
    for name, present in refused.items():
        if present:
            raise ConfigUnsupported(f"{name} is not supported with vhostuser disk")


def check_labels(disk: Disk, guest: DomainDefinition) -> None:
    """Labels of images need a guest whose images are labelled."""
    for source in disk.sources():
        guest.check_label_overrides(source.seclabels)


def check_identity(disk: Disk) -> None:
    """Vendor and product have a fixed space in SCSI and ATA answers."""
    if disk.tray is not DiskTray.CLOSED and not disk.removable_medium:
        raise ConfigUnsupported("tray is only valid for cdrom and floppy")
    product_length = PRODUCT_LENGTH_SCSI if disk.bus is DiskBus.SCSI else PRODUCT_LENGTH
    for name, text, length in (
        ("vendor", disk.vendor, VENDOR_LENGTH),
        ("product", disk.product, product_length),
    ):
        if not text:
            continue
        if not all(" " <= letter <= "~" for letter in text):
            raise XmlError(f"disk {name} is not printable string")
        if len(text) > length:
            raise ConfigUnsupported(f"disk {name} is more than {length} characters")


def check_drive(disk: Disk) -> None:
    """Floppy controllers have floppy drives, and nothing else has."""
    floppy = disk.device is DiskDevice.FLOPPY
    if floppy and disk.bus is not DiskBus.FDC:
        raise InternalError(f"Invalid bus type '{disk.bus}' for floppy disk")
    if not floppy and disk.bus is DiskBus.FDC:
        raise InternalError(f"Invalid bus type '{disk.bus}' for disk")
    plain_scsi = disk.bus is DiskBus.SCSI and disk.device is DiskDevice.DISK
    if disk.removable is not None and disk.bus is not DiskBus.USB and not plain_scsi:
        raise XmlError("removable is only valid for usb or scsi disks")


def check_startup_policy(disk: Disk) -> None:
    """Only local sources can be looked for, and only drives can start empty when asked for a medium."""
    policy = disk.source.startup_policy
    if policy is None:
        return
    if not disk.source.local and not isinstance(disk.source.actual, VolumeLocation):
        raise XmlError(f"disk startupPolicy '{policy}' is not allowed for disk of '{disk.type}' type")
    if not disk.removable_medium and policy is StartupPolicy.REQUISITE:
        raise XmlError("disk startupPolicy 'requisite' is allowed only for cdrom or floppy")


def check_names(disk: Disk) -> None:
    """The target's name fits the kind of disk, and a disk is something."""
    target = disk.target or ""
    if disk.device in (DiskDevice.DISK, DiskDevice.LUN) and not target.startswith(TARGET_PREFIXES):
        raise InternalError(f"Invalid harddisk device name: {target}")
    if disk.device is DiskDevice.FLOPPY and not target.startswith("fd"):
        raise InternalError(f"Invalid floppy device name: {target}")
    if disk.source.empty and disk.device is DiskDevice.DISK:
        raise NoSource(target)


def check_driver(disk: Disk) -> None:
    """Options of the driver that exclude each other."""
    driver = disk.driver
    if driver.discard_no_unref:
        if driver.format is not StorageFormat.QCOW2:
            raise ConfigUnsupported("'discard_no_unref' only works with qcow2 disk format")
        if disk.readonly:
            raise ConfigUnsupported("'discard_no_unref' is not compatible with read-only disk")
    if driver.iothread and driver.iothreads:
        raise XmlError("disk driver 'iothread' attribute can't be used together with 'iothreads' subelement")


def check_throttling(disk: Disk, guest: DomainDefinition) -> None:
    """Throttling groups exist, and are not mixed with limits of the disk's own."""
    if not disk.throttle_filters:
        return
    if disk.iotune.group_name or disk.iotune.any:
        raise OperationUnsupported(
            f"block 'throttlefilters' can't be used together with 'iotune' for disk '{disk.target}'"
        )
    if disk.device is DiskDevice.CDROM:
        raise OperationUnsupported("cdrom device with throttle filters isn't supported")
    groups = {group.group_name for group in guest.throttle_groups}
    for throttle in disk.throttle_filters:
        if throttle.group not in groups:
            raise XmlError(f"throttle group '{throttle.group}' not found")
