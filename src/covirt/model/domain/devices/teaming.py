# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pairs of interfaces: one that stays, and a faster one that leaves during migration."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from covirt.errors import ConfigUnsupported
from covirt.xml import At, Reading


class TeamingType(StrEnum):
    """Which of the pair it is."""

    PERSISTENT = "persistent"
    TRANSIENT = "transient"


@dataclass(slots=True, kw_only=True)
class Teaming:
    """The part of an interface in a pair."""

    type: Annotated[
        TeamingType | None,
        At("@type", blank_is_none=True, invalid="unknown teaming type '{value}'", error=ConfigUnsupported),
    ] = None
    persistent: Annotated[str | None, At("@persistent", blank_is_none=True)] = None
    """Alias of the interface that stays."""

    def after_parse(self, reading: Reading) -> None:
        """A partner alone makes no pair."""
        if self.type is None and self.persistent is not None:
            raise ConfigUnsupported("unknown teaming type '<null>'")
