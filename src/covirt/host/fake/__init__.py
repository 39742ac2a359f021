# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine that exists only in memory: the twins of the modules in `covirt.host`.

Each twin has the methods of the real one and keeps what they would have changed, for tests to look at. What only
reads files is no twin of its own: the real code reads a small invented machine (`machine`).
"""

from __future__ import annotations

from pathlib import Path

from covirt.host import Host
from covirt.host.fake.cgroups import FakeCgroups
from covirt.host.fake.identity import FakeIdentity
from covirt.host.fake.kvm import FakeKvm
from covirt.host.fake.links import FakeLinks
from covirt.host.fake.machine import write_machine
from covirt.host.fake.ownership import FakeOwnership
from covirt.host.fake.ptys import FakePtys
from covirt.host.fake.users import FakeUsers
from covirt.host.node import Node


def fake_host(directory: Path, *, cpus: int = 4, memory: int = 8 << 20) -> Host:
    """A machine in memory, with so many processors and KiB; what must be files lies below a directory of the caller."""
    system, proc = write_machine(directory, cpus=cpus, memory=memory)
    return Host(
        node=Node(system, proc, "x86_64"),
        kvm=FakeKvm(),
        users=FakeUsers(),
        files=FakeOwnership(),
        ptys=FakePtys(),
        links=FakeLinks(),
        cgroups=FakeCgroups(directory / "cgroup", proc),
        identity=FakeIdentity(),
    )
