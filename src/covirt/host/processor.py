# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the processor of this machine tells of itself.

x86 processors are asked with the CPUID instruction, which any program may use: seven instructions in an executable
page, or the kernel's cpuid device where such pages are forbidden. ARM and POWER tell it through the kernel's files.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import platform
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from covirt.errors import InternalError

Values = tuple[int, int, int, int]
"""eax, ebx, ecx, edx."""

_CPUID_CODE = bytes.fromhex(
    "53"  # push rbx
    "4989d0"  # mov r8, rdx
    "89f8"  # mov eax, edi
    "89f1"  # mov ecx, esi
    "0fa2"  # cpuid
    "418900"  # mov [r8], eax
    "41895804"  # mov [r8+4], ebx
    "41894808"  # mov [r8+8], ecx
    "4189500c"  # mov [r8+12], edx
    "5b"  # pop rbx
    "c3"  # ret
)
_PROT_READ, _PROT_EXEC = 1, 4
_AT_HWCAP = 16
_KVM_CREATE_VM, _KVM_CHECK_EXTENSION, _KVM_CREATE_VCPU = 0xAE01, 0xAE03, 0xAE41
_KVM_GET_TSC_KHZ, _KVM_GET_MSRS, _KVM_CAP_TSC_CONTROL = 0xAEA3, 0xC008AE88, 60


@dataclass(frozen=True, slots=True)
class TimeStampCounter:
    """How fast the counter runs, and whether guests can have another speed."""

    hertz: int
    scaling: bool


class Processor:
    """The processor of this machine; what it does not tell is None."""

    def __init__(self, root: Path = Path("/")) -> None:
        """Files of the kernel are read below `root`."""
        self._root = root
        self.arch = platform.machine()

    # x86

    def cpuid(self, leaf: int, subleaf: int = 0) -> Values:
        """What the CPUID instruction gives."""
        if self.arch not in ("x86_64", "i686"):
            raise InternalError("CPUID is an instruction of x86 processors")
        return self._cpuid(leaf, subleaf)

    def msr(self, index: int) -> int | None:
        """A model-specific register; only root and members of the kvm group can read it."""
        try:
            with (self._root / "dev/cpu/0/msr").open("rb", buffering=0) as device:
                return int.from_bytes(os.pread(device.fileno(), 8, index), "little")
        except OSError:
            return self._kvm_msr(index)

    def time_stamp_counter(self) -> TimeStampCounter | None:
        """The counter as KVM knows it."""
        try:
            return self._kvm_counter()
        except OSError:
            return None

    def microcode(self) -> int:
        """The version of the processor's microcode, 0 when it is not told."""
        found = self._cpuinfo(r"^microcode\s*:\s*(\S+)")
        return int(found, 0) if found else 0

    def address_bits(self) -> int | None:
        """The size of physical addresses."""
        found = self._cpuinfo(r"^address sizes\s*:\s*(\d+) bits physical")
        return int(found) if found else None

    # others

    def power_version(self) -> int | None:
        """The processor version register of POWER."""
        nodes = sorted(self._root.glob("proc/device-tree/cpus/*/cpu-version"))
        return int.from_bytes(nodes[0].read_bytes()[:4], "big") if nodes else None

    def arm_identification(self) -> int | None:
        """The main identification register of ARM."""
        path = self._root / "sys/devices/system/cpu/cpu0/regs/identification/midr_el1"
        return int(path.read_text(), 0) if path.exists() else None

    def hardware_capabilities(self) -> int:
        """The features that the kernel tells to every program."""
        library = ctypes.CDLL(None)
        library.getauxval.restype = ctypes.c_ulong
        return int(library.getauxval(ctypes.c_ulong(_AT_HWCAP)))

    # how

    @cached_property
    def _cpuid(self) -> Callable[[int, int], Values]:
        try:
            return _executable_cpuid()
        except OSError:
            return self._device_cpuid

    def _device_cpuid(self, leaf: int, subleaf: int) -> Values:
        with (self._root / "dev/cpu/0/cpuid").open("rb", buffering=0) as device:
            return struct.unpack("<4I", os.pread(device.fileno(), 16, subleaf << 32 | leaf))

    def _cpuinfo(self, pattern: str) -> str | None:
        found = re.search(pattern, (self._root / "proc/cpuinfo").read_text(), re.MULTILINE)
        return found[1] if found else None

    def _kvm_msr(self, index: int) -> int | None:
        request = bytearray(struct.pack("<IIIIQ", 1, 0, index, 0, 0))
        try:
            with (self._root / "dev/kvm").open("rb", buffering=0) as kvm:
                found = fcntl.ioctl(kvm, _KVM_GET_MSRS, request, True)
        except OSError:
            return None
        return int(struct.unpack_from("<Q", request, 16)[0]) if found == 1 else None

    def _kvm_counter(self) -> TimeStampCounter | None:
        with (self._root / "dev/kvm").open("r+b", buffering=0) as kvm:
            machine = fcntl.ioctl(kvm, _KVM_CREATE_VM, 0)
            try:
                vcpu = fcntl.ioctl(machine, _KVM_CREATE_VCPU, 0)
                try:
                    kilohertz = fcntl.ioctl(vcpu, _KVM_GET_TSC_KHZ, 0)
                finally:
                    os.close(vcpu)
                scaling = fcntl.ioctl(machine, _KVM_CHECK_EXTENSION, _KVM_CAP_TSC_CONTROL) > 0
            finally:
                os.close(machine)
        return TimeStampCounter(kilohertz * 1000, scaling) if kilohertz else None


def _executable_cpuid() -> Callable[[int, int], Values]:
    """CPUID by a few instructions of our own; the page is never writable and executable at once."""
    if platform.machine() != "x86_64":
        raise OSError("the instructions are for 64 bits")
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    page.write(_CPUID_CODE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    library = ctypes.CDLL(None, use_errno=True)
    if library.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(mmap.PAGESIZE), _PROT_READ | _PROT_EXEC) != 0:
        raise OSError(ctypes.get_errno(), "cannot make a page executable")
    call = ctypes.CFUNCTYPE(None, ctypes.c_uint32, ctypes.c_uint32, ctypes.POINTER(ctypes.c_uint32))(address)

    def cpuid(leaf: int, subleaf: int, page: mmap.mmap = page) -> Values:
        registers = (ctypes.c_uint32 * 4)()
        call(leaf, subleaf, registers)
        return registers[0], registers[1], registers[2], registers[3]

    return cpuid
