# SPDX-License-Identifier: LGPL-2.1-or-later
"""Network disks that nbdkit reads for QEMU, when the settings want it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from covirt.drivers.qemu.ready.blocks import numbered
from covirt.model.common.storage_network import NetworkLocation, StorageProtocol
from covirt.model.common.storage_source import BackingStore, Location, StorageSource
from covirt.model.domain.definition import DomainDefinition

PLUGINS = {
    StorageProtocol.HTTP: "curl",
    StorageProtocol.HTTPS: "curl",
    StorageProtocol.FTP: "curl",
    StorageProtocol.FTPS: "curl",
    StorageProtocol.TFTP: "curl",
    StorageProtocol.SSH: "ssh",
}
"""The plugin that speaks a protocol."""


def is_served(location: Location, plugins: Collection[str]) -> bool:
    """Can nbdkit read it?"""
    return isinstance(location, NetworkLocation) and PLUGINS.get(location.protocol) in plugins


def served(guest: DomainDefinition, plugins: Collection[str]) -> Iterator[tuple[str, StorageSource]]:
    """The sources that nbdkit serves, with the names of their storage nodes."""
    for disk in guest.devices.disks:
        for image in numbered(disk):
            source = image.source if isinstance(image, BackingStore) else image
            if source is not None and image.index is not None and is_served(source.actual, plugins):
                yield f"libvirt-{image.index}-storage", source


def socket_path(directory: str, node: str) -> str:
    """Where nbdkit listens for QEMU."""
    return f"{directory}/nbdkit-{node}.socket"
