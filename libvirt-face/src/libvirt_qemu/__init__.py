# SPDX-License-Identifier: LGPL-2.1-or-later
"""What only QEMU guests have: their monitor and their agent."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from libvirt_qemu._constants import *  # noqa: F403

if TYPE_CHECKING:
    from io import FileIO

    from libvirt import virConnect, virDomain


def qemuMonitorCommand(domain: virDomain, cmd: str, flags: int) -> str:
    """Give the monitor a command."""
    answer: str = domain._ask("qemu.qemu_monitor_command", cmd, flags)
    return answer


def qemuMonitorCommandWithFiles(
    domain: virDomain,
    cmd: str,
    files: Sequence[int] = [],
    flags: int = 0,
) -> tuple[str, list[FileIO]]:
    """Give the monitor a command with open files; it may give some back."""
    from libvirt._asking import reply

    found = reply(domain, "qemu.qemu_monitor_command_with_files", (cmd, flags), fds=list(files))
    return found.result, [os.fdopen(fd, "r+b", buffering=0) for fd in found.fds]


def qemuAgentCommand(domain: virDomain, cmd: str, timeout: int, flags: int) -> str:
    """Give the guest's agent a command."""
    answer: str = domain._ask("qemu.qemu_agent_command", cmd, timeout, flags)
    return answer


def qemuAttach(conn: virConnect, pid_value: int, flags: int) -> virDomain:
    """Take over a running process."""
    domain: virDomain = conn._ask("qemu.qemu_attach", pid_value, flags)
    return domain


def qemuMonitorEventRegister(
    conn: virConnect, dom: virDomain | None, event: str | None, cb: Callable[..., Any], opaque: Any, flags: int = 0
) -> int:
    """Have a function called at events of the monitor."""
    from libvirt_qemu._monitor import register

    return register(conn, dom, event, {"cb": cb, "conn": conn, "opaque": opaque}, flags)


def qemuMonitorEventDeregister(conn: virConnect, callbackID: int) -> None:
    """Have the function of this number not called any more."""
    function = "virConnectDomainQemuMonitorEventDeregister"
    conn._with(function, lambda link: link.desk.unsubscribe("qemu", callbackID, function))


def _dispatchQemuMonitorEventCallback(
    conn: virConnect, dom: Any, event: str, seconds: int, micros: int, details: str | None, cbData: dict[str, Any]
) -> int:
    """Tell the function of `qemuMonitorEventRegister`."""
    from libvirt import virDomain

    cbData["cb"](conn, virDomain(conn, _obj=dom), event, seconds, micros, details, cbData["opaque"])
    return 0
