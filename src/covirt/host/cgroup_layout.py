# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where control groups are: which hierarchies are mounted, and where in them a process stands. Touches no file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

CONTROLLERS = (
    "cpu",
    "cpuacct",
    "cpuset",
    "memory",
    "devices",
    "freezer",
    "blkio",
    "net_cls",
    "perf_event",
    "name=systemd",
)
SYSTEMD = "name=systemd"
"""Not a controller but the hierarchy in which systemd keeps its units."""

UNIFIED_NAMES = {"blkio": "io"}
"""Controllers that changed their name with version 2."""


@dataclass(frozen=True, slots=True)
class Mounts:
    """The hierarchies of a machine: version 1 by controller, version 2 as one."""

    legacy: Mapping[str, Path] = field(default_factory=dict)
    links: Mapping[str, Path] = field(default_factory=dict)
    """For controllers mounted together: the link that has the name of one alone."""
    unified: Path | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where in the hierarchies a group is."""

    legacy: Mapping[str, str] = field(default_factory=dict)
    unified: str | None = None

    def below(self, name: str) -> Placement:
        """A group inside this one; systemd's own hierarchy is left alone."""
        legacy = {key: path if key == SYSTEMD else _join(path, name) for key, path in self.legacy.items()}
        return Placement(legacy, None if self.unified is None else _join(self.unified, name))

    def at(self, path: str) -> Placement:
        """The group at an absolute path in all hierarchies but systemd's own."""
        legacy = {key: old if key == SYSTEMD else path for key, old in self.legacy.items()}
        return Placement(legacy, None if self.unified is None else path)


def read_mounts(text: str, is_link: Callable[[Path], bool]) -> Mounts:
    """The hierarchies in /proc/mounts; a later mount of the same one counts."""
    legacy: dict[str, Path] = {}
    links: dict[str, Path] = {}
    unified = None
    for _, where, kind, options, *_ in (line.split(" ") for line in text.splitlines()):
        path = Path(where.encode().decode("unicode_escape"))
        if kind == "cgroup2":
            unified = path
        if kind != "cgroup":
            continue
        for controller in set(options.split(",")) & set(CONTROLLERS):
            legacy[controller] = path
            links.pop(controller, None)
            if "," in path.name and is_link(path.with_name(controller)):
                links[controller] = path.with_name(controller)
    return Mounts(legacy, links, unified)


def read_placement(text: str, mounts: Mounts) -> Placement:
    """Where a process stands, from its /proc/PID/cgroup.

    Inside a guest's group processes are spread over groups of ours; what counts is the group that they are below.
    """
    legacy: dict[str, str] = {}
    unified = None
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers and mounts.unified is not None and unified is None:
            unified = _without_ours(path, "/emulator", "/libvirt")
        for controller in controllers.split(","):
            if controller in mounts.legacy:
                legacy.setdefault(controller, _without_ours(path, "/libvirt"))
    return Placement(legacy, unified)


def partition_path(path: str, controllers: Iterable[str]) -> str:
    """The group of a partition such as `/machine/web`: all but the three top groups get the suffix `.partition`."""
    names = path.split("/")
    return "/".join(
        name if at == 1 and name in ("machine", "system", "user") else escape(_with_suffix(name), controllers)
        for at, name in enumerate(names)
    )


def guest_group(driver: str, name: str, controllers: Iterable[str]) -> str:
    """The name of the group of a guest inside its partition."""
    return escape(f"{name}.libvirt-{driver}", controllers)


def escape(name: str, controllers: Iterable[str]) -> str:
    """Names that the kernel uses for its own files get an underscore in front."""
    reserved = name.startswith(("cgroup.", "_", ".")) or any(name.startswith(f"{one}.") for one in controllers)
    return f"_{name}" if reserved else name


def parse_controllers(text: str) -> list[str]:
    """The controllers that the kernel has, from /proc/cgroups."""
    return [line.split()[0] for line in text.splitlines() if line and not line.startswith("#")]


def _with_suffix(name: str) -> str:
    return f"{name}.partition" if name and "." not in name else name


def _without_ours(path: str, *names: str) -> str:
    for name in names:
        path = path[: path.rfind(name)] if name in path else path
    return path


def _join(parent: str, name: str) -> str:
    return str(PurePosixPath(parent) / name) if name else parent
