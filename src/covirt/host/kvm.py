# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether this machine can run guests with KVM, and the true reason when it cannot."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from covirt.errors import ConfigUnsupported

_GET_API_VERSION, _CHECK_EXTENSION = 0xAE00, 0xAE03
_CAP_NR_VCPUS, _CAP_MAX_VCPUS = 9, 66
_VIRTUALIZATION_FLAGS = {"vmx": "Intel VT-x", "svm": "AMD-V"}


class KvmProblem(Enum):
    """Why KVM cannot be used."""

    NO_CPU_SUPPORT = "the processor has no virtualization extensions, or the firmware switched them off"
    NO_MODULE = "the kernel module kvm is not loaded"
    NO_PERMISSION = "no permission to open the device"
    BROKEN = "the device does not answer as KVM"


@dataclass(frozen=True, slots=True)
class KvmState:
    """What was found."""

    problem: KvmProblem | None = None
    detail: str = ""
    hint: str | None = None
    max_vcpus: int = 0

    @property
    def usable(self) -> bool:
        """Whether guests can run with KVM."""
        return self.problem is None


class Kvm:
    """The door to KVM."""

    def __init__(self, device: Path = Path("/dev/kvm"), proc: Path = Path("/proc")) -> None:
        """Look at the device and, for reasons, at /proc."""
        self.device, self._proc = device, proc

    def state(self) -> KvmState:
        """Try it as the user that we are."""
        try:
            fd = os.open(self.device, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return self._absent()
        except PermissionError:
            return KvmState(
                KvmProblem.NO_PERMISSION,
                f"{self.device} cannot be opened by this user",
                f"add the user to the group that owns {self.device} (usually kvm) and log in again",
            )
        except OSError as error:
            return KvmState(KvmProblem.NO_MODULE, f"{self.device}: {error.strerror}", self._module_hint())
        try:
            version = fcntl.ioctl(fd, _GET_API_VERSION, 0)
            most = fcntl.ioctl(fd, _CHECK_EXTENSION, _CAP_MAX_VCPUS) or fcntl.ioctl(fd, _CHECK_EXTENSION, _CAP_NR_VCPUS)
        except OSError as error:
            return KvmState(KvmProblem.BROKEN, f"{self.device}: {error.strerror}")
        finally:
            os.close(fd)
        if version != 12:
            return KvmState(KvmProblem.BROKEN, f"{self.device} has interface version {version} instead of 12")
        return KvmState(max_vcpus=most)

    def usable_by(self, uid: int, groups: tuple[int, ...]) -> bool:
        """Whether a user could open the device, going by its owner and mode."""
        try:
            found = self.device.stat()
        except OSError:
            return False
        shift = 6 if found.st_uid == uid else 3 if found.st_gid in groups else 0
        return uid == 0 or found.st_mode >> shift & 0o6 == 0o6

    def require(self) -> KvmState:
        """What was found when it is usable, else the error that says why not."""
        state = self.state()
        if state.problem is not None:
            raise ConfigUnsupported(
                f"KVM is not available: {state.problem.value} ({state.detail})", hint=state.hint, about=self.device
            )
        return state

    def _absent(self) -> KvmState:
        flags = self._cpu_flags()
        if flags is not None and not flags & set(_VIRTUALIZATION_FLAGS):
            return KvmState(
                KvmProblem.NO_CPU_SUPPORT,
                "neither vmx nor svm among the processor's flags",
                "switch virtualization on in the firmware, or nested virtualization on in the hypervisor below",
            )
        return KvmState(KvmProblem.NO_MODULE, f"{self.device} does not exist", self._module_hint())

    def _module_hint(self) -> str:
        flags = self._cpu_flags() or set()
        return f"load the module {'kvm_amd' if 'svm' in flags else 'kvm_intel' if 'vmx' in flags else 'kvm'}"

    def _cpu_flags(self) -> set[str] | None:
        """The flags of an x86 processor; None for others, which have no such list."""
        try:
            lines = (self._proc / "cpuinfo").read_text().splitlines()
        except OSError:
            return None
        return next((set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), None)
