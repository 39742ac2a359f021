# SPDX-License-Identifier: LGPL-2.1-or-later
"""What in a guest's definition may be the cause of its faults."""

from __future__ import annotations

from enum import StrEnum

from covirt.drivers.test.guest import PretendedGuest
from covirt.model.common.cpu import CpuMode
from covirt.model.common.storage_source import BlockLocation
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_parts import DiskDevice
from covirt.model.domain.devices.hostdev import Hostdev
from covirt.model.domain.devices.hostdev_sources import ScsiHostdev
from covirt.model.domain.devices.interface import Interface

OLD_CPU = "Deprecated-Test"
"""The CPU model that counts as old here."""


class Taint(StrEnum):
    """The causes, in the order in which they are told."""

    HIGH_PRIVILEGES = "running with undesirable elevated privileges"
    SHELL_SCRIPTS = "network configuration using opaque shell scripts"
    CDROM_PASSTHROUGH = "use of host cdrom passthrough"
    CUSTOM_DTB = "custom device tree blob used"
    DEPRECATED_CONFIG = "use of deprecated configuration settings"


def note_taints(guest: PretendedGuest) -> None:
    """Look through the whole guest."""
    definition = guest.definition
    for disk in definition.devices.disks:
        note_disk(guest, disk)
    for hostdev in definition.devices.hostdevs:
        note_hostdev(guest, hostdev)
    for card in definition.devices.interfaces:
        note_interface(guest, card)
    cpu = definition.cpu
    if cpu is not None and cpu.mode is CpuMode.CUSTOM and cpu.model == OLD_CPU:
        _note(guest, Taint.DEPRECATED_CONFIG)
        guest.deprecations.append(f"CPU model {OLD_CPU}")
    if definition.os.dtb:
        _note(guest, Taint.CUSTOM_DTB)


def note_disk(guest: PretendedGuest, disk: Disk) -> None:
    """Raw access, and drives of the host with their medium."""
    if disk.rawio:
        _note(guest, Taint.HIGH_PRIVILEGES)
    location = disk.source.location
    if disk.device is DiskDevice.CDROM and isinstance(location, BlockLocation) and location.path:
        _note(guest, Taint.CDROM_PASSTHROUGH)


def note_hostdev(guest: PretendedGuest, hostdev: Hostdev) -> None:
    """Raw access."""
    if isinstance(hostdev.source, ScsiHostdev) and hostdev.source.rawio:
        _note(guest, Taint.HIGH_PRIVILEGES)


def note_interface(guest: PretendedGuest, card: Interface) -> None:
    """Scripts of the user."""
    if card.script is not None:
        _note(guest, Taint.SHELL_SCRIPTS)


def _note(guest: PretendedGuest, taint: Taint) -> None:
    found = {*guest.taints, taint}
    guest.taints = [known for known in Taint if known in found]
