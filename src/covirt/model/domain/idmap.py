# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<idmap>`: which users of the host a container's users are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from covirt.xml import At, Reading

_BAD = "invalid idmap start/target/count settings"


def _number(name: str) -> Any:
    return At(f"@{name}", missing=_BAD, invalid=_BAD)


@dataclass(slots=True, kw_only=True)
class IdRange:
    """A range of users in the container, and where it begins on the host."""

    start: Annotated[int, _number("start")]
    target: Annotated[int, _number("target")]
    count: Annotated[int, _number("count")]


@dataclass(slots=True, kw_only=True)
class IdMap:
    """The ranges of users and of groups."""

    users: Annotated[list[IdRange], At("uid")] = field(default_factory=list)
    groups: Annotated[list[IdRange], At("gid")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Ranges are kept in the order of their beginnings."""
        self.users.sort(key=lambda entry: entry.start)
        self.groups.sort(key=lambda entry: entry.start)
