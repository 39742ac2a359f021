# SPDX-License-Identifier: LGPL-2.1-or-later
"""The names of processor architectures."""

from __future__ import annotations

# In libvirt's order: a host looks for guests in it.
ARCHITECTURES = (
    "alpha", "armv6l", "armv7l", "armv7b", "aarch64", "cris", "i686", "ia64", "lm32", "loongarch64", "m68k",
    "microblaze", "microblazeel", "mips", "mipsel", "mips64", "mips64el", "openrisc", "parisc", "parisc64", "ppc",
    "ppcle", "ppc64", "ppc64le", "ppcemb", "riscv32", "riscv64", "s390", "s390x", "sh4", "sh4eb", "sparc", "sparc64",
    "unicore32", "x86_64", "xtensa", "xtensaeb",
)  # fmt: skip
"""Every architecture that can be named."""
