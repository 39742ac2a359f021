# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices of a guest found by the names that clients use."""

from __future__ import annotations

from covirt.errors import InvalidArg, InvalidMac
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.interface import Interface
from covirt.values import Mac


def disk_path(disk: Disk) -> str | None:
    """The file or device of the host that a disk is."""
    return getattr(disk.source.location, "path", None)


def find_disk(definition: DomainDefinition, name: str, *, ambiguous: bool = False) -> Disk | None:
    """The disk of a target name, or of a path that only one disk has; the first of several when `ambiguous`."""
    if not name.startswith("/"):
        return next((disk for disk in definition.devices.disks if disk.target == name), None)
    found = [disk for disk in definition.devices.disks if disk_path(disk) == name]
    return found[0] if len(found) == 1 or (found and ambiguous) else None


def find_interface(definition: DomainDefinition, name: str) -> Interface:
    """The network card of a hardware address or of a name on the host."""
    try:
        mac = Mac.parse(name)
    except InvalidMac:
        mac = None
    for card in definition.devices.interfaces:
        if (mac is not None and card.mac == mac) or (mac is None and card.target == name):
            return card
    raise InvalidArg(f"'{name}' is not a known interface")
