# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<filterbinding>`: the use of a network filter on the port device of a guest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from covirt.errors import InternalError
from covirt.model.common.filterref import FilterRef
from covirt.values import Mac, Uuid
from covirt.xml import At


def _required(path: str, what: str, invalid: str | None = None) -> Any:
    missing = f"filter binding has no {what}"
    return At(path, blank_is_none=True, missing=missing, invalid=invalid or missing, error=InternalError)


@dataclass(slots=True, kw_only=True)
class FilterBindingDefinition:
    """A binding: whose it is, on which device, with which filter."""

    ELEMENT: ClassVar[str] = "filterbinding"

    owner_name: Annotated[str, _required("owner/name", "owner name")]
    owner_uuid: Annotated[Uuid, _required("owner/uuid", "owner UUID", "Unable to parse UUID '{value}'")]
    port_dev: Annotated[str, _required("portdev/@name", "port dev name")]
    link_dev: Annotated[str | None, At("linkdev/@name", blank_is_none=True)] = None
    mac: Annotated[Mac, _required("mac/@address", "MAC address", "Unable to parse MAC '{value}'")]
    filter: Annotated[FilterRef, At("filterref")] = field(default_factory=FilterRef)
