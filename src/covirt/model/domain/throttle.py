# SPDX-License-Identifier: LGPL-2.1-or-later
"""Limits on the rate of a disk's requests, for one disk (iotune) or a named group (throttlegroup)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Any

from covirt.errors import XmlError
from covirt.xml import At, ULong


def _rate(name: str, owner: str) -> Any:
    return At(name, omit=0, invalid=f"{owner} field '{name}' must be an integer")


def _disk(name: str) -> Any:
    return _rate(name, "disk iotune")


@dataclass(slots=True, kw_only=True)
class IoTune:
    """The limits of one disk; disks that name the same group share them."""

    total_bytes_sec: Annotated[ULong, _disk("total_bytes_sec")] = 0
    read_bytes_sec: Annotated[ULong, _disk("read_bytes_sec")] = 0
    write_bytes_sec: Annotated[ULong, _disk("write_bytes_sec")] = 0
    total_iops_sec: Annotated[ULong, _disk("total_iops_sec")] = 0
    read_iops_sec: Annotated[ULong, _disk("read_iops_sec")] = 0
    write_iops_sec: Annotated[ULong, _disk("write_iops_sec")] = 0
    total_bytes_sec_max: Annotated[ULong, _disk("total_bytes_sec_max")] = 0
    read_bytes_sec_max: Annotated[ULong, _disk("read_bytes_sec_max")] = 0
    write_bytes_sec_max: Annotated[ULong, _disk("write_bytes_sec_max")] = 0
    total_iops_sec_max: Annotated[ULong, _disk("total_iops_sec_max")] = 0
    read_iops_sec_max: Annotated[ULong, _disk("read_iops_sec_max")] = 0
    write_iops_sec_max: Annotated[ULong, _disk("write_iops_sec_max")] = 0
    size_iops_sec: Annotated[ULong, _disk("size_iops_sec")] = 0
    group_name: Annotated[str | None, At("group_name")] = None
    total_bytes_sec_max_length: Annotated[ULong, _disk("total_bytes_sec_max_length")] = 0
    read_bytes_sec_max_length: Annotated[ULong, _disk("read_bytes_sec_max_length")] = 0
    write_bytes_sec_max_length: Annotated[ULong, _disk("write_bytes_sec_max_length")] = 0
    total_iops_sec_max_length: Annotated[ULong, _disk("total_iops_sec_max_length")] = 0
    read_iops_sec_max_length: Annotated[ULong, _disk("read_iops_sec_max_length")] = 0
    write_iops_sec_max_length: Annotated[ULong, _disk("write_iops_sec_max_length")] = 0

    @property
    def limits(self) -> dict[str, int]:
        """All limits by name."""
        return {part.name: getattr(self, part.name) for part in fields(self) if part.name != "group_name"}

    @property
    def any(self) -> bool:
        """Is anything limited?"""
        return any(self.limits.values())

    def check(self) -> None:
        """A total excludes the limits of its parts."""
        for what in ("bytes_sec", "iops_sec", "bytes_sec_max", "iops_sec_max"):
            total, read, write = (getattr(self, f"{part}_{what}") for part in ("total", "read", "write"))
            if total and (read or write):
                raise XmlError(f"total and read/write {what} cannot be set at the same time")


@dataclass(slots=True, kw_only=True)
class ThrottleGroup(IoTune):
    """Limits that several disks share; their name stands last."""

    group_name: Annotated[str | None, At("group_name")] = None
