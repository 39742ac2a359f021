# SPDX-License-Identifier: LGPL-2.1-or-later
"""Disks of the host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from covirt.errors import InternalError
from covirt.xml import At, Choice, Reading, ULong


@dataclass(slots=True, kw_only=True)
class RemovableMedium:
    """The medium of a drive."""

    type: Literal["removable"] = "removable"
    available: Annotated[str | None, At("media_available")] = None
    """ "1" or "0", once read."""
    size: Annotated[
        ULong,
        At(
            "media_size",
            missing="no removable media size supplied",
            invalid="invalid removable media size supplied",
            error=InternalError,
        ),
    ]
    label: Annotated[str | None, At("media_label")] = None
    block_size: Annotated[ULong | None, At("logical_block_size")] = None
    blocks: Annotated[ULong | None, At("num_blocks")] = None

    def after_parse(self, reading: Reading) -> None:
        """Blocks are known to the host only."""
        self.available = "1" if self.available == "1" else "0"
        self.block_size, self.blocks = _blocks(self.block_size, self.blocks)


def _blocks(size: int | None, number: int | None) -> tuple[int | None, int | None]:
    """Both or none."""
    return (size or 0, number or 0) if size or number else (None, None)


@dataclass(slots=True, kw_only=True)
class Hotpluggable:
    """It can be taken out while the host runs."""

    type: Literal["hotpluggable"] = "hotpluggable"


_PARTS = Choice(
    "@type",
    missing="missing storage capability type",
    invalid="unknown storage capability type '{value}'",
    error=InternalError,
)


@dataclass(slots=True, kw_only=True)
class StorageCapability:
    """A disk or drive."""

    OPEN: ClassVar[bool] = True

    type: Literal["storage"] = "storage"
    block: Annotated[str, At("block", missing="no block device path supplied", error=InternalError)]
    bus: Annotated[str | None, At("bus")] = None
    drive_type: Annotated[str | None, At("drive_type")] = None
    model: Annotated[str | None, At("model")] = None
    vendor: Annotated[str | None, At("vendor")] = None
    serial: Annotated[str | None, At("serial")] = None
    size: Annotated[ULong | None, At("size", invalid="invalid size supplied", error=InternalError)] = None
    block_size: Annotated[ULong | None, At("logical_block_size")] = None
    blocks: Annotated[ULong | None, At("num_blocks")] = None
    parts: Annotated[list[RemovableMedium | Hotpluggable], At("capability"), _PARTS] = field(default_factory=list)
    """A drive has its size here."""

    def after_parse(self, reading: Reading) -> None:
        """A drive has its size in the medium."""
        self.block_size, self.blocks = _blocks(self.block_size, self.blocks)
        self.parts.sort(key=lambda part: isinstance(part, Hotpluggable))
        if any(isinstance(part, RemovableMedium) for part in self.parts):
            self.size = self.block_size = self.blocks = None
        elif self.size is None:
            raise InternalError("no size supplied")
