# SPDX-License-Identifier: LGPL-2.1-or-later
"""Control groups: the groups of guests, what they may use and what they used; version 1, 2 and both at once."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from covirt.errors import InternalError, SystemCallFailed
from covirt.host import sysfs
from covirt.host.cgroup_layout import (
    CONTROLLERS,
    SYSTEMD,
    UNIFIED_NAMES,
    Mounts,
    Placement,
    guest_group,
    parse_controllers,
    partition_path,
    read_mounts,
    read_placement,
)

_OURS_NAMES = {new: old for old, new in UNIFIED_NAMES.items()}


class Cgroups:
    """The control groups of this machine."""

    def __init__(self, proc: Path = Path("/proc"), root: Path = Path("/")) -> None:
        """Another machine can be described by a copy of its /proc and of what is mounted."""
        self._proc, self._root = proc, root
        self._group_class = Group

    @cached_property
    def mounts(self) -> Mounts:
        """Which hierarchies there are."""
        text = sysfs.read_optional(self._proc / "mounts") or ""
        return read_mounts(text, lambda path: (self._root / path.relative_to("/")).is_symlink())

    @cached_property
    def kernel_controllers(self) -> list[str]:
        """What the kernel can control, whether mounted or not."""
        return parse_controllers(sysfs.read_optional(self._proc / "cgroups") or "")

    def available(self) -> bool:
        """Whether guests can have groups."""
        return bool(set(self.mounts.legacy) - {SYSTEMD}) or bool(self._unified_controllers(None))

    def group_of(self, pid: int | None = None) -> Group:
        """Where a process stands, or we."""
        if not self.available():
            raise InternalError("no cgroup backend available")
        path = self._proc / ("self" if pid is None else str(pid)) / "cgroup"
        placement = read_placement(sysfs.read_text(path), self.mounts)
        for controller in self.mounts.legacy:
            if controller not in placement.legacy:
                raise InternalError(f"Could not find placement for v1 controller {controller}")
        if self.mounts.unified is not None and placement.unified is None:
            raise InternalError("Could not find placement for v2 controller")
        return self._group(placement)

    def partition(self, path: str, *, create: bool = True) -> Group:
        """The group of a partition; `create` makes it and those above it."""
        if not path.startswith("/"):
            raise InternalError(f"Partition path '{path}' must start with '/'")
        group = self._group(self.group_of().placement.at("/"))
        for name in partition_path(path, self.kernel_controllers).strip("/").split("/"):
            if name:
                group = group.child(name)
                if create:
                    group.make()
        if not create and not group.exists:
            raise SystemCallFailed.from_errno(errno.ENOENT, f"no control group for partition '{path}'")
        return group

    def guest(self, driver: str, name: str, *, partition: str = "/machine") -> Group:
        """The group of a guest, made when it is not there; `name` is the guest's short name with its number."""
        group = self.partition(partition).child(guest_group(driver, name, self.kernel_controllers))
        group.make()
        return group

    def _group(self, placement: Placement) -> Group:
        """A group there; what both versions could control is left to version 2."""
        unified = self._unified_controllers(placement.unified)
        legacy = {name: path for name, path in placement.legacy.items() if name not in unified}
        where = Placement(legacy, placement.unified if unified else None)
        return self._group_class(self._root, self.mounts, where, frozenset(unified))

    def _unified_controllers(self, placement: str | None) -> set[str]:
        """What version 2 controls there.

        Counting and devices it can always do; a tree that stands empty beside version 1 leaves even that to it.
        """
        if self.mounts.unified is None:
            return set()
        base = self._root / self.mounts.unified.relative_to("/")
        text = sysfs.read_optional(base / (placement or "").strip("/") / "cgroup.controllers")
        if not text:
            return set()
        found = {_OURS_NAMES.get(name, name) for name in text.split()} & set(CONTROLLERS)
        return found | ({"cpuacct", "devices"} - (set() if found else set(self.mounts.legacy)))


@dataclass(frozen=True, slots=True)
class Group:
    """One control group, in all hierarchies in which it is."""

    root: Path
    mounts: Mounts
    placement: Placement
    unified_controllers: frozenset[str]

    @property
    def controllers(self) -> frozenset[str]:
        """What can be controlled here."""
        return self.unified_controllers | (frozenset(self.placement.legacy) - {SYSTEMD})

    def child(self, name: str) -> Group:
        """A group inside this one, which may not be there yet."""
        return replace(self, placement=self.placement.below(name))

    def directory(self, controller: str) -> Path:
        """Where a controller's files of this group are."""
        if controller in self.placement.legacy:
            return self._real(self.mounts.legacy[controller], self.placement.legacy[controller])
        if controller in self.unified_controllers and self.mounts.unified and self.placement.unified is not None:
            return self._real(self.mounts.unified, self.placement.unified)
        raise InternalError(f"controller '{controller}' is not available for this control group")

    def directories(self) -> list[Path]:
        """All directories of this group, those that systemd keeps left out."""
        return list(dict.fromkeys(self.directory(one) for one in CONTROLLERS if one in self.controllers))

    @property
    def exists(self) -> bool:
        """Whether it is there in all its hierarchies."""
        return all(path.is_dir() for path in self.directories())

    def make(self) -> None:
        """Make it, and in version 2 let it use all controllers that its parent may."""
        for path in self.directories():
            if self._unified(path):
                self._pass_controllers_on(path.parent)
            try:
                path.mkdir(mode=0o755, exist_ok=True)
            except OSError as error:
                raise SystemCallFailed.from_oserror(error, f"Failed to create control group '{path}'") from error
            if not self._unified(path):
                self._inherit_cpus(path)

    def put(self, pid: int) -> None:
        """Move a process with all its threads here."""
        for path in self.directories():
            self._write(path / "cgroup.procs", str(pid))

    def processes(self) -> list[int]:
        """Who is in it and in the groups inside it."""
        found = {pid for path in self.directories() for group in _tree(path) for pid in _pids(group / "cgroup.procs")}
        return sorted(found)

    def kill(self, number: int = signal.SIGKILL) -> int:
        """Send a signal to everybody inside; gives how many there were."""
        pids = self.processes()
        for path in self.directories():
            if number == signal.SIGKILL and (path / "cgroup.kill").exists():
                self._write(path / "cgroup.kill", "1")
                return len(pids)
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        return len(pids)

    def remove(self) -> None:
        """Remove it with the groups inside it; what still has processes stays, which is an error."""
        for path in self.directories():
            for group in _tree(path):
                try:
                    group.rmdir()
                except FileNotFoundError:
                    continue
                except OSError as error:
                    raise SystemCallFailed.from_oserror(error, f"Unable to remove {group}") from error

    def read(self, controller: str, key: str) -> str:
        """A value of a controller, by the name of its file."""
        return sysfs.read_text(self.directory(controller) / key)

    def write(self, controller: str, key: str, value: str | int) -> None:
        """Set a value of a controller."""
        self._write(self.directory(controller) / key, str(value))

    def _write(self, path: Path, value: str) -> None:
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
            try:
                os.write(fd, value.encode())
            finally:
                os.close(fd)
        except OSError as error:
            if error.errno == errno.EINVAL:
                raise SystemCallFailed.from_oserror(error, f"Invalid value '{value}' for '{path.name}'") from error
            raise SystemCallFailed.from_oserror(error, f"Unable to write to '{path}'") from error

    def _pass_controllers_on(self, parent: Path) -> None:
        """A group of version 2 has the controllers that its parent passes on; the root may pass on all it has."""
        offered = set((sysfs.read_optional(parent / "cgroup.controllers") or "").split())
        passed = set((sysfs.read_optional(parent / "cgroup.subtree_control") or "").split())
        ours = {UNIFIED_NAMES.get(name, name) for name in self.unified_controllers}
        for name in sorted(offered & ours - passed):
            self._write(parent / "cgroup.subtree_control", f"+{name}")

    def _inherit_cpus(self, path: Path) -> None:
        """A new group of version 1 has no processors and no memory nodes: nobody could be put into it."""
        for key in ("cpuset.cpus", "cpuset.mems"):
            if (path / key).exists() and not sysfs.read_optional(path / key):
                self._write(path / key, sysfs.read_text(path.parent / key))

    def _unified(self, path: Path) -> bool:
        unified = self.mounts.unified
        return unified is not None and path.is_relative_to(self._real(unified, ""))

    def _real(self, mount: Path, placement: str) -> Path:
        return self.root / str(mount).strip("/") / placement.strip("/")


def _tree(path: Path) -> Iterator[Path]:
    """A group and those inside it, the innermost first."""
    if path.is_dir():
        for entry in sorted(path.iterdir()):
            if entry.is_dir():
                yield from _tree(entry)
        yield path


def _pids(path: Path) -> list[int]:
    return [int(line) for line in (sysfs.read_optional(path) or "").split()]
