# SPDX-License-Identifier: LGPL-2.1-or-later
"""The control group of a container: what it may use, which devices, and what it has used; version 1 and 2."""

from __future__ import annotations

import os
import stat

from covirt.drivers.lxc.controller.plan import NodePlan
from covirt.host.cgroups import Group
from covirt.model.domain.definition import DomainDefinition

_UNLIMITED = -1
DEFAULT_SHARES, _MOST_WEIGHT = 1024, 10000

DEVICES = ("c 1:3", "c 1:5", "c 1:7", "c 1:8", "c 1:9", "c 5:0", "c 5:2", "c 10:229", "c 136:*")
"""null, zero, full, random, urandom, tty, ptmx, fuse and terminals."""


def limit(group: Group, guest: DomainDefinition, nodes: list[NodePlan]) -> None:
    """All limits of a definition; a controller that the host does not have is only needed for what is asked for."""
    set_memory(group, guest.memory.current)
    tuning = guest.memtune
    if tuning.hard_limit is not None:
        set_memory(group, tuning.hard_limit)
    if tuning.soft_limit is not None:
        _set(group, "memory", "memory.soft_limit_in_bytes", "memory.high", tuning.soft_limit << 10)
    if tuning.swap_hard_limit is not None:
        hard = tuning.hard_limit or guest.memory.current
        unified = "memory" in group.unified_controllers
        size = tuning.swap_hard_limit - hard if unified else tuning.swap_hard_limit
        _set(group, "memory", "memory.memsw.limit_in_bytes", "memory.swap.max", size << 10)
    if guest.cputune.shares is not None:
        set_shares(group, guest.cputune.shares)
    set_quota(group, guest.cputune.period or None, guest.cputune.quota or None)
    if guest.vcpus.cpuset:
        group.write("cpuset", "cpuset.cpus", str(guest.vcpus.cpuset))
    if guest.blkiotune.weight:
        _set(group, "blkio", "blkio.weight", "io.weight", guest.blkiotune.weight)
    _allow_devices(group, nodes)


def _allow_devices(group: Group, nodes: list[NodePlan]) -> None:
    """Version 1 has lists; version 2 has programs, which are not made here: /dev and capabilities protect there."""
    if "devices" not in group.placement.legacy or "devices" in group.unified_controllers:
        return
    group.write("devices", "devices.deny", "a")
    for rule in DEVICES:
        group.write("devices", "devices.allow", f"{rule} rwm")
    for node in nodes:
        kind = "b" if stat.S_ISBLK(node.mode) else "c"
        group.write("devices", "devices.allow", f"{kind} {node.major}:{node.minor} rwm")


def _set(group: Group, controller: str, old: str, new: str, value: int) -> None:
    unified = controller in group.unified_controllers
    group.write(controller, new if unified else old, "max" if unified and value < 0 else value)


# Single limits


def set_memory(group: Group, kib: int) -> None:
    """The most memory."""
    _set(group, "memory", "memory.limit_in_bytes", "memory.max", kib << 10)


def set_shares(group: Group, shares: int) -> None:
    """The weight among others; version 2 counts from 1 to 10000 with 100 for what was 1024."""
    if "cpu" in group.unified_controllers:
        group.write("cpu", "cpu.weight", max(1, min(_MOST_WEIGHT, shares * 100 // DEFAULT_SHARES)))
    else:
        group.write("cpu", "cpu.shares", shares)


def set_quota(group: Group, period: int | None, quota: int | None) -> None:
    """Microseconds of processor time in each period; a negative quota is none."""
    if period is None and quota is None:
        return
    if "cpu" in group.unified_controllers:
        now_quota, now_period = group.read("cpu", "cpu.max").split()
        text = now_quota if quota is None else "max" if quota < 0 else str(quota)
        group.write("cpu", "cpu.max", f"{text} {period or now_period}")
        return
    if period is not None:
        group.write("cpu", "cpu.cfs_period_us", period)
    if quota is not None:
        group.write("cpu", "cpu.cfs_quota_us", max(quota, _UNLIMITED))


def shares(group: Group) -> int:
    """The weight now, as version 1 counts it."""
    if "cpu" in group.unified_controllers:
        return int(group.read("cpu", "cpu.weight")) * DEFAULT_SHARES // 100
    return int(group.read("cpu", "cpu.shares"))


def quota(group: Group) -> tuple[int, int]:
    """Period and quota now."""
    if "cpu" in group.unified_controllers:
        text, period = group.read("cpu", "cpu.max").split()
        return int(period), _UNLIMITED if text == "max" else int(text)
    return int(group.read("cpu", "cpu.cfs_period_us")), int(group.read("cpu", "cpu.cfs_quota_us"))


def freeze(group: Group, frozen: bool) -> None:
    """Stop all processes, or let them go on."""
    if "freezer" in group.placement.legacy and "freezer" not in group.unified_controllers:
        group.write("freezer", "freezer.state", "FROZEN" if frozen else "THAWED")
    else:
        controller = next(iter(group.unified_controllers))
        group.write(controller, "cgroup.freeze", int(frozen))


# What was used


def cpu_time(group: Group) -> int:
    """Nanoseconds on processors."""
    if "cpuacct" in group.unified_controllers:
        return 1000 * _field(group.read("cpuacct", "cpu.stat"), "usage_usec")
    return int(group.read("cpuacct", "cpuacct.usage"))


def memory_used(group: Group) -> int:
    """KiB of memory now."""
    unified = "memory" in group.unified_controllers
    return int(group.read("memory", "memory.current" if unified else "memory.usage_in_bytes")) >> 10


def _field(text: str, name: str) -> int:
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} ")), 0)


def node_of(path: str, *, inside: str | None = None) -> NodePlan:
    """A device of the host as the container gets it."""
    found = os.stat(path)
    major, minor = os.major(found.st_rdev), os.minor(found.st_rdev)
    mode = stat.S_IFMT(found.st_mode) | 0o666
    return NodePlan(path=inside or path, mode=mode, major=major, minor=minor, source=path)
