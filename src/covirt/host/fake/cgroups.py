# SPDX-License-Identifier: LGPL-2.1-or-later
"""Control groups in a directory of ordinary files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from covirt.host.cgroups import Cgroups, Group


@dataclass(frozen=True, slots=True)
class FakeGroup(Group):
    """A directory in which files appear when they are written to."""

    def put(self, pid: int) -> None:
        """Note a process."""
        for path in self.directories():
            with (path / "cgroup.procs").open("a") as file:
                file.write(f"{pid}\n")

    def kill(self, number: int = 9) -> int:
        """Nobody is harmed."""
        return len(self.processes())

    def remove(self) -> None:
        """Remove it with all in it."""
        for path in self.directories():
            shutil.rmtree(path, ignore_errors=True)

    def write(self, controller: str, key: str, value: str | int) -> None:
        """Note a value."""
        (self.directory(controller) / key).write_text(f"{value}\n")


class FakeCgroups(Cgroups):
    """The real code, on a directory that stands for a hierarchy of version 2."""

    def __init__(self, directory: Path, proc: Path) -> None:
        """Make the root group."""
        super().__init__(proc, directory)
        self._group_class = FakeGroup
        base = directory / "sys/fs/cgroup"
        base.mkdir(parents=True, exist_ok=True)
        for name in ("cgroup.controllers", "cgroup.subtree_control"):
            (base / name).write_text("cpu memory io cpuset\n")
