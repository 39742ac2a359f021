# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the first process of a container does before it becomes the container's init."""

from __future__ import annotations

import contextlib
import fcntl
import grp
import os
import pwd
import signal
import socket
import termios

from . import netlink
from .devices import mount_devices, open_consoles, open_peer
from .kernel import NEWCGROUP, PR_SET_PDEATHSIG, prctl, sethostname, unshare
from .plan import Plan
from .privileges import limit
from .tree import Tree

GO = b"go"


def become_init(plan: Plan, control: socket.socket) -> None:
    """Set everything up from inside the new namespaces, then execute; never returns.

    Over the socket our sides of the terminals go out; then it closes by itself when init is executed. Whatever fails is
    said there instead, with the step that failed.
    """
    step = ["start"]
    try:
        _prepare(plan, control, step)
        step[0] = f"execute {plan.argv[0]}"
        os.execve(plan.argv[0], plan.argv, plan.env)
    except BaseException as error:
        with contextlib.suppress(OSError):
            control.sendall(f"cannot {step[0]}: {_said(error)}".encode())
    os._exit(127)


def _prepare(plan: Plan, control: socket.socket, step: list[str]) -> None:
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    step[0] = "wait for the controller"
    if control.recv(len(GO)) != GO:
        raise ConnectionError("it has ended")
    if plan.mapped:
        step[0] = "become the container's root"
        os.setgroups([])
        os.setresgid(0, 0, 0)
        os.setresuid(0, 0, 0)
    os.setsid()
    step[0] = "see its own control group"
    unshare(NEWCGROUP)
    if "uts" not in plan.shared:
        step[0] = "set the host name"
        sethostname(plan.hostname)
    step[0] = f"prepare the root {plan.root}"
    os.umask(0o022)
    tree = Tree(plan)
    step[0] = "mount the container's file systems"
    tree.build()
    step[0] = "prepare /dev"
    mount_devices(tree, plan)
    masters = open_consoles(tree, plan.consoles)
    step[0] = "set up the network"
    _set_up_network(plan)
    step[0] = "change the root"
    tree.enter()
    step[0] = "hand over the consoles"
    _take_console(masters)
    socket.send_fds(control, [b"consoles"], masters)
    for fd in masters:
        os.close(fd)
    step[0] = "drop privileges"
    user, group, groups = _identity(plan)
    for number in signal.valid_signals():
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    _become(plan, user, group, groups)
    # The kernel forgets this wish when a process changes its user.
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    step[0] = f"change to {plan.directory}"
    os.chdir(plan.directory)


def _become(plan: Plan, user: int, group: int, groups: list[int]) -> None:
    """Another user keeps no capabilities; root keeps those of the plan."""
    if user or group:
        limit(plan, now=False)
        os.setgroups(groups)
        os.setresgid(group, group, group)
        os.setresuid(user, user, user)
    else:
        limit(plan)


def _identity(plan: Plan) -> tuple[int, int, list[int]]:
    """User and groups by the container's own tables."""
    user, group, groups = 0, 0, [0]
    if plan.user is not None:
        try:
            found = pwd.getpwnam(plan.user)
            user, group = found.pw_uid, found.pw_gid
            groups = os.getgrouplist(found.pw_name, group)
        except KeyError:
            user = _number(plan.user, "user")
            groups = []
    if plan.group is not None:
        try:
            group = grp.getgrnam(plan.group).gr_gid
        except KeyError:
            group = _number(plan.group, "group")
    return user, group, groups


def _number(text: str, what: str) -> int:
    text = text.removeprefix("+")
    if not text.isdigit():
        raise LookupError(f"the container has no {what} '{text}'")
    return int(text)


def _take_console(masters: list[int]) -> None:
    """The first console is the controlling terminal and standard input and output."""
    if masters:
        peer = open_peer(masters[0])
        fcntl.ioctl(peer, termios.TIOCSCTTY, 0)
    else:
        peer = os.open("/dev/null", os.O_RDWR)
    for number in range(3):
        os.dup2(peer, number)
    if peer > 2:
        os.close(peer)


def _set_up_network(plan: Plan) -> None:
    """Names, addresses and routes; the loopback is always up."""
    if not plan.private_network or "net" in plan.shared:
        return
    netlink.set_up("lo")
    for link in plan.links:
        name = link.host
        if link.guest and link.guest != name:
            netlink.rename(name, link.guest)
            name = link.guest
        for address, prefix, peer in link.addresses:
            netlink.add_address(name, address, prefix, peer)
        if link.up:
            netlink.set_up(name)
        for network, prefix, gateway, metric in link.routes:
            netlink.add_route(name, network, prefix, gateway, metric)


def _said(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error) or type(error).__name__
