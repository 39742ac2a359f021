# SPDX-License-Identifier: LGPL-2.1-or-later
"""The order in which disks, controllers and video cards are kept: by bus and number, the first card first."""

from __future__ import annotations

from collections.abc import Sequence

from covirt.model.domain.devices.controller import Controller
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.disk_complete import target_number
from covirt.model.domain.devices.video import Video


def in_disk_order(disks: Sequence[Disk]) -> list[Disk]:
    """Disks of the same bus stand together, by the number of their target."""
    ordered: list[Disk] = []
    for disk in disks:
        ordered.insert(disk_place(ordered, disk), disk)
    return ordered


def disk_place(disks: Sequence[Disk], new: Disk) -> int:
    """Where a disk belongs."""
    place = None
    for index in range(len(disks) - 1, -1, -1):
        disk = disks[index]
        if disk.bus is not new.bus:
            continue
        if disk.target is not None and new.target is not None and _number(disk) > _number(new):
            place = index
        elif place is None:
            place = index + 1
    return len(disks) if place is None else place


def _number(disk: Disk) -> int:
    number = target_number(disk.target or "")
    return -1 if number is None else number


def in_controller_order(controllers: Sequence[Controller]) -> list[Controller]:
    """Controllers of the same type stand together, by number, masters before their companions."""
    ordered: list[Controller] = []
    for controller in controllers:
        ordered.insert(controller_place(ordered, controller), controller)
    return ordered


def controller_place(controllers: Sequence[Controller], new: Controller) -> int:
    """Where a controller belongs; one without a number after all others of its type."""
    place = None
    for index in range(len(controllers) - 1, -1, -1):
        there = controllers[index]
        if there.type is not new.type:
            continue
        if new.index is None:
            return index + 1
        master_first = new.info.master is None and there.info.master is not None and there.index == new.index
        if (there.index if there.index is not None else -1) > new.index or master_first:
            place = index
        elif place is None:
            place = index + 1
    return len(controllers) if place is None else place


def in_video_order(videos: Sequence[Video]) -> list[Video]:
    """The card told to be the first one comes first."""
    ordered: list[Video] = []
    for video in videos:
        ordered.insert(0 if video.primary else len(ordered), video)
    return ordered
