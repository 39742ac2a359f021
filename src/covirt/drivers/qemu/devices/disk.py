# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks: images below, a drive for the guest above."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Json, Props, as_json, inline, props
from covirt.drivers.qemu.devices import chardev
from covirt.drivers.qemu.devices.address import drive_props
from covirt.drivers.qemu.devices.blocks import add_chain, copy_on_read_props, dependencies, throttle_props
from covirt.drivers.qemu.devices.boot import boot_index
from covirt.drivers.qemu.devices.common import (
    add_companion,
    load_parameter,
    on_off_auto,
    place,
    virtio_props,
)
from covirt.drivers.qemu.devices.image import CACHE_MODES, Image, detect_zeroes, images_of
from covirt.drivers.qemu.devices.storage import target_props
from covirt.errors import InternalError, InvalidArg
from covirt.model.common.encryption import EncryptionFormat
from covirt.model.common.storage_network import NetworkLocation
from covirt.model.common.storage_source import DirLocation, StorageFormat, VhostUserLocation
from covirt.model.domain.address import DriveAddress
from covirt.model.domain.devices.chardev import UnixChardev
from covirt.model.domain.devices.common import IothreadMapping
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_complete import target_number
from covirt.model.domain.devices.disk_parts import DiskBus, DiskCache, DiskDevice, DiskErrorPolicy

_DRIVERS = {
    (DiskBus.IDE, DiskDevice.CDROM): "ide-cd",
    (DiskBus.SATA, DiskDevice.CDROM): "ide-cd",
    (DiskBus.IDE, None): "ide-hd",
    (DiskBus.SATA, None): "ide-hd",
    (DiskBus.SCSI, DiskDevice.LUN): "scsi-block",
    (DiskBus.SCSI, DiskDevice.CDROM): "scsi-cd",
    (DiskBus.SCSI, None): "scsi-hd",
    (DiskBus.USB, None): "usb-storage",
    (DiskBus.FDC, None): "floppy",
}
"""The drive by bus and device, None for all other devices."""


def build(disk: Disk, build: Build) -> None:
    """A disk with everything below it."""
    if disk.bus is DiskBus.SD:
        _add_sd(build, disk)
        return
    if isinstance(disk.source.actual, VhostUserLocation):
        source = UnixChardev(path=disk.source.actual.path, reconnect=disk.source.actual.reconnect)
        chardev.add(build, source, vhost_user_chardev(disk.info.alias), None)
    elif not disk.source.empty:
        _add_nodes(build, disk, images_of(build, disk))
    add_companion(build, disk.info)
    build.argv.device(frontend(disk, build))


def vhost_user_chardev(alias: str | None) -> str:
    """The name of the connection to a vhost-user program."""
    return f"chr-vu-{alias}"


def _add_nodes(build: Build, disk: Disk, image: Image) -> None:
    add_chain(build, image)
    below = image.node
    if disk.driver.copy_on_read:
        node = copy_on_read_props(disk.target or "", image)
        build.argv.add("-blockdev", as_json(node))
        below = str(node["node-name"])
    for throttle in disk.throttle_filters:
        name = build.prepared.nodes[f"{disk.info.alias}/{throttle.group}"]
        build.argv.add("-blockdev", as_json(throttle_props(name, throttle.group, below)))
        below = name


def top_node(disk: Disk, build: Build) -> str | None:
    """The node that the drive reads; None for an empty drive."""
    if disk.source.empty:
        return None
    if disk.throttle_filters:
        return build.prepared.nodes[f"{disk.info.alias}/{disk.throttle_filters[-1].group}"]
    if disk.driver.copy_on_read:
        return f"libvirt-CoR-{disk.target}"
    return images_of(build, disk).node


def frontend(disk: Disk, build: Build) -> Props:
    """The drive."""
    made = _virtio(disk, build) if disk.bus is DiskBus.VIRTIO else props(driver=_driver(disk))
    address = disk.info.address
    if isinstance(address, DriveAddress):
        made |= drive_props(build.guest, address, str(disk.bus))
    else:
        made |= place(build, disk.info)
    vhost_user = isinstance(disk.source.actual, VhostUserLocation)
    floppy = disk.device is DiskDevice.FLOPPY
    write_errors, read_errors = _error_policies(disk)
    ata = disk.bus in (DiskBus.IDE, DiskBus.SATA)
    return made | props(
        {
            "device_id": _device_id(disk),
            "share-rw": True if disk.shareable else None,
            "drive": None if vhost_user else top_node(disk, build),
            "chardev": vhost_user_chardev(disk.info.alias) if vhost_user else None,
            "id": disk.info.alias,
            "bootindex": None if floppy else boot_index(build.guest, disk),
            "loadparm": None if floppy else load_parameter(build, disk.boot),
            "logical_block_size": disk.block_io.logical_block_size or None,
            "physical_block_size": disk.block_io.physical_block_size or None,
            "discard_granularity": disk.block_io.discard_granularity or None,
            "wwn": _wwn(disk.wwn),
            "rotation_rate": disk.rotation_rate or None,
            "vendor": disk.vendor,
            "product": disk.product if disk.bus is DiskBus.SCSI else None,
            "model": disk.product if ata else None,
            "removable": _removable(disk),
            "write-cache": on_off_auto(_write_cache(disk)),
            "cyls": disk.geometry.cylinders or None,
            "heads": disk.geometry.heads or None,
            "secs": disk.geometry.sectors or None,
            "bios-chs-trans": disk.geometry.translation,
            "serial": _escaped_serial(disk.serial),
            "werror": write_errors,
            "rerror": read_errors,
        }
    )


def _driver(disk: Disk) -> str:
    for device in (disk.device, None):
        if disk.bus and (disk.bus, device) in _DRIVERS:
            return _DRIVERS[disk.bus, device]
    raise InternalError(f"unsupported disk bus '{disk.bus}' with device setup")


def _virtio(disk: Disk, build: Build) -> Props:
    driver = disk.driver
    vhost_user = isinstance(disk.source.actual, VhostUserLocation)
    scsi = None
    if not vhost_user and "virtio-blk-pci.scsi" in build.caps:
        if disk.device is DiskDevice.LUN:
            scsi = True
        elif "virtio-blk-pci.scsi.default.disabled" not in build.caps:
            scsi = False
    base = "vhost-user-blk" if vhost_user else "virtio-blk"
    return virtio_props(build, base, disk.info, driver.virtio, disk.model) | props(
        {
            "iothread": f"iothread{driver.iothread}" if driver.iothread else None,
            "ioeventfd": driver.ioeventfd,
            "event_idx": driver.event_idx,
            "scsi": scsi,
            "num-queues": driver.queues or None,
            "queue-size": driver.queue_size or None,
            "iothread-vq-mapping": iothread_mapping(driver.iothreads),
        }
    )


def iothread_mapping(threads: list[IothreadMapping]) -> Json:
    """Which thread serves which queue."""
    mapped = [
        props(iothread=f"iothread{thread.id}", vqs=[queue.id for queue in thread.queues] or None) for thread in threads
    ]
    return mapped or None


def _device_id(disk: Disk) -> str | None:
    """What SCSI disks answer when asked who they are; the serial number or the name that drives had in older QEMU."""
    if disk.bus is not DiskBus.SCSI or disk.device is DiskDevice.LUN:
        return None
    return disk.serial or f"drive-{disk.info.alias}"


def _removable(disk: Disk) -> bool | None:
    if disk.bus is DiskBus.USB:
        return bool(disk.removable)
    if disk.bus is DiskBus.SCSI and disk.device not in (DiskDevice.LUN, DiskDevice.CDROM):
        return disk.removable
    return None


def _write_cache(disk: Disk) -> bool | None:
    if disk.device is DiskDevice.LUN or disk.driver.cache not in CACHE_MODES:
        return None
    return CACHE_MODES[disk.driver.cache][0]


def _wwn(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(text, 16)
    except ValueError:
        raise InvalidArg(f"Failed to parse wwn '{text}' as number") from None


def _escaped_serial(serial: str | None) -> str | None:
    return None if serial is None else serial.replace(" ", "\\ ")


def _error_policies(disk: Disk) -> tuple[str | None, str | None]:
    write, read = disk.driver.error_policy, disk.driver.rerror_policy
    if write is DiskErrorPolicy.ENOSPACE:
        # Reading never runs out of space; QEMU's own default for reading is kept.
        return "enospc", read
    return write, read or write


# Memory cards, which QEMU knows by their number only


def _add_sd(build: Build, disk: Disk) -> None:
    image = images_of(build, disk)
    image.name = str(disk.info.alias)
    for needed in dependencies(build, image):
        build.argv.object(needed)
    build.argv.add("-drive", _drive_text(build, disk, image))


def _drive_text(build: Build, disk: Disk, image: Image) -> str:
    text = _sd_source(build, disk, image)
    text += f"if=sd,index={target_number(disk.target or '')}"
    if disk.readonly:
        text += ",readonly=on"
    if disk.source.empty:
        return text
    driver = disk.driver
    for name, value in (
        ("cache", None if driver.cache is DiskCache.DEFAULT else driver.cache),
        ("copy-on-read", on_off_auto(driver.copy_on_read)),
        ("discard", driver.discard),
        ("detect-zeroes", detect_zeroes(driver.discard, driver.detect_zeroes)),
        ("aio", driver.io),
    ):
        if value is not None:
            text += f",{name}={value}"
    return text


def _sd_source(build: Build, disk: Disk, image: Image) -> str:
    location = disk.source.actual
    if isinstance(location, NetworkLocation):
        text = inline({"": ""} | {"file": _numbered(target_props(build, image))}, "").lstrip(",") + ","
    elif disk.source.local:
        text = "file="
        if isinstance(location, DirLocation):
            text += "fat:floppy:" if disk.device is DiskDevice.FLOPPY else "fat:"
        text += (location.path or "").replace(",", ",,") + ","
    else:
        raise InternalError("unsupported storage type for this code path")
    secrets, encryption, name = image.encryption_secrets, disk.source.encryption, str(disk.format)
    if secrets and image.luks:
        text, name = text + f"key-secret={secrets[0]},", "luks"
    elif secrets and encryption and disk.format is StorageFormat.QCOW2 and encryption.format is EncryptionFormat.LUKS:
        text += f"encrypt.format=luks,encrypt.key-secret={secrets[0]},"
    if disk.format and not isinstance(location, DirLocation):
        text += f"format={name},"
    return text


def _numbered(value: Props) -> Props:
    """Lists as objects with numbers for keys, as flat options have them."""
    return {
        name: {str(place): one for place, one in enumerate(item)} if isinstance(item, list) else item
        for name, item in value.items()
    }
