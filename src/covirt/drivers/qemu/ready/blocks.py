# SPDX-License-Identifier: LGPL-2.1-or-later
"""Numbers of disk images, from which the names of block nodes are made; TLS of network disks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from covirt.drivers.qemu.machine import machine_of
from covirt.errors import ConfigUnsupported
from covirt.model.common.storage_network import NetworkLocation, StorageProtocol
from covirt.model.common.storage_source import (
    BackingStore,
    DirLocation,
    IndexedSource,
    StorageFormat,
    StorageSource,
    VhostUserLocation,
    VolumeLocation,
)
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_parts import DiskBus, DiskCache
from covirt.model.domain.devices.hostdev_sources import ScsiHostdev

if TYPE_CHECKING:
    from covirt.drivers.qemu.ready.definition import Starting


def number(guest: DomainDefinition, starting: Starting) -> None:
    """All disks, the last one first; images that are found later (in chains) get the next numbers."""
    _check(guest)
    for disk in reversed(guest.devices.disks):
        number_disk(disk, starting)
    for hostdev in guest.devices.hostdevs:
        if isinstance(hostdev.source, ScsiHostdev):
            starting.nodes[str(hostdev.info.alias)] = f"libvirt-{starting.numbers.next()}-backend"


def _check(guest: DomainDefinition) -> None:
    for disk in guest.devices.disks:
        location = disk.source.location
        if isinstance(location, NetworkLocation) and location.protocol is StorageProtocol.VXHS:
            raise ConfigUnsupported("VxHS protocol is not supported with this QEMU binary")
        if disk.device == "floppy" and machine_of(guest).pseries:
            raise ConfigUnsupported("PowerPC pseries machines do not support floppy device")


def number_disk(disk: Disk, starting: Starting) -> None:
    """The images of a disk that have no number yet, and what its settings imply for them."""
    if isinstance(disk.source.location, VhostUserLocation):
        return
    if disk.driver.cache is DiskCache.DEFAULT and disk.shareable and not disk.readonly:
        disk.driver.cache = DiskCache.NONE
    if isinstance(disk.source.location, VolumeLocation) and disk.driver.format is None:
        on_directory = isinstance(disk.source.actual, DirLocation)
        disk.driver.format = StorageFormat.FAT if on_directory else StorageFormat.RAW
    for source in _sources(disk):
        settle_encryption(source, starting)
    if disk.bus is DiskBus.SD:
        return
    for image in numbered(disk):
        if image.index is None:
            image.index = starting.numbers.next()
    for throttle in disk.throttle_filters:
        name = f"{disk.info.alias}/{throttle.group}"
        if name not in starting.nodes:
            starting.nodes[name] = f"libvirt-{starting.numbers.next()}-filter"


def numbered(disk: Disk) -> Iterator[IndexedSource | BackingStore]:
    """What has numbers: each image of the chain, followed by the file with its data."""
    yield disk.source
    if disk.source.data_store:
        yield disk.source.data_store.source
    below = disk.backing_store
    while below is not None and below.source is not None:
        yield below
        if below.source.data_store:
            yield below.source.data_store.source
        below = below.backing_store


def _sources(disk: Disk) -> Iterator[StorageSource]:
    for source in disk.sources():
        yield source
        if source.data_store:
            yield source.data_store.source


def settle_encryption(source: StorageSource, starting: Starting) -> None:
    """Whether a server is spoken to under TLS is told by the settings when the document does not."""
    location = source.actual
    if not isinstance(location, NetworkLocation):
        return
    settings = starting.settings
    wanted = {StorageProtocol.VXHS: settings.vxhs_tls, StorageProtocol.NBD: settings.nbd_tls}
    if location.protocol in wanted:
        if location.tls is None:
            location.tls, location.tls_from_config = wanted[location.protocol], True
    elif location.tls:
        raise ConfigUnsupported(f"TLS transport is not supported for disk protocol '{location.protocol}'")
