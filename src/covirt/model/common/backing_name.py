# SPDX-License-Identifier: LGPL-2.1-or-later
"""What image files call the image below them: a path, an address, QEMU's old colon form, or the JSON of a node."""

from __future__ import annotations

from dataclasses import dataclass

from covirt.model.common.backing_address import read_address, read_colons
from covirt.model.common.backing_node import read_node_name
from covirt.model.common.storage_network import DEFAULT_PORTS, NetworkLocation, Transport
from covirt.model.common.storage_source import DirLocation, FileLocation, Location, StorageFormat, StorageSource


@dataclass(slots=True, kw_only=True)
class Named:
    """The image that a name means."""

    source: StorageSource
    format: StorageFormat | None = None
    whole: bool = True
    """Could everything be understood? Credentials within a name cannot: documents refer to secrets."""


def is_file(name: str) -> bool:
    """Is it the path of a file? What has a colon before the first slash is not."""
    colon, slash = name.find(":"), name.find("/")
    return colon < 0 or 0 <= slash < colon


def read_backing_name(name: str) -> Named:
    """Understand a name that does not depend on where the image above is."""
    if is_file(name):
        return Named(source=StorageSource(location=FileLocation(path=name)))
    if name.startswith("fat:"):
        location = DirLocation(path=name.removeprefix("fat:"))
        return Named(source=StorageSource(location=location), format=StorageFormat.FAT)
    if name.startswith("json:"):
        source, whole = read_node_name(name.removeprefix("json:"))
        named = Named(source=source, whole=whole)
    elif "://" in name:
        place, whole = read_address(name)
        named = Named(source=StorageSource(location=place), whole=whole)
    else:
        named = Named(source=StorageSource(location=read_colons(name)))
    _add_ports(named.source.location)
    return named


def _add_ports(location: Location) -> None:
    if isinstance(location, NetworkLocation):
        for host in location.hosts:
            if host.transport is Transport.TCP and not host.port:
                host.port = DEFAULT_PORTS.get(location.protocol, 0)
