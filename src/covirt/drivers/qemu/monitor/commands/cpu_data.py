# SPDX-License-Identifier: LGPL-2.1-or-later
"""What processor the guest really has, by the registers of CPUID."""

from __future__ import annotations

from covirt.drivers.common.cpu.x86_data import REGISTERS, X86Data
from covirt.drivers.qemu.monitor.commands.base import Execute, number, optional_number, records, text
from covirt.drivers.qemu.monitor.errors import UnexpectedReply

FEATURES = "feature-words"
FILTERED = "filtered-features"


async def cpuid(qemu: Execute, cpu_path: str, which: str = FEATURES) -> X86Data:
    """The features that a CPU has, or those that were asked for and could not be had (`FILTERED`)."""
    words = records(await qemu("qom-get", {"path": cpu_path, "property": which}), "qom-get")
    data = X86Data()
    for word in words:
        register = text(word, "cpuid-register", "missing cpuid-register in CPU data").lower()
        leaf = number(word, "cpuid-input-eax", "missing or invalid cpuid-input-eax in CPU data")
        bits = number(word, "features", "missing or invalid features in CPU data")
        if register not in REGISTERS:
            raise UnexpectedReply(f"unknown CPU register '{word['cpuid-register']}'")
        data.set_bits(leaf, optional_number(word, "cpuid-input-ecx") or 0, register, bits)
    return data.without_zeros()
