# SPDX-License-Identifier: LGPL-2.1-or-later
"""What no hypervisor could do with the images of a disk's chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.encryption import EncryptionFormat
from covirt.model.common.storage_network import NetworkLocation, StorageProtocol
from covirt.model.common.storage_source import (
    BackingStore,
    BlockLocation,
    DataStore,
    StorageFormat,
    StorageSource,
    VolumeLocation,
)

if TYPE_CHECKING:
    from covirt.model.domain.devices.disk import Disk

SECRET_USAGES = ("none", "volume", "ceph", "iscsi", "tls", "vtpm")
AUTHENTICATED = frozenset(
    {
        StorageProtocol.ISCSI,
        StorageProtocol.HTTP,
        StorageProtocol.HTTPS,
        StorageProtocol.FTP,
        StorageProtocol.FTPS,
        StorageProtocol.SSH,
        StorageProtocol.RBD,
    }
)
SECRET_OF_PROTOCOL = {StorageProtocol.ISCSI: "iscsi", StorageProtocol.RBD: "ceph"}


def check_chain(disk: Disk) -> None:
    """Check the disk's image and all that are told below it."""
    check_source(disk.source, disk.format)
    below: BackingStore | None = disk.backing_store
    while below is not None and below.source is not None:
        check_source(below.source, below.format)
        below = below.backing_store


def check_source(source: StorageSource, image_format: StorageFormat | None) -> None:
    """Check one image."""
    location = source.actual
    if isinstance(location, NetworkLocation):
        if location.protocol is StorageProtocol.SHEEPDOG:
            raise ConfigUnsupported("'sheepdog' protocol is no longer supported by any hypervisor driver")
        if source.auth and source.type == "network":
            check_auth(location.protocol, source.auth.secret.type)
    encryption = source.encryption
    if encryption and encryption.format is EncryptionFormat.LUKS and encryption.cipher:
        raise ConfigUnsupported("supplying <cipher> for domain disk definition is unnecessary")
    if source.data_store:
        check_data_store(source.data_store, image_format)


def check_auth(protocol: StorageProtocol, usage: str | None) -> None:
    """The protocol has authentication, and its kind of secret is named."""
    if protocol not in AUTHENTICATED and protocol is not StorageProtocol.NONE:
        raise ConfigUnsupported(f"authentication is not supported for protocol '{protocol}'")
    if usage not in SECRET_USAGES:
        raise ConfigUnsupported(f"unknown secret type '{usage or '<null>'}'")
    if usage != SECRET_OF_PROTOCOL.get(protocol, usage):
        raise ConfigUnsupported(f"invalid secret type '{usage}'")


def check_data_store(store: DataStore, image_format: StorageFormat | None) -> None:
    """Only qcow2 images keep their data elsewhere, in plain raw images."""
    if image_format is not StorageFormat.QCOW2:
        raise ConfigUnsupported("<dataStore> feature available only with qcow2 images")
    if store.format is not StorageFormat.RAW:
        raise ConfigUnsupported("only 'raw' images supported as <dataStore>")
    if store.source.data_store:
        raise XmlError("The <source> of <dataStore> can't have another nested <dataStore> or <backingStore> element")
    if store.source.slice:
        raise XmlError("slices are not supported for <dataStore>")


def check_lun(disk: Disk) -> None:
    """Only a raw block device or iSCSI unit can be passed through as a SCSI unit."""
    source = disk.source
    location = source.actual
    if isinstance(location, NetworkLocation):
        if location.protocol is not StorageProtocol.ISCSI:
            raise ConfigUnsupported(f"disk device='lun' is not supported for protocol='{location.protocol}'")
    elif not isinstance(location, BlockLocation) and not isinstance(source.location, VolumeLocation):
        raise ConfigUnsupported("disk device='lun' is only valid for block type disk source")
    if disk.format not in (StorageFormat.RAW, None):
        raise ConfigUnsupported("disk device 'lun' must use 'raw' format")
    if source.slice:
        raise ConfigUnsupported("disk device 'lun' doesn't support storage slice")
    if source.encryption and source.encryption.format is not EncryptionFormat.DEFAULT:
        raise ConfigUnsupported("disk device 'lun' doesn't support encryption")
