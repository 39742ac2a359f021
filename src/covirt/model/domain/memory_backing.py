# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<memoryBacking>`: where the host takes the guest's memory from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from covirt.errors import ConfigUnsupported, XmlDetail
from covirt.model.domain.sizes import Memory, Nodes, memory_at
from covirt.xml import At, Present, Reading


class MemorySource(StrEnum):
    """What kind of host memory is used."""

    FILE = "file"
    ANONYMOUS = "anonymous"
    MEMFD = "memfd"


class MemoryAccess(StrEnum):
    """Do other processes see the guest's writes?"""

    SHARED = "shared"
    PRIVATE = "private"


class MemoryAllocation(StrEnum):
    """When host memory is taken."""

    IMMEDIATE = "immediate"
    ON_DEMAND = "ondemand"


@dataclass(slots=True, kw_only=True)
class HugePage:
    """A size of pages, for all nodes of the guest or for some."""

    size: Annotated[Memory, memory_at("@size", "./@size", missing="missing element or attribute './@size'")]
    """In KiB."""
    nodes: Annotated[Nodes | None, At("@nodeset")] = None

    def after_parse(self, reading: Reading) -> None:
        """There are no pages without size."""
        if not self.size:
            raise XmlDetail("hugepage size can't be zero")


@dataclass(slots=True, kw_only=True)
class HugePages:
    """Huge pages; without a size, the host's default one."""

    pages: Annotated[list[HugePage], At("page")] = field(default_factory=list)

    def page_of(self, node: int) -> HugePage | None:
        """The page size of a guest node: the one that names the node, else the one that names none."""
        named = (page for page in self.pages if page.nodes is not None and node in page.nodes)
        return next(named, next((page for page in self.pages if page.nodes is None), None))


def _kind(path: str, what: str) -> At:
    return At(path, blank_is_none=True, invalid=f"unknown memoryBacking/{what} '{{value}}'", error=ConfigUnsupported)


@dataclass(slots=True, kw_only=True)
class MemoryBacking:
    """How the guest's memory lies in the host's."""

    hugepages: Annotated[HugePages | None, At("hugepages")] = None
    no_share_pages: Annotated[Present, At("nosharepages")] = False
    locked: Annotated[Present, At("locked")] = False
    source: Annotated[MemorySource | None, _kind("source/@type", "source/type")] = None
    access: Annotated[MemoryAccess | None, _kind("access/@mode", "access/mode")] = None
    allocation: Annotated[MemoryAllocation | None, _kind("allocation/@mode", "allocation/mode")] = None
    allocation_threads: Annotated[
        int, At("allocation/@threads", omit=0, blank_is_none=True, invalid="Failed to parse memory allocation threads")
    ] = 0
    discard: Annotated[Present, At("discard")] = False
