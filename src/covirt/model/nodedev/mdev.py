# SPDX-License-Identifier: LGPL-2.1-or-later
"""Mediated devices: parts of a device that the host's driver deals out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.values import Uuid
from covirt.xml import At, Reading


@dataclass(slots=True, kw_only=True)
class MdevType:
    """A kind of part, and how many there still are."""

    id: Annotated[
        str, At("@id", blank_is_none=True, missing="missing 'id' attribute for mediated device's <type> element")
    ]
    name: Annotated[str | None, At("name")] = None
    device_api: Annotated[str, At("deviceAPI", missing="missing device API for mediated device type")]
    available: Annotated[
        int,
        At(
            "availableInstances",
            missing="missing number of available instances for mediated device type",
            invalid="missing number of available instances for mediated device type",
        ),
    ]


@dataclass(slots=True, kw_only=True)
class MdevTypes:
    """All kinds of parts."""

    type: Literal["mdev_types"] = "mdev_types"
    types: Annotated[list[MdevType], At("type")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """There is at least one."""
        if not self.types:
            raise XmlError("missing <type> element in <capability> element")


@dataclass(slots=True, kw_only=True)
class MdevAttribute:
    """A setting of the driver."""

    name: Annotated[str, At("@name")]
    value: Annotated[str, At("@value")]


@dataclass(slots=True, kw_only=True)
class MdevCapability:
    """A part of a device."""

    OPEN: ClassVar[bool] = True

    type: Literal["mdev"] = "mdev"
    type_id: Annotated[
        str, At("type/@id", blank_is_none=True, missing="missing type id attribute", error=ConfigUnsupported)
    ]
    uuid: Annotated[
        Uuid | None, At("uuid", invalid="Invalid uuid '{value}' for new mdev device", error=InternalError)
    ] = None
    parent_address: Annotated[str | None, At("parent_addr")] = None
    iommu_group: Annotated[
        int,
        At(
            "iommuGroup/@number", blank_is_none=True, invalid="invalid iommuGroup number attribute", error=InternalError
        ),
    ] = 0
    attributes: Annotated[list[MdevAttribute], At("attr")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Where the parent is only the host tells."""
        self.parent_address = None
