# SPDX-License-Identifier: LGPL-2.1-or-later
"""One container: started, forwarded, watched until its end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from contextlib import suppress

from . import netlink
from .console import Console
from .edges import Edges
from .inside import GO, become_init
from .kernel import NEWIPC, NEWNET, NEWNS, NEWPID, NEWUSER, NEWUTS, fork_into, setns
from .monitor import Monitor
from .plan import Plan

MOST_CONSOLES = 240
DAEMON_SECONDS = 5.0


class CannotStart(Exception):
    """The container could not be set up; the text says what failed."""


def control(plan: Plan, listening: socket.socket, hosts: list[int], shared: list[int]) -> None:
    """Start the container and stay with it until all of it is over."""
    loop = asyncio.SelectorEventLoop()
    monitor = Monitor(listening, loop)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    try:
        pid, pidfd, masters = start(plan, shared)
    except (CannotStart, OSError) as error:
        monitor.say({"event": "failed", "reason": str(error)}, lasting=True)
        loop.run_until_complete(_wait_heard(monitor))
        return
    for fd in shared:
        os.close(fd)
    loop.run_until_complete(_live(loop, monitor, pid, pidfd, list(zip(masters, hosts, strict=True))))
    monitor.close()


async def _live(
    loop: asyncio.AbstractEventLoop, monitor: Monitor, pid: int, pidfd: int, pairs: list[tuple[int, int]]
) -> None:
    """Forward until init ends, by its own end and nothing else; then deliver what it wrote last."""
    edges = Edges(loop)
    consoles = [Console(container, host, loop, edges) for container, host in pairs]
    monitor.say({"event": "running", "pid": pid, "start": start_time(pid)}, lasting=True)
    ended = loop.create_future()
    loop.add_reader(pidfd, ended.set_result, None)
    await ended
    loop.remove_reader(pidfd)
    _, status = os.waitpid(pid, 0)  # noqa: ASYNC222 - the kernel has just said that it has ended
    await asyncio.gather(*(console.finish() for console in consoles))
    edges.close()
    monitor.say({"event": "ended", **described(status)}, lasting=True)


def described(status: int) -> dict[str, object]:
    """How it ended. The kernel tells of a reboot or a power-off inside by the signal that ends init."""
    if os.WIFEXITED(status):
        return {"how": "exit", "status": os.WEXITSTATUS(status)}
    number = os.WTERMSIG(status)
    if number == signal.SIGHUP:
        return {"how": "reboot"}
    if number == signal.SIGINT:
        return {"how": "shutdown"}
    return {"how": "signal", "signal": number}


async def _wait_heard(monitor: Monitor) -> None:
    """Stay until the daemon has heard why nothing started."""
    with suppress(TimeoutError):
        await asyncio.wait_for(monitor.heard.wait(), DAEMON_SECONDS)


# Starting


def start(plan: Plan, shared: list[int]) -> tuple[int, int, list[int]]:
    """Fork the first process into its namespaces and see it become init: pid, pidfd, our sides of its terminals."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid, pidfd = _fork(plan, shared, theirs, ours)
    theirs.close()
    try:
        _admit(plan, pid)
        ours.send(GO)
        return pid, pidfd, _wait_executed(ours)
    except BaseException:
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(pidfd)
        raise
    finally:
        ours.close()


def _fork(plan: Plan, shared: list[int], theirs: socket.socket, ours: socket.socket) -> tuple[int, int]:
    flags = NEWNS | NEWPID
    for name, flag in (("uts", NEWUTS), ("ipc", NEWIPC)):
        flags |= 0 if name in plan.shared else flag
    if plan.private_network and "net" not in plan.shared:
        flags |= NEWNET
    if plan.mapped:
        flags |= NEWUSER
    for fd in shared:
        setns(fd)
    pid, pidfd = fork_into(flags)
    if pid == 0:
        ours.close()
        become_init(plan, theirs)
    return pid, pidfd


def _admit(plan: Plan, pid: int) -> None:
    """From outside: users, control group, network interfaces."""
    if plan.mapped:
        _write(f"/proc/{pid}/uid_map", _ranges(plan.users))
        _write(f"/proc/{pid}/gid_map", _ranges(plan.groups))
    for directory in plan.cgroups:
        _write(f"{directory}/cgroup.procs", str(pid))
    for link in plan.links:
        netlink.move(link.host, pid)


def _wait_executed(ours: socket.socket) -> list[int]:
    """The terminals come first; then either the end of the socket, because init was executed, or what failed."""
    masters: list[int] = []
    while True:
        data, fds, _, _ = socket.recv_fds(ours, 4096, MOST_CONSOLES, socket.MSG_CMSG_CLOEXEC)
        masters += fds
        if not data:
            return masters
        if data != b"consoles":
            for fd in masters:
                os.close(fd)
            raise CannotStart(data.decode(errors="replace"))


def _ranges(ranges: list[tuple[int, int, int]]) -> str:
    return "".join(f"{first} {target} {count}\n" for first, target, count in ranges)


def _write(path: str, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def start_time(pid: int) -> int:
    """When a process began; with its pid this tells who it is."""
    with open(f"/proc/{pid}/stat", errors="surrogateescape") as file:
        return int(file.read().rpartition(")")[2].split()[19])
