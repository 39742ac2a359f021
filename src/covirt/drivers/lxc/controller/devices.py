# SPDX-License-Identifier: LGPL-2.1-or-later
"""The container's /dev: a few harmless devices, terminals of its own, and what its definition names."""

from __future__ import annotations

import fcntl
import os
import stat

from .kernel import MS_BIND, MS_NOEXEC, MS_NOSUID, mount, open_within
from .plan import NodePlan, Plan
from .tree import Tree

_CHARACTER = stat.S_IFCHR | 0o666
STANDARD = tuple(
    NodePlan(path=f"/dev/{name}", mode=_CHARACTER, major=major, minor=minor, source=f"/dev/{name}")
    for name, major, minor in (
        ("null", 1, 3),
        ("zero", 1, 5),
        ("full", 1, 7),
        ("random", 1, 8),
        ("urandom", 1, 9),
        ("tty", 5, 0),
    )
)
LINKS = {
    "/dev/stdin": "/proc/self/fd/0",
    "/dev/stdout": "/proc/self/fd/1",
    "/dev/stderr": "/proc/self/fd/2",
    "/dev/fd": "/proc/self/fd",
    "/dev/ptmx": "pts/ptmx",
}

_SET_LOCK, _GET_NUMBER, _GET_PEER = 0x40045431, 0x80045430, 0x5441  # TIOCSPTLCK, TIOCGPTN, TIOCGPTPEER
TTY_GROUP = 5


def mount_devices(tree: Tree, plan: Plan) -> None:
    """Mount /dev and make what is in it."""
    with tree.place("/dev") as target:
        mount("devfs", target, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k")
    with tree.place("/dev/pts") as target:
        group = f",gid={TTY_GROUP}" if _has(plan, TTY_GROUP) else ""
        options = f"newinstance,ptmxmode=0666,mode=0620{group}"
        mount("devpts", target, "devpts", MS_NOSUID | MS_NOEXEC, options)
    for name in ("/dev/shm", "/dev/mqueue"):
        tree.make(name)
    with tree.place("/dev/shm") as target:
        mount("shm", target, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=1777")
    for node in (*STANDARD, *plan.nodes):
        make_node(tree, plan, node)
    for path, meaning in LINKS.items():
        make_link(tree, path, meaning)


def make_node(tree: Tree, plan: Plan, node: NodePlan) -> None:
    """Make a node; a container with users of its own may not, and gets the host's."""
    if plan.mapped:
        with tree.place(node.path, directory=False) as target:
            mount(node.source or node.path, target, None, MS_BIND)
        return
    parent, name = os.path.split(node.path)
    tree.make(parent)
    above = open_within(tree.fd, parent, os.O_PATH | os.O_DIRECTORY)
    try:
        os.mknod(name, node.mode, os.makedev(node.major, node.minor), dir_fd=above)
        os.chmod(f"/proc/self/fd/{above}/{name}", node.mode & 0o7777)
    finally:
        os.close(above)


def make_link(tree: Tree, path: str, meaning: str) -> None:
    """Make a symbolic link."""
    parent, name = os.path.split(path)
    above = open_within(tree.fd, parent, os.O_PATH | os.O_DIRECTORY)
    try:
        os.symlink(meaning, name, dir_fd=above)
    finally:
        os.close(above)


def open_consoles(tree: Tree, count: int) -> list[int]:
    """A terminal for each console; the links by which programs find them; gives our sides."""
    masters = []
    for number in range(count):
        master = open_within(tree.fd, "/dev/pts/ptmx", os.O_RDWR | os.O_NOCTTY)
        fcntl.ioctl(master, _SET_LOCK, bytes(4))
        name = int.from_bytes(fcntl.ioctl(master, _GET_NUMBER, bytes(4)), "little")
        make_link(tree, f"/dev/tty{number + 1}", f"pts/{name}")
        if number == 0:
            make_link(tree, "/dev/console", f"pts/{name}")
        masters.append(master)
    return masters


def open_peer(master: int) -> int:
    """The other side of a terminal, by no path."""
    return fcntl.ioctl(master, _GET_PEER, os.O_RDWR | os.O_NOCTTY)


def _has(plan: Plan, group: int) -> bool:
    return not plan.mapped or any(start <= group < start + count for start, _, count in plan.groups)
