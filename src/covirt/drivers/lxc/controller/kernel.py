# SPDX-License-Identifier: LGPL-2.1-or-later
"""System calls for which this Python has no functions."""

from __future__ import annotations

import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
_keeping_the_lock = ctypes.PyDLL(None, use_errno=True)
_keeping_the_lock.syscall.restype = ctypes.c_long

NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    *(0x00020000, 0x02000000, 0x04000000, 0x08000000),
    *(0x10000000, 0x20000000, 0x40000000),
)
CLONE_PIDFD = 0x1000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE, MS_SLAVE = 4096, 16384, 1 << 18, 1 << 19
MNT_DETACH = 2

PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 24, 38, 22
_CAPABILITY_VERSION = 0x20080522

RESOLVE_NO_MAGICLINKS, RESOLVE_IN_ROOT = 0x02, 0x10

# The same on all architectures that Linux has had since these calls came
_CLONE3, _OPENAT2 = 435, 437
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217, "i686": 217}


def checked(result: int) -> int:
    """The result of a C function, or its errno as an error."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)


def mount(source: str | None, target: str, kind: str | None = None, flags: int = 0, data: str | None = None) -> None:
    """Mount, bind or change a mount."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    try:
        checked(libc.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3]))
    except OSError as error:
        error.filename = target
        raise


def unmount(target: str, flags: int = 0) -> None:
    """Undo a mount."""
    checked(libc.umount2(os.fsencode(target), flags))


def pivot_root(new: str, old: str) -> None:
    """Change the root of this mount namespace."""
    number = _PIVOT_ROOT[os.uname().machine]
    checked(libc.syscall(ctypes.c_long(number), os.fsencode(new), os.fsencode(old)))


def unshare(flags: int) -> None:
    """Get namespaces of our own."""
    checked(libc.unshare(flags))


def setns(fd: int, kind: int = 0) -> None:
    """Join a namespace."""
    checked(libc.setns(fd, kind))


def prctl(option: int, *values: int) -> int:
    """Change something about this process."""
    return checked(libc.prctl(option, *(ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4])))


def sethostname(name: str) -> None:
    """Name this UTS namespace."""
    data = name.encode()
    checked(libc.sethostname(data, len(data)))


def fork_into(flags: int) -> tuple[int, int]:
    """Fork a child into new namespaces: its pid and pidfd here, zeros there.

    The interpreter must have one thread only. It is told of the fork as `os.fork` would tell it.
    """
    pidfd = ctypes.c_int(-1)
    arguments = ctypes.create_string_buffer(
        struct.pack("=11Q", flags | CLONE_PIDFD, ctypes.addressof(pidfd), 0, 0, 17, 0, 0, 0, 0, 0, 0)  # 17 is SIGCHLD
    )
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = _keeping_the_lock.syscall(ctypes.c_long(_CLONE3), arguments, ctypes.c_size_t(88))
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0, 0
    number = ctypes.get_errno()
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid == -1:
        raise OSError(number, os.strerror(number))
    return int(pid), pidfd.value


def open_within(root: int, path: str, flags: int, mode: int = 0) -> int:
    """Open a path as a process sees it whose root directory is `root`: no link leads outside."""
    how = ctypes.create_string_buffer(
        struct.pack("=3Q", flags | os.O_CLOEXEC, mode, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)
    )
    call = (ctypes.c_long(_OPENAT2), root, os.fsencode(path), how, ctypes.c_size_t(24))
    try:
        return checked(libc.syscall(*call))
    except OSError as error:
        error.filename = path
        raise


def set_capabilities(numbers: frozenset[int]) -> None:
    """Have exactly these, effective, permitted and inheritable."""
    bits = sum(1 << number for number in numbers)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    low, high = bits & 0xFFFFFFFF, bits >> 32
    checked(libc.capset(header, (ctypes.c_uint32 * 6)(low, low, low, high, high, high)))
