# SPDX-License-Identifier: LGPL-2.1-or-later
"""Putting this process into a container's control group."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from covirt.errors import SystemCallFailed
from libvirt._asking import guarded

if TYPE_CHECKING:
    from libvirt import virDomain

ROOT = Path("/sys/fs/cgroup")


def enter(domain: virDomain, flags: int) -> int:
    """Do it for every hierarchy; the number of a container is its first process."""

    def work(_: object, handle: object) -> int:
        try:
            for place in groups(domain.ID()):
                (place / "cgroup.procs").write_text(str(os.getpid()))
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, "Unable to add this process to the control group") from error
        return 0

    done: int = guarded(domain, "virDomainLxcEnterCGroup", work)
    return done


def groups(pid: int) -> Iterator[Path]:
    """The directories of a process's control groups, in version 2 one, in version 1 one for each controller."""
    for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        yield ROOT / controllers / path.lstrip("/")
