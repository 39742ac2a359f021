# SPDX-License-Identifier: LGPL-2.1-or-later
"""New images, made by QEMU itself with `blockdev-create`: first the storage, then the format within."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.image import Image
from covirt.drivers.qemu.devices.storage import backing_name, target_props
from covirt.errors import InternalError, OperationUnsupported
from covirt.model.common.encryption import EncryptionFormat
from covirt.model.common.storage_network import NetworkLocation, StorageProtocol
from covirt.model.common.storage_source import FileLocation, StorageFormat

_SERVERS = (StorageProtocol.GLUSTER, StorageProtocol.RBD, StorageProtocol.SSH, StorageProtocol.NFS)
"""Servers on which QEMU can make a file."""
_DRIVERS = {
    StorageFormat.QCOW2: "qcow2",
    StorageFormat.QCOW: "qcow",
    StorageFormat.QED: "qed",
    StorageFormat.VPC: "vpc",
    StorageFormat.PLOOP: "parallels",
    StorageFormat.VDI: "vdi",
    StorageFormat.VHD: "vhdx",
    StorageFormat.VMDK: "vmdk",
}
_BELOW = (StorageFormat.QCOW2, StorageFormat.QCOW, StorageFormat.QED, StorageFormat.VMDK)
"""Formats that name an image below."""
_FORMAT_BELOW = (StorageFormat.QCOW2, StorageFormat.QED)
"""Formats that also tell the format of the image below."""
_VERSIONS = {"0.10": "v2", "1.1": "v3"}


def storage_creation(build: Build, image: Image, physical: int) -> Props | None:
    """How to make the file; None where QEMU cannot, as the place must be there already."""
    location = image.source.actual
    if isinstance(location, FileLocation):
        return {"driver": "file", "filename": location.path, "size": physical}
    if not isinstance(location, NetworkLocation) or location.protocol not in _SERVERS:
        return None
    if image.storage_node in build.prepared.sockets:
        return None
    found = target_props(build, image)
    return {"driver": found.pop("driver"), "location": found, "size": physical}


def format_creation(
    build: Build,
    image: Image,
    capacity: int,
    *,
    compat: str | None = None,
    cluster_size: int = 0,
    extended_l2: bool = False,
) -> Props | None:
    """How to lay out the file, above `image.backing` if there is one; None where nothing needs or can be done."""
    size: Props = {"file": image.lower_node, "size": capacity}
    if image.luks:
        return _luks(image) | {"driver": "luks"} | size
    if image.format is None:
        raise InternalError("mishandled storage format 'none'")
    if image.format not in _DRIVERS:
        return None
    made: Props = {"driver": _DRIVERS[image.format]} | size
    if image.format is StorageFormat.QCOW2:
        made |= props(
            version=_VERSIONS.get(compat or ""), cluster_size=cluster_size or None, extended_l2=extended_l2 or None
        )
    if image.backing is not None and image.format in _BELOW:
        made["backing-file"] = backing_name(build, image.backing)
        if image.format in _FORMAT_BELOW:
            made["backing-fmt"] = "luks" if image.backing.luks else str(image.backing.format)
    if image.source.encryption and image.format in (StorageFormat.QCOW2, StorageFormat.QCOW):
        if image.source.encryption.format is not EncryptionFormat.LUKS:
            raise OperationUnsupported("creation of qcow/qcow2 files supports only 'luks' encryption")
        made["encrypt"] = _luks(image) | {"format": "luks"}
    return made


def _luks(image: Image) -> Props:
    encryption = image.source.encryption
    cipher, ivgen = (encryption.cipher, encryption.ivgen) if encryption else (None, None)
    return props(
        key_secret=image.encryption_secrets[0],
        cipher_alg=f"{cipher.name}-{cipher.size}" if cipher else None,
        cipher_mode=cipher.mode if cipher else None,
        hash_alg=cipher.hash if cipher else None,
        ivgen_alg=ivgen.name if ivgen else None,
        ivgen_hash_alg=ivgen.hash if ivgen else None,
    )
