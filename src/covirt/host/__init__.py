# SPDX-License-Identifier: LGPL-2.1-or-later
"""Everything that touches this machine: its processors, memory, files, users, terminals, network links, control groups.

A driver is given a `Host` and uses only that. Each part has a twin in `host.fake` that keeps in memory what the real
one does to the machine, so that a whole daemon runs without root. Begin with `Host` below.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from covirt.host.cgroups import Cgroups
from covirt.host.identity import Identity
from covirt.host.kvm import Kvm
from covirt.host.links import Links
from covirt.host.node import Node
from covirt.host.ownership import Ownership
from covirt.host.ptys import Ptys
from covirt.host.users import Users


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """The machine as drivers see it; the default parts are the real ones."""

    node: Node = field(default_factory=Node)
    kvm: Kvm = field(default_factory=Kvm)
    users: Users = field(default_factory=Users)
    files: Ownership = field(default_factory=Ownership)
    ptys: Ptys = field(default_factory=Ptys)
    links: Links = field(default_factory=Links)
    cgroups: Cgroups = field(default_factory=Cgroups)
    identity: Identity = field(default_factory=Identity)


def real_host() -> Host:
    """The machine this runs on."""
    return Host()
