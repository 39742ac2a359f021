# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where huge pages can be had as files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from covirt.host import sysfs

_UNITS = {"K": 1, "M": 1 << 10, "G": 1 << 20, "": 1}


@dataclass(frozen=True, slots=True)
class HugePageMount:
    """A mounted hugetlbfs."""

    path: Path
    size: int
    """Of its pages, in KiB."""
    default: bool
    """Whether these are the pages that the kernel gives when nobody says a size."""


def huge_page_mounts(proc: Path = Path("/proc")) -> list[HugePageMount]:
    """All mounts, in the order in which they were made."""
    default = default_huge_page_size(proc)
    found = []
    for line in (sysfs.read_optional(proc / "mounts") or "").splitlines():
        _, where, kind, options, *_ = line.split(" ")
        if kind == "hugetlbfs":
            size = _page_size(options) or default
            if size is not None:
                found.append(HugePageMount(Path(where), size, size == default))
    return found


def default_huge_page_size(proc: Path = Path("/proc")) -> int | None:
    """The size, in KiB, that the kernel gives when nobody says one; None when it has no huge pages."""
    match = re.search(r"^Hugepagesize:\s+(\d+) kB", sysfs.read_text(proc / "meminfo"), re.MULTILINE)
    return int(match[1]) if match else None


def transparent_page_size(system: Path = Path("/sys/kernel/mm/transparent_hugepage")) -> int | None:
    """The size, in KiB, of the huge pages that the kernel uses by itself; None when it does not."""
    size = sysfs.read_optional_int(system / "hpage_pmd_size")
    return None if size is None else size >> 10


def _page_size(options: str) -> int | None:
    match = re.search(r"(?:^|,)pagesize=(\d+)([KMG]?)", options)
    return int(match[1]) * _UNITS[match[2]] if match else None
