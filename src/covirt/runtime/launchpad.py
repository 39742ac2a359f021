# SPDX-License-Identifier: LGPL-2.1-or-later
"""The program that becomes another: a new process waits here, is told what to be, prepares itself, and executes it.

It is run by its path in a bare interpreter (`python -I -S launchpad.py`), so it imports nothing of covirt and little of
Python. Descriptor 3 is a socket to the supervisor; what comes over it is trusted. When a step fails, its name and
errno go back; when the program has been executed, the socket closes by itself.
"""

from __future__ import annotations

import _socket
import ctypes
import fcntl
import marshal
import os
import resource
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Numbers = tuple[int, ...]

CONTROL, HIGH = 3, 512
KEEP_CAPABILITIES, DROP_BOUND, AMBIENT, NO_NEW_PRIVILEGES, SECURE_BITS = 8, 24, 47, 38, 28
AMBIENT_RAISE, AMBIENT_CLEAR = 2, 4
CAPABILITY_VERSION = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Wait for orders and follow them."""
    os.closerange(CONTROL + 1, os.sysconf("SC_OPEN_MAX"))
    control = _socket.socket(fileno=out_of_the_way(CONTROL))
    os.close(CONTROL)
    orders, fds = receive(control)
    step = ["start"]
    try:
        follow(orders, fds, step)
    except OSError as failure:
        control.sendall(marshal.dumps((step[0], failure.errno or 0, failure.strerror or str(failure))))
    except BaseException as failure:
        control.sendall(marshal.dumps((step[0], 0, repr(failure))))
    os._exit(127)


def receive(control: _socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Read length, orders and descriptors; leave when the supervisor is gone before it said anything."""
    data = b""
    fds: list[int] = []
    size: int | None = None
    while size is None or len(data) < size + 4:
        part, ancillary, _, _ = control.recvmsg(1 << 20, _socket.CMSG_SPACE(4 * 250), _socket.MSG_CMSG_CLOEXEC)
        if not part:
            os._exit(0)
        for _, _, numbers in ancillary:
            fds.extend(int.from_bytes(numbers[at : at + 4], sys.byteorder) for at in range(0, len(numbers), 4))
        data += part
        if size is None and len(data) >= 4:
            size = int.from_bytes(data[:4], "big")
    return marshal.loads(data[4:]), fds


def follow(orders: dict[str, Any], fds: list[int], step: list[str]) -> None:
    """Carry out all steps, then execute; `step` always names the one at work."""
    fds = [out_of_the_way(fd) for fd in fds]
    for name, *values in orders["steps"]:
        step[0] = " ".join([name, *(str(value) for value in values)])
        STEPS[name](*(fds[value[0]] if isinstance(value, list) else value for value in values))
    step[0] = "pass descriptors"
    for number, source in orders["fds"].items():
        os.dup2(fds[source], number)
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    step[0] = "execute " + orders["argv"][0]
    os.execve(orders["program"], orders["argv"], orders["env"])


def out_of_the_way(fd: int) -> int:
    """The same descriptor with a number that no program asks for."""
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, HIGH)


def checked(result: int) -> int:
    """The result of a C function, or its errno as an error."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def open_output(path: str, number: int) -> None:
    """Append what goes to a descriptor to a file."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    os.dup2(fd, number)
    os.close(fd)


def write_text(path: str, text: str) -> None:
    """Write to a file of the kernel."""
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def hold_pid_file(path: str) -> None:
    """Write our pid to a file and lock it for as long as the program runs, as libvirt does for its helpers."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.ftruncate(fd, 0)
    os.write(fd, b"%d\n" % os.getpid())
    os.set_inheritable(fd, True)


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None) -> None:
    """Mount, bind, move or change a mount."""
    checked(libc.mount(*(encoded(one) for one in (source, target, kind)), ctypes.c_ulong(flags), encoded(data)))


def encoded(text: str | None) -> bytes | None:
    """A C string, or a null pointer."""
    return None if text is None else os.fsencode(text)


def make_file(path: str, mode: int) -> None:
    """Make an empty file, to bind something on."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, mode))


def make_node(path: str, mode: int, major: int, minor: int) -> None:
    """Make a device node."""
    os.mknod(path, mode, os.makedev(major, minor))
    os.chmod(path, mode & 0o7777)


def make_directories(path: str, mode: int) -> None:
    """Make a directory and those above it."""
    os.makedirs(path, mode, exist_ok=True)


def become(uid: int | None, gid: int | None, groups: Numbers | None, capabilities: Numbers | None) -> None:
    """Change user and groups; with a list of capabilities, have exactly these afterwards."""
    if capabilities is not None:
        drop_bound(capabilities)
        if uid is not None and capabilities:
            checked(libc.prctl(KEEP_CAPABILITIES, 1, 0, 0, 0))
    if groups is not None:
        os.setgroups(groups)
    if gid is not None:
        os.setresgid(gid, gid, gid)
    if uid is not None:
        os.setresuid(uid, uid, uid)
    if capabilities is not None:
        set_capabilities(capabilities)


def drop_bound(capabilities: Numbers) -> None:
    """Nothing this process will ever execute can have more than these; only who has CAP_SETPCAP can say so."""
    with open("/proc/sys/kernel/cap_last_cap") as file:
        last = int(file.read())
    if not has_capability(8):
        return
    for number in range(last + 1):
        if number not in capabilities:
            checked(libc.prctl(DROP_BOUND, number, 0, 0, 0))


def has_capability(number: int) -> bool:
    """Whether a capability is effective now."""
    with open("/proc/self/status") as file:
        effective = next(line for line in file if line.startswith("CapEff:"))
    return bool(int(effective.split()[1], 16) >> number & 1)


def set_capabilities(capabilities: Numbers) -> None:
    """Have exactly these, also after executing a program as another user."""
    bits = sum(1 << number for number in capabilities)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    low, high = bits & 0xFFFFFFFF, bits >> 32
    checked(libc.capset(header, (ctypes.c_uint32 * 6)(low, low, low, high, high, high)))
    checked(libc.prctl(AMBIENT, AMBIENT_CLEAR, 0, 0, 0))
    for number in capabilities:
        checked(libc.prctl(AMBIENT, AMBIENT_RAISE, number, 0, 0))


STEPS: dict[str, Callable[..., object]] = {
    "output": open_output,
    "write": write_text,
    "nice": os.nice,
    "limit": lambda which, soft, hard: resource.setrlimit(which, (soft, hard)),
    "affinity": lambda cpus: os.sched_setaffinity(0, cpus),
    "umask": os.umask,
    "directory": os.chdir,
    "pid file": hold_pid_file,
    "become": become,
    "no new privileges": lambda: checked(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)),
    "unshare": lambda flags: checked(libc.unshare(flags)),
    "enter namespace": lambda fd, kind: checked(libc.setns(fd, kind)),
    "mount": mount,
    "unmount": lambda path, flags: checked(libc.umount2(encoded(path), flags)),
    "make directory": make_directories,
    "make file": make_file,
    "make node": make_node,
    "make link": os.symlink,
    "change owner": lambda path, uid, gid: os.chown(path, uid, gid, follow_symlinks=False),
    "change mode": os.chmod,
}

if __name__ == "__main__":
    main()
