# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<numatune>`: from which nodes of the host the guest's memory comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Self

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.common.copying import changed
from covirt.model.domain.sizes import Nodes
from covirt.xml import At, Context


class NumaMode(StrEnum):
    """How strictly memory comes from the nodes named."""

    STRICT = "strict"
    PREFERRED = "preferred"
    INTERLEAVE = "interleave"
    RESTRICTIVE = "restrictive"


class NumaPlacement(StrEnum):
    """Who chooses the nodes."""

    DEFAULT = "default"
    STATIC = "static"
    AUTO = "auto"


@dataclass(slots=True, kw_only=True)
class NumaMemory:
    """The nodes for all memory."""

    mode: Annotated[
        NumaMode | None, At("@mode", invalid="Unsupported NUMA memory tuning mode '{value}'", error=ConfigUnsupported)
    ] = None
    nodes: Annotated[Nodes | None, At("@nodeset")] = None
    placement: Annotated[
        NumaPlacement | None,
        At("@placement", invalid="Unsupported NUMA memory placement mode '{value}'", error=ConfigUnsupported),
    ] = None

    def settle(self, cpus_static: bool) -> None:
        """Fill in what is not said; who places the processors places the memory too."""
        self.mode = self.mode or NumaMode.STRICT
        if self.placement in (None, NumaPlacement.DEFAULT):
            static = self.nodes is not None or cpus_static
            self.placement = NumaPlacement.STATIC if static else NumaPlacement.AUTO
        if self.placement is NumaPlacement.AUTO:
            self.nodes = None
        elif self.nodes is None:
            raise ConfigUnsupported("nodeset for NUMA memory tuning must be set if 'placement' is 'static'")

    @property
    def said(self) -> bool:
        """Is anything said at all?"""
        return not (self.mode is None and self.nodes is None and self.placement is None)

    def for_format(self, context: Context) -> Self:
        """Nodes that are named show that the placement is static."""
        return changed(self, placement=None) if self.nodes is not None else self


@dataclass(slots=True, kw_only=True)
class MemNode:
    """The nodes for the memory of one guest node."""

    cell: Annotated[int, At("@cellid")]
    mode: Annotated[NumaMode, At("@mode")] = NumaMode.STRICT
    nodes: Annotated[Nodes, At("@nodeset", missing="Missing required nodeset attribute in memnode element")]


@dataclass(slots=True, kw_only=True)
class NumaTuning:
    """The nodes for the guest, and for its single nodes."""

    memory: Annotated[NumaMemory | None, At("memory")] = None
    memnodes: Annotated[list[MemNode], At("memnode")] = field(default_factory=list)

    @property
    def automatic(self) -> bool:
        """Are nodes chosen when the guest starts?"""
        return self.memory is not None and self.memory.placement is NumaPlacement.AUTO

    def settle(self, cpus_static: bool, cells: int) -> None:
        """Fill in what is not said, and check that the guest nodes named are there."""
        if self.memory is None and not cpus_static:
            self.memory = NumaMemory(placement=NumaPlacement.AUTO)
        if self.memory is not None and not self.memory.said:
            self.memory = None
        if self.memory is not None:
            self.memory.settle(cpus_static)
        if self.memnodes:
            self._settle_memnodes(cells)

    def _settle_memnodes(self, cells: int) -> None:
        if self.automatic:
            raise ConfigUnsupported("Per-node binding is not compatible with automatic NUMA placement.")
        if not cells:
            raise XmlError("Element 'memnode' is invalid without any guest NUMA cells")
        seen: set[int] = set()
        for node in self.memnodes:
            if node.cell >= cells:
                raise XmlError("Argument 'cellid' in memnode element must correspond to existing guest's NUMA cell")
            if node.cell in seen:
                raise XmlError(f"Multiple memnode elements with cellid {node.cell}")
            seen.add(node.cell)
        self.memnodes.sort(key=lambda node: node.cell)

    def check_mode(self, cell: int) -> None:
        """Restrictive binding is for all memory or for none."""
        whole = self.memory is not None and self.memory.mode is NumaMode.RESTRICTIVE
        for node in self.memnodes:
            if node.cell != cell:
                continue
            if whole and node.mode is not NumaMode.RESTRICTIVE:
                raise XmlError(
                    "'restrictive' mode is required in memnode element when mode is 'restrictive' in memory element"
                )
            if not whole and node.mode is NumaMode.RESTRICTIVE:
                raise XmlError(
                    "'restrictive' mode is required in memory element when mode is 'restrictive' in memnode element"
                )
