# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks: what their buses have, and what QEMU can do with their images."""

from __future__ import annotations

import re
from collections.abc import Iterator

from covirt.drivers.qemu.check.iothreads import check_mapping
from covirt.drivers.qemu.check.situation import Situation
from covirt.drivers.qemu.check.storage import check_source, raw
from covirt.errors import ArgumentUnsupported, ConfigUnsupported, InternalError
from covirt.model.common.storage_source import (
    BackingStore,
    FileLocation,
    StorageFormat,
    StorageSource,
    VhostUserLocation,
    VhostVdpaLocation,
)
from covirt.model.domain.address import DriveAddress, UsbAddress
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_parts import DiskBus, DiskCache, DiskDevice, DiskIo
from covirt.model.domain.lifecycle import Action

DRIVE_BUSES = (DiskBus.SCSI, DiskBus.IDE, DiskBus.FDC, DiskBus.SATA)
TARGET = re.compile(r"(?:fd|hd|vd|sd|xvd|ubd)[a-z]+(0|[1-9][0-9]*)?")
SAFE_SERIAL = re.compile(r"[a-zA-Z0-9_ .+-]*")
UNCACHED = (DiskCache.DIRECTSYNC, DiskCache.NONE)
MOST_PER_SECOND = 1_000_000_000_000_000


def check(disk: Disk, situation: Situation) -> None:
    """Check the drive that the guest sees, then the image."""
    for step in (
        _check_geometry,
        _check_medium,
        _check_names,
        _check_lun,
        _check_rotation,
        _check_bus,
        _check_io,
        _check_serial,
        _check_iothreads,
        _check_limits,
        _check_transient,
        _check_sharing,
        _check_target,
        _check_images,
        _check_vhost,
    ):
        step(disk, situation)


# What the guest sees


def _check_geometry(disk: Disk, situation: Situation) -> None:
    geometry = disk.geometry
    if not (geometry.cylinders and geometry.heads and geometry.sectors):
        return
    if disk.bus in (DiskBus.USB, DiskBus.SD):
        raise ConfigUnsupported(f"CHS geometry can not be set for '{disk.bus}' bus")
    if geometry.translation is not None and disk.bus is not DiskBus.IDE:
        raise ConfigUnsupported(f"CHS translation mode can only be set for 'ide' bus not '{disk.bus}'")


def _check_medium(disk: Disk, situation: Situation) -> None:
    if disk.serial and disk.bus is DiskBus.SD:
        raise InternalError(f"Serial property not supported for drive bus '{disk.bus}'")
    if disk.device is DiskDevice.CDROM and disk.bus in (DiskBus.VIRTIO, DiskBus.SD):
        raise ConfigUnsupported(f"disk type of '{disk.target}' does not support ejectable media")
    if disk.driver.copy_on_read:
        if disk.readonly:
            raise ConfigUnsupported(f"copy_on_read is not compatible with read-only disk '{disk.target}'")
        if disk.device in (DiskDevice.CDROM, DiskDevice.FLOPPY):
            raise ConfigUnsupported(f"copy_on_read is not supported with removable disk '{disk.target}'")


def _check_names(disk: Disk, situation: Situation) -> None:
    if disk.wwn and disk.bus not in (DiskBus.IDE, DiskBus.SCSI):
        raise ConfigUnsupported("Only ide and scsi disk support wwn")
    if disk.vendor and disk.bus is not DiskBus.SCSI:
        raise ConfigUnsupported("Only scsi disk supports 'vendor'")
    if disk.product and disk.bus not in (DiskBus.IDE, DiskBus.SATA, DiskBus.SCSI):
        raise ConfigUnsupported("Only ide, sata and scsi disk supports 'product'")


def _check_lun(disk: Disk, situation: Situation) -> None:
    if disk.device is not DiskDevice.LUN:
        return
    match disk.bus:
        case DiskBus.SCSI:
            situation.need("scsi-block", "This QEMU doesn't support scsi-block for lun passthrough")
        case DiskBus.VIRTIO:
            situation.need("virtio-blk-pci.scsi", "This QEMU doesn't support SCSI emulation with 'virtio-blk' device")
        case bus:
            raise ConfigUnsupported(f"disk device='lun' is not supported for bus='{bus}'")
    if disk.driver.copy_on_read:
        raise ConfigUnsupported(f"copy_on_read is not compatible with 'lun' disk '{disk.target}'")
    if disk.wwn:
        raise ConfigUnsupported("Setting wwn is not supported for lun device")
    if disk.vendor or disk.product:
        raise ConfigUnsupported("Setting vendor or product is not supported for lun device")


def _check_rotation(disk: Disk, situation: Situation) -> None:
    if not disk.rotation_rate:
        return
    if disk.bus not in (DiskBus.SCSI, DiskBus.IDE, DiskBus.SATA):
        raise InternalError("rotation rate is only valid for SCSI/IDE/SATA bus")
    if disk.device is not DiskDevice.DISK:
        raise InternalError("rotation rate is only valid for disk device")
    if "rotation-rate" not in situation.caps:
        raise InternalError("rotation rate is not supported with this QEMU")


def _check_bus(disk: Disk, situation: Situation) -> None:
    address = disk.info.address
    if disk.bus in DRIVE_BUSES and not isinstance(address, DriveAddress):
        raise InternalError(f"unexpected address type for {disk.bus} disk")
    if disk.bus is DiskBus.VIRTIO and disk.driver.queue_size:
        situation.need("virtio-blk.queue-size", "queue-size property isn't supported by this QEMU binary")
    if disk.bus is DiskBus.USB:
        situation.need("usb-storage", "This QEMU doesn't support '-device usb-storage'")
        if disk.source.empty:
            raise ConfigUnsupported("'usb' disk must not be empty")
        if not isinstance(address, UsbAddress | None):
            raise InternalError("unexpected address type for usb disk")
    if disk.readonly and disk.device is DiskDevice.DISK and disk.bus in (DiskBus.IDE, DiskBus.SATA):
        raise ConfigUnsupported(f"readonly {disk.bus} disks are not supported")


def _check_io(disk: Disk, situation: Situation) -> None:
    if disk.driver.io is DiskIo.NATIVE and disk.driver.cache not in UNCACHED:
        raise ConfigUnsupported("io='native' needs either no disk cache or directsync cache mode")
    if disk.driver.io is DiskIo.IO_URING:
        situation.need("aio.io_uring", "io uring is not supported by this QEMU binary")


def _check_serial(disk: Disk, situation: Situation) -> None:
    if not disk.serial:
        return
    if disk.bus is DiskBus.SCSI and disk.device is DiskDevice.LUN:
        raise ConfigUnsupported("scsi-block 'lun' devices do not support the serial property")
    if not SAFE_SERIAL.fullmatch(disk.serial):
        raise InternalError(f"driver serial '{disk.serial}' contains unsafe characters")


def _check_iothreads(disk: Disk, situation: Situation) -> None:
    driver = disk.driver
    if not driver.iothread and not driver.iothreads:
        return
    if disk.bus is not DiskBus.VIRTIO:
        raise ConfigUnsupported(f"IOThreads not available for bus {disk.bus} target {disk.target}")
    if driver.iothreads:
        situation.need(
            "virtio-blk.iothread-mapping",
            f"IOThread mapping for disk '{disk.target}' is not available with this QEMU binary",
        )
        check_mapping(driver.iothreads, driver.queues, situation)
    if driver.iothread and situation.guest.iothreads.find(driver.iothread) is None:
        raise ConfigUnsupported(f"Disk iothread '{driver.iothread}' not defined in iothreadid")


# What is done with the image


def _check_limits(disk: Disk, situation: Situation) -> None:
    tune = disk.iotune
    if tune.group_name and not tune.any:
        raise ConfigUnsupported("group_name can be configured only together with settings")
    if disk.bus is DiskBus.SD and (tune.group_name or tune.any):
        raise ConfigUnsupported("<iotune> is not supported with bus='sd'")
    if tune.group_name:
        for other in situation.guest.devices.disks:
            same_group = other.target != disk.target and other.iotune.group_name == tune.group_name
            if same_group and other.iotune.limits != tune.limits:
                raise ConfigUnsupported(f"different iotunes for disks {disk.target} and {other.target}")
    rates = (value for name, value in tune.limits.items() if not name.endswith("_length"))
    if any(rate > MOST_PER_SECOND for rate in rates):
        raise ArgumentUnsupported(f"block I/O throttle limit must be no more than {MOST_PER_SECOND} using QEMU")


def _check_transient(disk: Disk, situation: Situation) -> None:
    if disk.transient is None:
        return
    if disk.source.empty:
        raise ConfigUnsupported(f"transient disk '{disk.target}' must not be empty")
    if disk.readonly:
        raise ConfigUnsupported(f"transient disk '{disk.target}' must not be read-only")
    if not isinstance(disk.source.actual, FileLocation):
        raise ConfigUnsupported(f"transient disk supported only with 'file' type ({disk.target})")
    if disk.device is not DiskDevice.DISK:
        raise ConfigUnsupported(f"transient disk supported only with 'disk' device ({disk.target})")
    if disk.transient.share_backing:
        _check_shared_backing(disk, situation)


def _check_shared_backing(disk: Disk, situation: Situation) -> None:
    """The disk is plugged into the started guest, before it runs."""
    actions = situation.guest.lifecycle
    reboots = any(action is not Action.DESTROY for action in (actions.on_poweroff, actions.on_reboot, actions.on_crash))
    if not reboots:
        situation.need(
            "set-action",
            "transient disk backing image sharing with destroy action of lifecycle isn't supported by this QEMU binary",
        )
    if disk.bus not in (DiskBus.USB, DiskBus.VIRTIO, DiskBus.SCSI):
        raise ConfigUnsupported(f"disk bus '{disk.bus}' doesn't support transiend disk backing image sharing")


def _check_sharing(disk: Disk, situation: Situation) -> None:
    if disk.shareable and not disk.readonly and not raw(disk.driver.format, disk.source.encryption):
        raise ConfigUnsupported(f"shared access for disk '{disk.target}' requires use of supported storage format")


def _check_target(disk: Disk, situation: Situation) -> None:
    if disk.driver.name not in (None, "qemu"):
        raise ConfigUnsupported(f"unsupported driver name '{disk.driver.name}' for disk '{disk.target}'")
    found = TARGET.fullmatch(disk.target or "")
    if found is None:
        raise ConfigUnsupported(f"invalid disk target '{disk.target}'")
    if int(found[1] or 0):
        raise ConfigUnsupported(f"invalid disk target '{disk.target}', partitions can't appear in disk targets")
    if disk.driver.discard_no_unref is not None:
        situation.need("qcow2-discard-no-unref", "'discard_no_unref' is not supported by this QEMU binary")


def _check_images(disk: Disk, situation: Situation) -> None:
    readonly = disk.readonly
    for source, image_format, cache in _chain(disk):
        check_source(source, image_format, situation, readonly=readonly, metadata_cache=cache)
        # What is below another image is never written.
        readonly = True
    encryption = disk.source.encryption
    if disk.bus is DiskBus.SD and encryption and len(encryption.secrets) > 1:
        raise ConfigUnsupported(f"sd card '{disk.target}' does not support multiple encryption secrets")


def _chain(disk: Disk) -> Iterator[tuple[StorageSource, StorageFormat | None, int]]:
    """The disk's image and those told below it, with format and cache size."""
    yield disk.source, disk.driver.format, disk.driver.metadata_cache
    below: BackingStore | None = disk.backing_store
    while below is not None and below.source is not None:
        yield below.source, below.format, below.metadata_cache
        below = below.backing_store


def _check_vhost(disk: Disk, situation: Situation) -> None:
    """Other programs, or the hardware, that work in the guest's memory."""
    location = disk.source.location
    flags = {VhostUserLocation: "vhost-user-blk", VhostVdpaLocation: "virtio-blk-vhost-vdpa"}
    flag = flags.get(type(location))
    if flag is None:
        return
    situation.need(flag, f"{location.type} disk is not supported with this QEMU binary")
    situation.need_shared_memory(location.type)
    if isinstance(location, VhostVdpaLocation) and disk.driver.cache not in UNCACHED:
        raise ConfigUnsupported(f"disk type '{location.type}' requires cache mode '{UNCACHED[0]}' or '{UNCACHED[1]}'")
