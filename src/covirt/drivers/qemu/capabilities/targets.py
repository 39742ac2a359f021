# SPDX-License-Identifier: LGPL-2.1-or-later
"""Architectures as QEMU and libvirt call them, and which can run natively on which."""

from __future__ import annotations

from covirt.drivers.qemu.machine import PPC64
from covirt.model.common.arch import ARCHITECTURES

# Where QEMU's name of a target is not ours.
_FROM_TARGET = {"i386": "i686", "arm": "armv7l", "or32": "openrisc"}
_TO_TARGET = {"i686": "i386", "armv6l": "arm", "armv7l": "arm", "openrisc": "or32"}

# libvirt's own default machine of each architecture: QEMU changes its default and the order of its list.
PREFERRED_MACHINE = {
    "alpha": "clipper",
    "armv6l": "integratorcp",
    "armv7l": "virt",
    "armv7b": "virt",
    "aarch64": "virt",
    "cris": "axis-dev88",
    "i686": "pc",
    "lm32": "lm32-evr",
    "loongarch64": "virt",
    "m68k": "mcf5208evb",
    "microblaze": "petalogix-s3adsp1800",
    "microblazeel": "petalogix-s3adsp1800",
    "mips": "malta",
    "mipsel": "malta",
    "mips64": "malta",
    "mips64el": "malta",
    "openrisc": "or1k-sim",
    "ppc": "g3beige",
    "ppcle": "g3beige",
    "ppc64": "pseries",
    "ppc64le": "pseries",
    "ppcemb": "bamboo",
    "riscv32": "virt",
    "riscv64": "virt",
    "s390x": "s390-ccw-virtio",
    "sh4": "shix",
    "sh4eb": "shix",
    "sparc": "SS-5",
    "sparc64": "sun4u",
    "unicore32": "puv3",
    "x86_64": "pc",
    "xtensa": "sim",
    "xtensaeb": "sim",
}


def arch_of_target(target: str) -> str | None:
    """Our name for what query-target answers, None when we do not know it."""
    arch = _FROM_TARGET.get(target, target)
    return arch if arch in ARCHITECTURES else None


def target_of_arch(arch: str) -> str:
    """The name that QEMU's binaries carry for an architecture."""
    return _TO_TARGET.get(arch, arch)


def runs_natively(host: str, guest: str) -> bool:
    """Whether a host can run such guests with hardware acceleration."""
    if host == guest or (host in PPC64 and guest in PPC64):
        return True
    return (host, guest) in {("x86_64", "i686"), ("aarch64", "armv7l")}


# What a binary for one architecture can also run.
_ALSO_RUNS = {"x86_64": ("i686",), "aarch64": ("armv7l",), "armv7l": ("armv6l",), "ppc64": ("ppc64le",)}


def emulates(binary_arch: str, guest: str) -> bool:
    """Whether a binary for one architecture can run guests of another."""
    return guest == binary_arch or guest in _ALSO_RUNS.get(binary_arch, ())


def emulator_names(host: str, guest: str) -> tuple[str, ...]:
    """The programs to look for, in order, to run such a guest on such a host."""
    targets = [target_of_arch(guest)]
    if (host, guest) == ("aarch64", "armv7l"):
        # Only qemu-system-aarch64 runs 32-bit guests with KVM.
        targets.insert(0, host)
    stand_in = host if runs_natively(host, guest) else guest
    stand_in = "ppc64" if stand_in in PPC64 else stand_in
    if stand_in != guest:
        targets.append(target_of_arch(stand_in))
    names = [f"qemu-system-{target}" for target in dict.fromkeys(targets)]
    # RHEL has one binary, outside PATH.
    return (*names, "/usr/libexec/qemu-kvm") if runs_natively(host, guest) else tuple(names)


_64_BIT = frozenset(
    {
        "alpha",
        "aarch64",
        "ia64",
        "loongarch64",
        "mips64",
        "mips64el",
        "parisc64",
        "ppc64",
        "ppc64le",
        "riscv64",
        "s390x",
        "sh4eb",
        "sparc64",
        "x86_64",
    }
)


def word_size(arch: str) -> int:
    """How many bits a machine word has, as libvirt tells it."""
    return 64 if arch in _64_BIT else 32
