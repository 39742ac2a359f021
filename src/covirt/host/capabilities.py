# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the kernel lets a process do: capabilities by name, and whether system calls can be filtered."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path

from covirt.host import sysfs


class Capability(IntEnum):
    """The capabilities, with the kernel's numbers."""

    CHOWN = 0
    DAC_OVERRIDE = 1
    DAC_READ_SEARCH = 2
    FOWNER = 3
    FSETID = 4
    KILL = 5
    SETGID = 6
    SETUID = 7
    SETPCAP = 8
    LINUX_IMMUTABLE = 9
    NET_BIND_SERVICE = 10
    NET_BROADCAST = 11
    NET_ADMIN = 12
    NET_RAW = 13
    IPC_LOCK = 14
    IPC_OWNER = 15
    SYS_MODULE = 16
    SYS_RAWIO = 17
    SYS_CHROOT = 18
    SYS_PTRACE = 19
    SYS_PACCT = 20
    SYS_ADMIN = 21
    SYS_BOOT = 22
    SYS_NICE = 23
    SYS_RESOURCE = 24
    SYS_TIME = 25
    SYS_TTY_CONFIG = 26
    MKNOD = 27
    LEASE = 28
    AUDIT_WRITE = 29
    AUDIT_CONTROL = 30
    SETFCAP = 31
    MAC_OVERRIDE = 32
    MAC_ADMIN = 33
    SYSLOG = 34
    WAKE_ALARM = 35
    BLOCK_SUSPEND = 36
    AUDIT_READ = 37
    PERFMON = 38
    BPF = 39
    CHECKPOINT_RESTORE = 40


def effective(status: Path = Path("/proc/self/status")) -> frozenset[Capability]:
    """What a process may do now."""
    bits = int(_field(status, "CapEff") or "0", 16)
    return frozenset(one for one in Capability if bits >> one & 1)


def system_calls_can_be_filtered(status: Path = Path("/proc/self/status")) -> bool:
    """Whether the kernel has seccomp, without which QEMU's sandbox cannot be on."""
    return _field(status, "Seccomp") is not None


def _field(status: Path, name: str) -> str | None:
    lines = (line.partition(":") for line in sysfs.read_text(status).splitlines())
    return next((value.strip() for key, _, value in lines if key == name), None)
