# SPDX-License-Identifier: LGPL-2.1-or-later
"""The container's file systems: built below a directory of the host, which then becomes the root.

The container's root is not trusted: its links are followed as the container would follow them, never out of it, and
what is mounted is mounted on a descriptor, not on a path that could change meanwhile.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

from .kernel import (
    MNT_DETACH,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    MS_SLAVE,
    mount,
    open_within,
    pivot_root,
    unmount,
)
from .plan import MountPlan, Plan

STRICT = MS_NOSUID | MS_NODEV | MS_NOEXEC

MASKED = (
    *("/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug"),
    *("/proc/acpi", "/proc/scsi", "/sys/firmware", "/sys/dev/block", "/sys/kernel/debug", "/sys/kernel/tracing"),
)
"""What tells of the host, or would let it be changed, and is nothing to a container."""

BASIC = ("/proc", "/proc/sys", "/proc/sys/net/ipv4", "/proc/sys/net/ipv6", "/sys", "/sys/kernel/security")
"""What every container has mounted there anyway."""

READ_ONLY = ("/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs")


class Tree:
    """The file systems of one container while they are built."""

    def __init__(self, plan: Plan) -> None:
        """Bind the root to the staging directory; nothing that is mounted here is seen outside."""
        self._plan = plan
        mount(None, "/", None, MS_REC | MS_SLAVE)
        if plan.root_kind == "block":
            mount_device(plan.root, plan.staging)
        else:
            mount(plan.root, plan.staging, None, MS_BIND | MS_REC)
        mount(None, plan.staging, None, MS_REC | MS_PRIVATE)
        self.fd = os.open(plan.staging, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)

    def build(self) -> None:
        """All that every container has, then its own file systems."""
        self.mount_proc()
        self.mount_sys()
        self.mount_cgroups()
        if self._plan.root_read_only:
            remount_read_only(self._plan.staging)
        for one in self._plan.mounts:
            self.mount(one)

    def enter(self) -> None:
        """Make it our root; nothing of the host's tree stays within reach."""
        os.fchdir(self.fd)
        os.chdir(self._plan.staging)
        pivot_root(".", ".")
        unmount(".", MNT_DETACH)
        os.chdir("/")

    # Kernel file systems

    def mount_proc(self) -> None:
        """A private /proc in which the host cannot be changed."""
        with self.place("/proc") as target:
            mount("proc", target, "proc", STRICT)
        for path in READ_ONLY:
            self._bind_read_only(path)
        if self._plan.private_network and "net" not in self._plan.shared:
            with contextlib.suppress(FileNotFoundError), self.existing("/proc/sys/net") as target:
                mount(target, target, None, MS_BIND | MS_REC)
            with contextlib.suppress(FileNotFoundError), self.existing("/proc/sys/net") as target:
                mount(None, target, None, MS_REMOUNT | MS_BIND | STRICT)
        for path in MASKED:
            if path.startswith("/proc"):
                self._mask(path)

    def mount_sys(self) -> None:
        """A read-only /sys; who has no network of his own may not have a /sys of his own."""
        with self.place("/sys") as target:
            try:
                mount("sysfs", target, "sysfs", STRICT | MS_RDONLY)
            except PermissionError:
                mount("/sys", target, None, MS_BIND | MS_REC)
        for path in MASKED:
            if path.startswith("/sys"):
                self._mask(path)

    def mount_cgroups(self) -> None:
        """The container's own group as the root of each hierarchy, for it to read."""
        if not self._plan.cgroup_mounts:
            return
        with self.existing("/sys/fs/cgroup") as target:
            mount("cgroup", target, "tmpfs", STRICT, "mode=755,size=64k")
        for name, kind, options in self._plan.cgroup_mounts:
            with self.place(f"/sys/fs/cgroup/{name}") as target:
                mount("cgroup", target, kind, STRICT | MS_RDONLY, options or None)
        with self.existing("/sys/fs/cgroup") as target:
            mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | STRICT)

    # The container's own

    def mount(self, one: MountPlan) -> None:
        """One file system of the document."""
        directory = one.kind != "bind" or os.path.isdir(one.source)
        with self.place(one.target, directory=directory) as target:
            if one.kind == "ram":
                mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, f"size={one.size},mode=0755")
            elif one.kind == "block":
                mount_device(one.source, target)
            else:
                mount(one.source, target, None, MS_BIND | MS_REC)
        if one.read_only:
            with self.existing(one.target) as target:
                remount_read_only(target)

    # Places

    @contextlib.contextmanager
    def existing(self, path: str) -> Iterator[str]:
        """A name, good while it is used, for a place that is there."""
        fd = open_within(self.fd, path, os.O_PATH)
        try:
            yield f"/proc/self/fd/{fd}"
        finally:
            os.close(fd)

    @contextlib.contextmanager
    def place(self, path: str, *, directory: bool = True) -> Iterator[str]:
        """The same for a place that is made when it is not there."""
        self.make(path, directory=directory)
        with self.existing(path) as target:
            yield target

    def make(self, path: str, *, directory: bool = True) -> None:
        """Make an empty directory or file and the directories above it, never outside the root."""
        try:
            os.close(open_within(self.fd, path, os.O_PATH))
            return
        except FileNotFoundError:
            parent, name = os.path.split(path.rstrip("/"))
        self.make(parent or "/")
        above = open_within(self.fd, parent or "/", os.O_PATH | os.O_DIRECTORY)
        try:
            if directory:
                os.mkdir(name, 0o755, dir_fd=above)
            else:
                flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
                os.close(os.open(name, flags, 0o644, dir_fd=above))
        finally:
            os.close(above)

    def _bind_read_only(self, path: str) -> None:
        """Bind a place to itself so that it can be read only."""
        try:
            with self.existing(path) as target:
                mount(target, target, None, MS_BIND | MS_REC)
            with self.existing(path) as target:
                mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | STRICT)
        except FileNotFoundError:
            return

    def _mask(self, path: str) -> None:
        """Hide a place: a directory is empty, a file has nothing in it."""
        try:
            with self.existing(path) as target:
                if stat.S_ISDIR(os.stat(target).st_mode):
                    mount("tmpfs", target, "tmpfs", STRICT | MS_RDONLY, "size=0k")
                else:
                    mount("/dev/null", target, None, MS_BIND)
        except FileNotFoundError:
            return


def remount_read_only(target: str) -> None:
    """Make a mount read-only; what else it forbids is kept."""
    found = os.statvfs(target).f_flag
    kept = sum(ours for flag, ours in _KEPT.items() if found & flag)
    mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | kept)


_KEPT = {os.ST_NOSUID: MS_NOSUID, os.ST_NODEV: MS_NODEV, os.ST_NOEXEC: MS_NOEXEC}


def mount_device(device: str, target: str) -> None:
    """Mount a block device with whichever file system it has, of those that the kernel knows."""
    with open("/proc/filesystems") as file:
        kinds = [line.split()[-1] for line in file if not line.startswith("nodev")]
    for kind in kinds:
        try:
            mount(device, target, kind)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENODEV, errno.EUCLEAN):
                raise
        else:
            return
    raise OSError(errno.EINVAL, "no file system that this kernel knows", device)
