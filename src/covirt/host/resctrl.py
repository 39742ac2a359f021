# SPDX-License-Identifier: LGPL-2.1-or-later
"""What of the processors' caches and of the memory's bandwidth can be dealt out and watched (resctrl)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from covirt.host import sysfs

SCOPES = {"": "both", "CODE": "code", "DATA": "data"}
"""Endings of a resource's name: what of a cache it deals out."""

MONITORED_LEVEL = 3
"""The kernel watches caches of the third level only."""


@dataclass(frozen=True, slots=True)
class CacheControl:
    """How caches of a level can be dealt out."""

    scope: str
    bits: int
    """A cache is dealt out in so many parts."""
    min_bits: int
    max_allocations: int


@dataclass(frozen=True, slots=True)
class BandwidthControl:
    """How the bandwidth of memory can be dealt out, in percent."""

    granularity: int
    min: int
    max_allocations: int


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What can be watched."""

    max_monitors: int
    reuse_threshold: int
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resctrl:
    """What there is."""

    caches: Mapping[int, tuple[CacheControl, ...]] = field(default_factory=dict)
    """Level of cache -> its controls."""
    bandwidth: BandwidthControl | None = None
    monitoring: Monitoring | None = None


def read_resctrl(root: Path = Path("/sys/fs/resctrl")) -> Resctrl:
    """What the kernel offers; nothing where resctrl is not mounted."""
    info = root / "info"
    if not info.is_dir():
        return Resctrl()
    caches: dict[int, list[CacheControl]] = {}
    names = {path.name for path in info.iterdir()}
    for ending, scope in SCOPES.items():
        for name in sorted(names):
            if (match := re.fullmatch(rf"L(\d+){ending}", name)) and (info / name / "num_closids").exists():
                caches.setdefault(int(match[1]), []).append(_cache(info / name, scope))
    return Resctrl(
        {level: tuple(controls) for level, controls in caches.items()},
        _bandwidth(info / "MB"),
        _monitoring(info / f"L{MONITORED_LEVEL}_MON"),
    )


def _cache(path: Path, scope: str) -> CacheControl:
    mask = int(sysfs.read_text(path / "cbm_mask"), 16)
    return CacheControl(
        scope, mask.bit_count(), sysfs.read_int(path / "min_cbm_bits"), sysfs.read_int(path / "num_closids")
    )


def _bandwidth(path: Path) -> BandwidthControl | None:
    if not (path / "bandwidth_gran").exists():
        return None
    return BandwidthControl(
        sysfs.read_int(path / "bandwidth_gran"),
        sysfs.read_int(path / "min_bandwidth"),
        sysfs.read_int(path / "num_closids"),
    )


def _monitoring(path: Path) -> Monitoring | None:
    if not (path / "num_rmids").exists():
        return None
    return Monitoring(
        sysfs.read_int(path / "num_rmids"),
        sysfs.read_optional_int(path / "max_threshold_occupancy") or 0,
        tuple(sysfs.read_text(path / "mon_features").split("\n")),
    )
