# SPDX-License-Identifier: LGPL-2.1-or-later
"""The process from which controllers are forked: everything imported, nothing begun.

A fork costs a millisecond and shares memory with all other controllers. The nursery ends with the daemon; the
controllers live on. Each order is one packet with a plan and descriptors; the answer is the controller's pid.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket

from .controller import MOST_CONSOLES, control
from .plan import Plan

CONTROL = 3
LARGEST_PLAN = 1 << 20


def main() -> None:
    """Take orders until the daemon is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.disable()
    gc.freeze()
    with socket.socket(fileno=CONTROL) as orders:
        orders.sendall(b"{}")
        while True:
            data, fds, _, _ = socket.recv_fds(orders, LARGEST_PLAN, MOST_CONSOLES + 8, socket.MSG_CMSG_CLOEXEC)
            if not data:
                return
            orders.sendall(json.dumps({"pid": _fork(orders, data, fds)}).encode())
            for fd in fds:
                os.close(fd)


def _fork(orders: socket.socket, data: bytes, fds: list[int]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            orders.close()
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            gc.enable()
            _control(data, fds)
        finally:
            os._exit(0)
    return pid


def _control(data: bytes, fds: list[int]) -> None:
    plan = Plan.from_json(data)
    _name_process(f"lxc {plan.name}")
    listening, log, *others = fds
    for number in (1, 2):
        os.dup2(log, number)
    os.close(log)
    hosts, shared = others[: plan.consoles], others[plan.consoles :]
    control(plan, socket.socket(fileno=listening), hosts, shared)


def _name_process(name: str) -> None:
    """What `ps` shows; the kernel takes 15 bytes."""
    with open("/proc/self/comm", "w") as file:
        file.write(name.encode()[:15].decode(errors="ignore"))
