# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the container's processes may not do: capabilities, privileges from programs, dangerous system calls."""

from __future__ import annotations

import ctypes
import os
import struct

from .kernel import PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, prctl, set_capabilities
from .plan import Plan

# By machine: the number that seccomp knows it by, and its numbers of calls which no container should make: they load
# code into the kernel or replace it, reach files by handles past all namespaces, or touch the host's ports, swap and
# keys. The keys of the kernel have no namespaces.
_FORBIDDEN: dict[str, list[tuple[int, tuple[int, ...]]]] = {
    "x86_64": [
        (0xC000003E, (246, 320, 175, 313, 176, 304, 172, 173, 167, 168, 163, 248, 249, 250, 180, 298, 321)),
        (0x40000003, (283, 128, 350, 129, 342, 110, 101, 87, 115, 51, 286, 287, 288, 169, 336, 357)),
    ],
    "aarch64": [(0xC00000B7, (104, 294, 105, 273, 106, 265, 224, 225, 89, 217, 218, 219, 42, 241, 280))],
}
_X32 = 0x40000000
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO with EPERM
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06


def limit(plan: Plan, *, now: bool = True) -> None:
    """Drop what the container may not have; only a process that still has privileges can do so."""
    with open("/proc/sys/kernel/cap_last_cap") as file:
        last = int(file.read())
    for number in range(last + 1):
        if number not in plan.capabilities:
            prctl(PR_CAPBSET_DROP, number)
    if plan.no_new_privileges:
        prctl(PR_SET_NO_NEW_PRIVS, 1)
    forbid_calls()
    if now:
        set_capabilities(frozenset(plan.capabilities) & permitted())


def permitted() -> frozenset[int]:
    """What we have; on some hosts even root lacks something."""
    with open("/proc/self/status") as file:
        bits = next(int(line.split()[1], 16) for line in file if line.startswith("CapPrm:"))
    return frozenset(number for number in range(64) if bits >> number & 1)


def forbid_calls() -> None:
    """Let dangerous system calls fail as for one who is not root."""
    code = filter_code(os.uname().machine)
    if not code:
        return
    buffer = ctypes.create_string_buffer(b"".join(code))
    program = ctypes.create_string_buffer(struct.pack("=HxxxxxxQ", len(code), ctypes.addressof(buffer)))
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(program))


def filter_code(machine: str) -> list[bytes]:
    """The filter as instructions: by architecture, then by number; all else is allowed."""
    parts: list[bytes] = []
    for arch, numbers in _FORBIDDEN.get(machine, []):
        tests = [_instruction(_LOAD, 0)]
        if arch == 0xC000003E:  # the x32 numbers of x86_64 would be a way round
            tests.append(_instruction(_AT_LEAST, _X32, len(numbers) + 1, 0))
        for place, number in enumerate(numbers):
            tests.append(_instruction(_EQUAL, number, len(numbers) - place, 0))
        tests += [_instruction(_RETURN, _ALLOW), _instruction(_RETURN, _REFUSE)]
        parts += [_instruction(_LOAD, 4), _instruction(_EQUAL, arch, 0, len(tests)), *tests]
    return [*parts, _instruction(_RETURN, _ALLOW)] if parts else []


def _instruction(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)
