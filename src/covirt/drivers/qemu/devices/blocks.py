# SPDX-License-Identifier: LGPL-2.1-or-later
"""Block nodes above the storage: slice, format, copy-on-read, throttling; and how a chain gets to QEMU."""

from __future__ import annotations

from collections.abc import Iterator

from covirt.drivers.qemu.command.context import Build, tls_credentials
from covirt.drivers.qemu.command.props import Props, as_json, props
from covirt.drivers.qemu.devices.image import Image
from covirt.drivers.qemu.devices.storage import (
    auth_secret,
    cookie_secret,
    reservations_manager,
    storage_props,
    tls_alias,
)
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.common.encryption import EncryptionEngine, EncryptionFormat
from covirt.model.common.storage_network import NetworkLocation, StorageProtocol
from covirt.model.common.storage_source import StorageFormat

_DRIVERS = {
    StorageFormat.FAT: "raw",
    StorageFormat.RAW: "raw",
    StorageFormat.PLOOP: "parallels",
    StorageFormat.VHD: "vhdx",
}
"""Drivers that are not called like the format."""
_UNHANDLED = (None, StorageFormat.COW, StorageFormat.ISO, StorageFormat.DIR)
_WITH_BACKING = (StorageFormat.COW, StorageFormat.QCOW, StorageFormat.QCOW2, StorageFormat.QED, StorageFormat.VMDK)
_QCOW_ENCRYPTION = {EncryptionFormat.QCOW: "aes", EncryptionFormat.LUKS: "luks"}


def slice_props(image: Image, *, top: bool) -> Props:
    """The node that shows a part of the storage."""
    part = image.source.slice
    assert part is not None
    assert image.slice_node is not None
    made: Props = {"driver": "raw", "file": image.storage_node, "offset": part.offset, "size": part.size}
    return made | image.common(image.slice_node, top=top)


def format_props(image: Image) -> Props:
    """The node that understands the format."""
    assert image.format_node is not None
    with_backing = image.format in _WITH_BACKING
    if image.backing is not None and not with_backing:
        raise ConfigUnsupported(f"storage format '{image.format}' does not support backing store")
    made = image.common(image.format_node, top=True) | _driver(image) | {"file": image.lower_node}
    if image.backing is not None:
        made["backing"] = image.backing.node
    elif image.last and with_backing:
        made["backing"] = None
    return made


def _driver(image: Image) -> Props:
    if image.luks:
        secrets = image.encryption_secrets
        if not secrets:
            raise InternalError("missing secret info for 'luks' driver")
        return {"driver": "luks", "key-secret": secrets[0]}
    if image.format in (StorageFormat.QCOW, StorageFormat.QCOW2):
        return _qcow(image)
    if image.format in _UNHANDLED:
        raise InternalError(f"mishandled storage format '{image.format or 'none'}'")
    assert image.format is not None
    return {"driver": _DRIVERS.get(image.format, str(image.format))}


def _qcow(image: Image) -> Props:
    encryption, encrypt = image.source.encryption, None
    if encryption and encryption.engine in (None, EncryptionEngine.QEMU) and image.encryption_secrets:
        encrypt = {"format": _QCOW_ENCRYPTION[encryption.format], "key-secret": image.encryption_secrets[0]}
    made = props(driver=image.format, encrypt=encrypt)
    if image.format is StorageFormat.QCOW2:
        made |= props(
            cache_size=image.metadata_cache or None,
            discard_no_unref=image.discard_no_unref,
            data_file=image.data_file.node if image.data_file else None,
        )
    return made


# On the command line


def dependencies(build: Build, image: Image) -> Iterator[Props]:
    """The objects that the nodes of an image need: reservations, secrets, certificates."""
    reservations = image.source.reservations
    if reservations and not reservations.managed:
        yield {"qom-type": "pr-manager-helper", "id": reservations_manager(image), "path": reservations.path}
    served = image.storage_node in build.prepared.sockets
    if not served:
        for alias in (auth_secret(image), cookie_secret(image)):
            if alias:
                yield build.secret(alias)
    credentials = tls_alias(image)
    if credentials:
        yield from _credentials(build, image, credentials)
    for alias in image.encryption_secrets:
        yield build.secret(alias)


def tls_secret_uuid(build: Build, protocol: StorageProtocol) -> str | None:
    """The secret that opens the client's key, from the settings."""
    settings = build.settings
    own = settings.vxhs_tls_x509_secret_uuid if protocol is StorageProtocol.VXHS else settings.nbd_tls_x509_secret_uuid
    return own or settings.default_tls_x509_secret_uuid


def _credentials(build: Build, image: Image, alias: str) -> Iterator[Props]:
    location = image.source.actual
    assert isinstance(location, NetworkLocation)
    secret = tls_key_secret(build, image)
    if secret:
        yield build.secret(secret)
    directory = build.prepared.certificates[str(location.protocol)]
    yield tls_credentials(directory, alias, listen=False, verify=True, secret=secret)


def tls_key_secret(build: Build, image: Image) -> str | None:
    """The name of the secret that opens the client's TLS key."""
    location = image.source.actual
    if not isinstance(location, NetworkLocation) or not location.tls:
        return None
    return f"{tls_alias(image)}-secret0" if tls_secret_uuid(build, location.protocol) else None


def nodes(build: Build, image: Image) -> Iterator[Props]:
    """The nodes of one image, from the bytes up."""
    top_storage = image.format_node is None and image.slice_node is None
    yield storage_props(build, image, top=top_storage)
    if image.slice_node:
        yield slice_props(image, top=image.format_node is None)
    if image.format_node:
        yield format_props(image)


def add_chain(build: Build, image: Image) -> None:
    """Put a chain on the command line, the lowest image first."""
    for layer in reversed(list(image.layers())):
        for needed in dependencies(build, layer):
            build.argv.object(needed)
        build.pass_set(layer.storage_node)
        for node in nodes(build, layer):
            build.argv.add("-blockdev", as_json(node))


def copy_on_read_props(target: str, image: Image) -> Props:
    """The node that copies into the image what is read from below."""
    return {"driver": "copy-on-read", "node-name": f"libvirt-CoR-{target}", "file": image.node, "discard": "unmap"}


def throttle_props(node: str, group: str, below: str) -> Props:
    """A node that slows down."""
    return {"driver": "throttle", "node-name": node, "throttle-group": f"throttle-{group}", "file": below}
