# SPDX-License-Identifier: LGPL-2.1-or-later
"""Control groups: which are mounted, where a process stands, the groups of partitions and guests."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

from covirt.host.cgroup_layout import CONTROLLERS, guest_group
from covirt.host.cgroups import Cgroups, Group
from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.trace import Out, Player

UNIFIED_CONTROLLERS = "cpu io memory\n"
"""What the simulated hierarchy of version 2 offers."""

ALL_CONTROLLERS = -1


def run(case: Case) -> object:
    """Carry out one case."""
    if case.trace.get("steps") and not _only_all_controllers(case):
        raise CannotRun("a group in some of its hierarchies only cannot be asked for")
    with tempfile.TemporaryDirectory() as directory:
        machine = _machine(case, Path(directory))
        if case.kind == "CgroupDetectMounts":
            return _mounts(machine)
        Player(case, _vocabulary(machine), field=_field).play()
    return True


def _machine(case: Case, directory: Path) -> Cgroups:
    """The simulated machine: its /proc, and directories for what is mounted."""
    files = [case.path(role) for role in ("mounts", "self_cgroup", "cgroups") if case.has(role)]
    files += [case.root / name for name in case.support]
    proc = directory / "proc"
    (proc / "self").mkdir(parents=True)
    for file in files:
        kind = file.name.rpartition(".")[2]
        if file.name.endswith(".self.cgroup"):
            (proc / "self/cgroup").write_text(file.read_text())
        elif kind in ("mounts", "cgroups"):
            (proc / kind).write_text(file.read_text())
    for _, where, kind, *_ in (line.split(" ") for line in (proc / "mounts").read_text().splitlines()):
        if kind in ("cgroup", "cgroup2"):
            _mount(directory / where.lstrip("/"), kind)
    return Cgroups(proc, directory)


def _mount(path: Path, kind: str) -> None:
    path.mkdir(parents=True, exist_ok=True)
    if kind == "cgroup2":
        (path / "cgroup.controllers").write_text(UNIFIED_CONTROLLERS)
        (path / "cgroup.subtree_control").write_text(UNIFIED_CONTROLLERS)
    for name in path.name.split(",") if "," in path.name else []:
        path.with_name(name).symlink_to(path.name)


def _only_all_controllers(case: Case) -> bool:
    steps = [step for step in case.trace["steps"] if step.get("call") == "virCgroupNewPartition"]
    return all(step["args"][2] == ALL_CONTROLLERS for step in steps)


def _mounts(machine: Cgroups) -> str:
    machine.group_of()
    found: dict[str, Path | None] = {name: machine.mounts.legacy.get(name) for name in CONTROLLERS}
    found["unified"] = machine.mounts.unified
    return "".join(f"{name:<12} {path or '<null>'}\n" for name, path in found.items())


def _vocabulary(machine: Cgroups) -> dict[str, Any]:
    def give(out: Out, group: Group) -> int:
        out.value = group
        return 0

    def guest(partition: Group, driver: str, name: str, out: Out) -> int:
        group = partition.child(guest_group(driver, name, machine.kernel_controllers))
        group.make()
        return give(out, group)

    return {
        "virCgroupAvailable": lambda: int(machine.available()),
        "virCgroupNewSelf": lambda out: give(out, machine.group_of()),
        "virCgroupNewPartition": lambda path, create, controllers, out: give(
            out, machine.partition(path, create=bool(create))
        ),
        "virCgroupNewDomainPartition": guest,
    }


def _field(value: Any, name: str) -> Any:
    """A group as the trace looks at it: `legacy[n]` and `unified`, each with its parts."""
    if isinstance(value, Group):
        return value, name
    group, place = value
    if match := re.fullmatch(r"\[(\d+)\]", name):
        return group, CONTROLLERS[int(match[1])]
    return _unified(group, name) if place == "unified" else _legacy(group, place, name)


def _legacy(group: Group, controller: str, name: str) -> str | None:
    if controller not in group.placement.legacy:
        return None
    found = {
        "mountPoint": group.mounts.legacy[controller],
        "linkPoint": group.mounts.links.get(controller),
        "placement": group.placement.legacy[controller],
    }[name]
    return None if found is None else str(found)


def _unified(group: Group, name: str) -> object:
    if name == "controllers":
        return sum(1 << CONTROLLERS.index(one) for one in group.unified_controllers)
    if group.placement.unified is None:
        return None
    return group.placement.unified if name == "placement" else str(group.mounts.unified)
