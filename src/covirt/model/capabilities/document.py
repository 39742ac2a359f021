# SPDX-License-Identifier: LGPL-2.1-or-later
"""The whole `<capabilities>` document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from covirt import xml
from covirt.model.capabilities.guest import GuestCapabilities
from covirt.model.capabilities.host import HostCapabilities
from covirt.xml import At


@dataclass(slots=True, kw_only=True)
class PoolCapabilities:
    """The types of storage pools."""

    ELEMENT: ClassVar[str] = "pool"

    name: Annotated[str, At("enum/@name")] = "type"
    types: Annotated[list[str], At("enum/value")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Capabilities:
    """What a host is and can run."""

    ELEMENT: ClassVar[str] = "capabilities"

    host: Annotated[HostCapabilities | None, At("host")] = None
    guests: Annotated[list[GuestCapabilities], At("guest")] = field(default_factory=list)
    pools: Annotated[PoolCapabilities | None, At("pool")] = None


def format_capabilities(capabilities: Capabilities) -> str:
    """The document; libvirt writes an empty line after each of its parts, as in no other document."""
    parts = [capabilities.host, *capabilities.guests, capabilities.pools]
    texts = [xml.format(part, indent=2) for part in parts if part is not None]
    return "\n".join(["<capabilities>\n", *texts, "</capabilities>\n"])
