# SPDX-License-Identifier: LGPL-2.1-or-later
"""The memory of this machine: how much, how much is free, in which nodes, in pages of which sizes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from covirt.errors import InternalError, InvalidArg, OperationFailed, SystemCallFailed
from covirt.host import sysfs

ALL_CELLS = -1
SMALL_PAGE = 4096


class Memory:
    """Reads what the kernel tells; sizes are in KiB unless said."""

    def __init__(
        self, system: Path = Path("/sys/devices/system"), proc: Path = Path("/proc"), *, page_size: int = SMALL_PAGE
    ) -> None:
        """Another machine can be described by copies of its directories."""
        self._system, self._proc, self._page_size = system, proc, page_size

    def total(self, cell: int = ALL_CELLS) -> int:
        """All memory of the machine or of a node."""
        return self._fields(cell)["MemTotal"]

    def free(self, cell: int = ALL_CELLS) -> int:
        """Memory that nobody uses."""
        return self._fields(cell)["MemFree"]

    def stats(self, cell: int = ALL_CELLS) -> Mapping[str, int]:
        """Total, free and, for the whole machine, buffers and cached memory, by libvirt's names."""
        names = {"total": "MemTotal", "free": "MemFree", "buffers": "Buffers", "cached": "Cached"}
        fields = self._fields(cell)
        return {ours: fields[name] for ours, name in names.items() if name in fields and (cell < 0 or ours in names)}

    def cells(self) -> list[int]:
        """The numbers of the NUMA nodes."""
        return [number for number, _ in sysfs.numbered(self._system / "node", "node")]

    def page_sizes(self, cell: int = ALL_CELLS) -> list[int]:
        """The sizes of pages, the smallest first."""
        base = self._node(cell) / "hugepages" if cell >= 0 else Path("/sys/kernel/mm/hugepages")
        huge = sorted(int(match[1]) for name in _names(base) if (match := re.fullmatch(r"hugepages-(\d+)kB", name)))
        return [self._page_size // 1024, *huge]

    def pages(self, size: int, cell: int = ALL_CELLS) -> tuple[int, int]:
        """How many pages of a size there are and how many of them are free."""
        if size == self._page_size // 1024:
            huge = sum(self.pages(other, cell)[0] * other for other in self.page_sizes(cell) if other != size)
            fields = self._fields(cell)
            return (fields["MemTotal"] - huge) // size, fields["MemFree"] // size
        base = self._huge(size, cell)
        if not base.is_dir():
            raise OperationFailed(f"page size {size} is not available on node {cell}")
        return sysfs.read_int(base / "nr_hugepages"), sysfs.read_int(base / "free_hugepages")

    def set_huge_pages(self, size: int, count: int, cell: int = ALL_CELLS, *, add: bool = False) -> None:
        """Set how many huge pages of a size there are; the kernel may find less memory for them, which is an error."""
        if size == self._page_size // 1024:
            raise OperationFailed("system pages pool can't be modified")
        base = self._huge(size, cell)
        if not base.is_dir():
            raise OperationFailed("page size or NUMA node not available")
        wanted = count + (sysfs.read_int(base / "nr_hugepages") if add else 0)
        try:
            (base / "nr_hugepages").write_text(str(wanted))
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, f"Unable to write to: {base / 'nr_hugepages'}") from error
        got = sysfs.read_int(base / "nr_hugepages")
        if got != wanted:
            raise OperationFailed(f"Unable to allocate {wanted} pages. Allocated only {got}")

    def _fields(self, cell: int) -> dict[str, int]:
        """What a meminfo file says, in KiB."""
        path = self._proc / "meminfo" if cell < 0 else self._node(cell) / "meminfo"
        if cell > max(self.cells(), default=0):
            raise InvalidArg(
                f"cellNum in virHostMemGetStats must be less than or equal to {max(self.cells(), default=0)}"
            )
        if cell == 0 and not path.exists():
            path = self._proc / "meminfo"  # a machine without NUMA has one node all the same
        found = re.findall(r"^(?:Node \d+ )?(\w+):\s+(\d+) kB", sysfs.read_text(path), re.MULTILINE)
        fields = {name: int(value) for name, value in found}
        if "MemTotal" not in fields or "MemFree" not in fields:
            raise InternalError(f"no available memory line found in {path}")
        return fields

    def _node(self, cell: int) -> Path:
        return self._system / f"node/node{cell}"

    def _huge(self, size: int, cell: int) -> Path:
        base = self._node(cell) / "hugepages" if cell >= 0 else Path("/sys/kernel/mm/hugepages")
        return base / f"hugepages-{size}kB"


def _names(directory: Path) -> list[str]:
    try:
        return [entry.name for entry in directory.iterdir()]
    except OSError:
        return []
