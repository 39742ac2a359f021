# SPDX-License-Identifier: LGPL-2.1-or-later
"""What of the host decides what QEMU can do on it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from covirt.drivers.qemu.machine import S390, X86
from covirt.host.kvm import Kvm
from covirt.host.node import Node
from covirt.host.sysfs import read_optional

_NESTING_MODULES = ("kvm_intel", "kvm_amd", "kvm_hv", "kvm")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """The host at one moment."""

    arch: str
    kvm_usable: bool = False
    kvm_nesting: bool = False
    kvm_secure_guest: bool = False
    microcode: int = 0
    cpu_signature: str | None = None
    kernel: str | None = None


def read_host_state(node: Node, kvm: Kvm, uid: int, groups: tuple[int, ...], root: Path = Path("/")) -> HostState:
    """Read the state as it matters for a QEMU of this user; blocks shortly."""
    arch, system = node.arch, os.uname()
    return HostState(
        arch=arch,
        kvm_usable=kvm.usable_by(uid, groups),
        kvm_nesting=_nesting(root),
        kvm_secure_guest=_secure_guest(arch, root),
        microcode=node.cpus.microcode(),
        cpu_signature=node.cpus.signature(),
        kernel=f"{system.release} {system.version}",
    )


def _nesting(root: Path) -> bool:
    """Whether KVM lets guests have guests; the modules say Y or 1."""
    values = (read_optional(root / f"sys/module/{module}/parameters/nested") for module in _NESTING_MODULES)
    return any(value is not None and value[:1] in ("Y", "y", "1") for value in values)


def _secure_guest(arch: str, root: Path) -> bool:
    """Whether the host can run guests that it cannot look into."""
    if arch in S390:
        if not (root / "sys/firmware/uv").is_dir():
            return False
        # The first one counts, and the kernel looks at the beginning of its value only.
        option = re.search(r"(?:^|\s)prot_virt=(\S*)", read_optional(root / "proc/cmdline") or "")
        return option is not None and re.match(r"[yY1]|on", option[1], re.IGNORECASE) is not None
    if arch in X86:
        enabled = read_optional(root / "sys/module/kvm_amd/parameters/sev")
        return enabled is not None and enabled[:1] in ("1", "Y", "y") and (root / "dev/sev").exists()
    return False
