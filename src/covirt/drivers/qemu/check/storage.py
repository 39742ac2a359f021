# SPDX-License-Identifier: LGPL-2.1-or-later
"""Images: formats, protocols and encryption that QEMU's block layer does not have."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported
from covirt.model.common.encryption import Encryption, EncryptionEngine, EncryptionFormat
from covirt.model.common.storage_network import ENCRYPTED, TRANSFER, WEB, NetworkLocation, StorageProtocol, Transport
from covirt.model.common.storage_source import DirLocation, StorageFormat, StorageSource, VolumeLocation

UNKNOWN_FORMATS = {
    StorageFormat.COW: "'cow' storage format is not supported",
    StorageFormat.DIR: ("'directory' storage format is not directly supported by QEMU, use 'dir' disk type instead"),
    StorageFormat.ISO: "storage format 'iso' is not directly supported by QEMU, use 'raw' instead",
}

NBD = frozenset({StorageProtocol.NBD})

SETTINGS: tuple[tuple[str, frozenset[StorageProtocol], str], ...] = (
    ("ssl_verify", ENCRYPTED, "ssl verification is supported only with HTTPS/FTPS protocol"),
    ("cookies", WEB, "http cookies are supported only with HTTP(S) protocol"),
    ("readahead", TRANSFER, "readahead is supported only with HTTP(S)/FTP(s) protocols"),
    ("timeout", TRANSFER, "timeout is supported only with HTTP(S)/FTP(s) protocols"),
    ("reconnect_delay", NBD, "reconnect delay is supported only with NBD protocol"),
    ("query", WEB, "query is supported only with HTTP(S) protocols"),
)
"""The protocols that have a setting."""


def check_source(
    source: StorageSource,
    image_format: StorageFormat | None,
    situation: Situation,
    *,
    readonly: bool = False,
    metadata_cache: int = 0,
) -> None:
    """Check one image."""
    _check_format(source, image_format, readonly=readonly)
    if source.reservations:
        situation.need("pr-manager-helper", "reservations not supported with this QEMU binary")
    location = source.actual
    if isinstance(location, NetworkLocation):
        _check_network(location)
    if metadata_cache and image_format is not StorageFormat.QCOW2:
        raise ConfigUnsupported("metadata cache max size control is supported only with qcow2 images")
    if source.encryption:
        _check_encryption(source.encryption, source, image_format, situation)
    if isinstance(location, NetworkLocation) and location.tls_hostname:
        if location.protocol is not StorageProtocol.NBD:
            raise ConfigUnsupported("'tlsHostname' field is supported only with NBD disks")
        situation.need("blockdev.nbd.tls-hostname", "'tlsHostname' field is not supported by this QEMU")


def raw(image_format: StorageFormat | None, encryption: Encryption | None) -> bool:
    """Is the image what the guest sees, byte for byte?"""
    if image_format is not StorageFormat.RAW:
        return False
    return not (
        encryption and encryption.engine is not EncryptionEngine.LIBRBD and encryption.format is EncryptionFormat.LUKS
    )


def _check_format(source: StorageSource, image_format: StorageFormat | None, *, readonly: bool) -> None:
    if image_format in UNKNOWN_FORMATS:
        raise ConfigUnsupported(UNKNOWN_FORMATS[image_format])
    location = source.actual
    if image_format is StorageFormat.FAT and not isinstance(location, VolumeLocation | DirLocation):
        raise ConfigUnsupported("storage format 'fat' is supported only with 'dir' storage type")
    if isinstance(location, DirLocation):
        if image_format not in (None, StorageFormat.FAT):
            raise ConfigUnsupported("storage type 'dir' requires use of storage format 'fat'")
        if not readonly:
            raise ConfigUnsupported("virtual FAT storage can't be accessed in read-write mode")


def _check_network(location: NetworkLocation) -> None:
    for name, protocols, message in SETTINGS:
        value = getattr(location, name)
        told = value is not None if name == "ssl_verify" else bool(value)
        if told and location.protocol not in protocols:
            raise ConfigUnsupported(message)
    if location.protocol is StorageProtocol.TFTP:
        raise ConfigUnsupported("'tftp' protocol is not supported with this QEMU binary")
    if location.protocol is StorageProtocol.NFS:
        if len(location.hosts) != 1:
            raise ConfigUnsupported("'nfs' protocol requires the usage of exactly one host")
        if location.hosts[0].transport is not Transport.TCP:
            raise ConfigUnsupported("'nfs' host must use TCP protocol")
        if location.hosts[0].port:
            raise ConfigUnsupported("port cannot be specified in 'nfs' protocol host")


def _check_encryption(
    encryption: Encryption, source: StorageSource, image_format: StorageFormat | None, situation: Situation
) -> None:
    if encryption.format in (EncryptionFormat.DEFAULT, EncryptionFormat.QCOW):
        raise ConfigUnsupported("old qcow/qcow2 encryption is not supported")
    if encryption.engine is EncryptionEngine.LIBRBD:
        _check_librbd(encryption, source, situation)
        return
    if encryption.format is not EncryptionFormat.LUKS:
        raise ConfigUnsupported(f"'{encryption.format}' is currently not supported by the qemu encryption engine")
    if image_format not in (StorageFormat.QCOW2, StorageFormat.RAW):
        raise ConfigUnsupported("encryption is supported only with 'raw' and 'qcow2' image format")
    if len(encryption.secrets) > 1:
        raise ConfigUnsupported("qemu encryption engine expects only a single secret")


def _check_librbd(encryption: Encryption, source: StorageSource, situation: Situation) -> None:
    situation.need("rbd-encryption", "librbd encryption is not supported by this QEMU binary")
    if not isinstance(source.actual, NetworkLocation):
        raise ConfigUnsupported("librbd encryption is supported only with RBD backed disks")
    if len(encryption.secrets) > 1:
        situation.need("rbd-encryption-layering", "librbd encryption layering is not supported by this QEMU binary")
    if encryption.format is EncryptionFormat.LUKS_ANY:
        situation.need("rbd-encryption-luks-any", "luks-any encryption is not supported by this QEMU binary")
