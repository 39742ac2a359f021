# SPDX-License-Identifier: LGPL-2.1-or-later
"""The groups of calls: which program numbers them, which kind of driver serves them, whose errors they raise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from covirt.errors import ErrorDomain


class Program(Enum):
    """A numbered collection of calls that a daemon answers."""

    REMOTE = (0x20008086, 1)
    QEMU = (0x20008087, 1)
    LXC = (0x00068000, 1)
    ADMIN = (0x06900690, 1)

    @property
    def number(self) -> int:
        """The number that names the program in messages."""
        return self.value[0]

    @property
    def version(self) -> int:
        """The version of the program that we speak."""
        return self.value[1]


class Family(Enum):
    """A kind of driver; a connection has at most one driver of each."""

    HYPERVISOR = "hypervisor"
    NETWORK = "network"
    STORAGE = "storage"
    INTERFACE = "interface"
    NODEDEV = "nodedev"
    NWFILTER = "nwfilter"
    SECRET = "secret"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Theme:
    """What all calls of a group have in common."""

    family: Family
    error_domain: ErrorDomain
    program: Program = Program.REMOTE


CONNECTION = Theme(Family.HYPERVISOR, ErrorDomain.NONE)
HOST = Theme(Family.HYPERVISOR, ErrorDomain.DOMAIN)
DOMAIN = Theme(Family.HYPERVISOR, ErrorDomain.DOMAIN)
SNAPSHOT = Theme(Family.HYPERVISOR, ErrorDomain.DOMAIN_SNAPSHOT)
CHECKPOINT = Theme(Family.HYPERVISOR, ErrorDomain.DOMAIN_CHECKPOINT)
NETWORK = Theme(Family.NETWORK, ErrorDomain.NETWORK)
STORAGE = Theme(Family.STORAGE, ErrorDomain.STORAGE)
INTERFACE = Theme(Family.INTERFACE, ErrorDomain.INTERFACE)
NODEDEV = Theme(Family.NODEDEV, ErrorDomain.NODEDEV)
NWFILTER = Theme(Family.NWFILTER, ErrorDomain.NWFILTER)
SECRET = Theme(Family.SECRET, ErrorDomain.SECRET)
QEMU = Theme(Family.HYPERVISOR, ErrorDomain.NONE, Program.QEMU)
LXC = Theme(Family.HYPERVISOR, ErrorDomain.NONE, Program.LXC)
ADMIN = Theme(Family.ADMIN, ErrorDomain.ADMIN, Program.ADMIN)
