# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the daemon tells a controller: all that a container is, resolved, so that here nothing is decided any more.

The plan travels as JSON. Descriptors travel beside it, in this order: the listening socket of the monitor, the log, the
host PTYs of the consoles, the namespaces of `shared`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class MountPlan:
    """One file system of the container beside its root."""

    kind: str
    """`bind` a path of the host, a file system in memory (`ram`), or a `block` device of the host."""
    target: str
    source: str = ""
    read_only: bool = False
    size: int = 0
    """The most bytes in memory."""


@dataclass(frozen=True, kw_only=True)
class NodePlan:
    """A device of the host that the container may use."""

    path: str
    mode: int
    """With its kind, as in `st_mode`."""
    major: int
    minor: int
    source: str = ""
    """The host's node, for containers whose users may make none."""


@dataclass(frozen=True, kw_only=True)
class LinkPlan:
    """A network interface that is moved into the container."""

    host: str
    guest: str = ""
    up: bool = False
    addresses: list[tuple[str, int, str | None]] = field(default_factory=list)
    """Address, length of the prefix, peer."""
    routes: list[tuple[str, int, str, int | None]] = field(default_factory=list)
    """Network, length of the prefix, gateway, metric."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One container."""

    name: str
    hostname: str
    root: str
    staging: str
    """An empty directory of the host; only the container sees something mounted there."""
    argv: list[str]
    root_kind: str = "bind"
    root_read_only: bool = False
    env: dict[str, str] = field(default_factory=dict)
    directory: str = "/"
    user: str | None = None
    group: str | None = None
    mounts: list[MountPlan] = field(default_factory=list)
    nodes: list[NodePlan] = field(default_factory=list)
    users: list[tuple[int, int, int]] = field(default_factory=list)
    """Ranges of users: first one inside, first one on the host, how many. None: no user namespace."""
    groups: list[tuple[int, int, int]] = field(default_factory=list)
    cgroups: list[str] = field(default_factory=list)
    """The directories of its control group."""
    cgroup_mounts: list[tuple[str, str, str]] = field(default_factory=list)
    """Hierarchies that the container sees: name, type, options."""
    private_network: bool = False
    shared: list[str] = field(default_factory=list)
    """Namespaces that are another one's: `net`, `ipc`, `uts`."""
    links: list[LinkPlan] = field(default_factory=list)
    capabilities: list[int] = field(default_factory=list)
    """What its processes may have at most."""
    no_new_privileges: bool = False
    consoles: int = 0

    @property
    def mapped(self) -> bool:
        """Does it have users of its own?"""
        return bool(self.users)

    def to_json(self) -> str:
        """The text of the orders."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: bytes | str) -> Self:
        """What the text says."""
        found: dict[str, Any] = json.loads(text)
        found["mounts"] = [MountPlan(**one) for one in found["mounts"]]
        found["nodes"] = [NodePlan(**one) for one in found["nodes"]]
        found["links"] = [LinkPlan(**one) for one in found["links"]]
        return cls(**found)
