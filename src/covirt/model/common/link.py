# SPDX-License-Identifier: LGPL-2.1-or-later
"""The state of a link of the host."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from covirt.xml import At


class LinkState(StrEnum):
    """The states that the kernel tells."""

    UNKNOWN = "unknown"
    NOT_PRESENT = "notpresent"
    DOWN = "down"
    LOWER_LAYER_DOWN = "lowerlayerdown"
    TESTING = "testing"
    DORMANT = "dormant"
    UP = "up"


@dataclass(slots=True, kw_only=True)
class Link:
    """How fast it is, and whether it works."""

    speed: Annotated[int, At("@speed", omit=0)] = 0
    state: Annotated[LinkState | None, At("@state")] = None
