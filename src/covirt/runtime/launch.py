# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a process is to be before it is one: program, surroundings, and the steps from here to there.

The steps are plain values, carried out in order by the launchpad inside the new process. A driver adds its own, such
as the mounts of a private /dev, with the functions at the end.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Value = int | str | None | tuple[int, ...] | list[int]
Step = tuple[Value, ...]
"""A name of the launchpad's table and its arguments; a list of one number stands for a descriptor handed over."""

Stdio = int | Path | None
"""A descriptor of ours, a file to append to, or None for /dev/null."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A program to run and all that surrounds it."""

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    stdin: Stdio = None
    stdout: Stdio = None
    stderr: Stdio = None
    fds: Mapping[int, int] = field(default_factory=dict)
    """Descriptors it inherits: number there -> number here."""
    uid: int | None = None
    gid: int | None = None
    groups: Sequence[int] | None = None
    capabilities: frozenset[int] | None = None
    """It has exactly these; None leaves what is there."""
    no_new_privileges: bool = False
    umask: int = 0o022
    limits: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """`resource.RLIMIT_…` -> (soft, hard)."""
    nice: int = 0
    oom_score_adj: int | None = None
    affinity: frozenset[int] | None = None
    cgroups: Sequence[Path] = ()
    """Control groups (directories) it is in from its first instruction on."""
    enter: Mapping[int, int] = field(default_factory=dict)
    """Namespaces it joins: descriptor here -> kind (`CLONE_NEW…`, or 0 for any)."""
    unshare: int = 0
    """Namespaces of its own, as `CLONE_NEW…` flags."""
    steps: Sequence[Step] = ()
    """What is done after that, still as the user we are."""
    pid_file: Path | None = None
    """Gets its pid and is locked while it runs."""

    def __str__(self) -> str:
        """The command as libvirt writes it to logs."""
        return " ".join([*(f"{name}={value}" for name, value in self.env.items()), *self.argv])

    def plan(self) -> Plan:
        """The orders for the launchpad and the descriptors that go along."""
        plan = Plan()
        for number, wanted in ((0, self.stdin), (1, self.stdout), (2, self.stderr)):
            if isinstance(wanted, Path):
                plan.steps.append(("output", str(wanted), number))
            elif wanted is not None:
                plan.fds[number] = plan.hand_over(wanted)
        for number, ours in self.fds.items():
            plan.fds[number] = plan.hand_over(ours)
        plan.steps += self._surroundings(plan)
        plan.steps += self.steps
        plan.steps += self._identity()
        return plan

    def _surroundings(self, plan: Plan) -> list[Step]:
        steps: list[Step] = [("write", str(group / "cgroup.procs"), "0") for group in self.cgroups]
        steps += [("enter namespace", [plan.hand_over(fd)], kind) for fd, kind in self.enter.items()]
        if self.unshare:
            steps.append(("unshare", self.unshare))
        if self.nice:
            steps.append(("nice", self.nice))
        if self.oom_score_adj is not None:
            steps.append(("write", "/proc/self/oom_score_adj", str(self.oom_score_adj)))
        if self.affinity is not None:
            steps.append(("affinity", tuple(sorted(self.affinity))))
        steps += [("limit", which, soft, hard) for which, (soft, hard) in self.limits.items()]
        return steps

    def _identity(self) -> list[Step]:
        steps: list[Step] = [("umask", self.umask)]
        if self.pid_file is not None:
            steps.append(("pid file", str(self.pid_file)))
        groups = None if self.groups is None else tuple(self.groups)
        wanted = None if self.capabilities is None else tuple(sorted(self.capabilities))
        if (self.uid, self.gid, groups, wanted) != (None, None, None, None):
            steps.append(("become", self.uid, self.gid, groups, wanted))
        if self.no_new_privileges:
            steps.append(("no new privileges",))
        steps.append(("directory", str(self.cwd)))
        return steps


@dataclass(slots=True)
class Plan:
    """What the launchpad is told."""

    steps: list[Step] = field(default_factory=list)
    fds: dict[int, int] = field(default_factory=dict)
    """Number there -> place in `handed`."""
    handed: list[int] = field(default_factory=list)

    def hand_over(self, fd: int) -> int:
        """Send a descriptor along; gives its place."""
        if fd not in self.handed:
            self.handed.append(fd)
        return self.handed.index(fd)


# Steps that a driver may add


def mount(source: str | None, target: Path, kind: str | None, flags: int, data: str | None = None) -> Step:
    """Mount, bind, move or change a mount (`MS_…` flags)."""
    return ("mount", source, str(target), kind, flags, data)


def unmount(path: Path, flags: int = 0) -> Step:
    """Undo a mount."""
    return ("unmount", str(path), flags)


def make_directory(path: Path, mode: int = 0o755) -> Step:
    """Make a directory and those above it."""
    return ("make directory", str(path), mode)


def make_file(path: Path, mode: int = 0o644) -> Step:
    """Make an empty file to bind something on."""
    return ("make file", str(path), mode)


def make_node(path: Path, mode: int, device: int) -> Step:
    """Make a device node; `mode` includes its type, `device` is a number as in `st_rdev`."""
    return ("make node", str(path), mode, os.major(device), os.minor(device))


def make_link(target: str, path: Path) -> Step:
    """Make a symbolic link."""
    return ("make link", target, str(path))


def change_owner(path: Path, uid: int, gid: int) -> Step:
    """Give a file away."""
    return ("change owner", str(path), uid, gid)


def change_mode(path: Path, mode: int) -> Step:
    """Set the permissions of a file."""
    return ("change mode", str(path), mode)
