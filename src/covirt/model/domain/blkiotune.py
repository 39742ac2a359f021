# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<blkiotune>`: the guest's share of the host's block devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Self

from covirt.errors import ConfigUnsupported
from covirt.xml import At, Context, ULong


def _limit(path: str, words: str) -> At:
    return At(path, omit=0, invalid=f"could not parse {words} {{value}}", error=ConfigUnsupported)


@dataclass(slots=True, kw_only=True)
class DeviceLimits:
    """Share of and limits on one host device; zero is none."""

    path: Annotated[str, At("path", missing="missing per-device path", error=ConfigUnsupported)]
    weight: Annotated[int, _limit("weight", "weight")] = 0
    read_iops_sec: Annotated[int, _limit("read_iops_sec", "read iops sec")] = 0
    write_iops_sec: Annotated[int, _limit("write_iops_sec", "write iops sec")] = 0
    read_bytes_sec: Annotated[ULong, _limit("read_bytes_sec", "read bytes sec")] = 0
    write_bytes_sec: Annotated[ULong, _limit("write_bytes_sec", "write bytes sec")] = 0

    def for_format(self, context: Context) -> Self | None:
        """A device without any limit is not written."""
        limits = (self.weight, self.read_iops_sec, self.write_iops_sec, self.read_bytes_sec, self.write_bytes_sec)
        return self if any(limits) else None


@dataclass(slots=True, kw_only=True)
class BlockTuning:
    """The guest's weight on all devices, and what is special for some."""

    weight: Annotated[int, At("weight", omit=0)] = 0
    devices: Annotated[list[DeviceLimits], At("device")] = field(default_factory=list)
