# SPDX-License-Identifier: LGPL-2.1-or-later
"""What kinds of guests QEMU binaries can run, for the host's capabilities."""

from __future__ import annotations

from dataclasses import replace

from covirt.drivers.qemu.capabilities.emulator import EmulatorCapabilities, MachineType
from covirt.drivers.qemu.capabilities.targets import word_size
from covirt.drivers.qemu.machine import X86
from covirt.model.capabilities.guest import (
    GuestArch,
    GuestCapabilities,
    GuestDomain,
    GuestFeatures,
    GuestMachine,
    Toggle,
)

_WITH_ACPI = X86 | {"aarch64", "loongarch64"}
_DOMAIN_TYPES = {"tcg": "qemu", "kvm": "kvm", "hvf": "hvf"}


def guest_capabilities(caps: EmulatorCapabilities, arch: str) -> GuestCapabilities:
    """The kind of guest that a binary runs, for guests of an architecture."""
    # Only one list of machines is told; it is the one for the best accelerator.
    machines = caps.machines(caps.best_type or "qemu")
    return GuestCapabilities(
        os_type="hvm",
        arch=GuestArch(
            name=arch,
            word_size=word_size(arch),
            emulator=caps.binary,
            machines=_machines(machines),
            domains=[GuestDomain(type=kind) for flag, kind in _DOMAIN_TYPES.items() if flag in caps],
        ),
        features=_features(arch),
    )


def _machines(machines: tuple[MachineType, ...]) -> list[GuestMachine]:
    """Machines by alias and by name; a name that stands for an alias comes before it, if it is not there anyway."""
    told = [_machine(machine) for machine in machines]
    known = {machine.name for machine in told}
    listed: list[GuestMachine] = []
    for machine in told:
        if machine.canonical is not None and machine.canonical not in known:
            known.add(machine.canonical)
            listed.append(replace(machine, name=machine.canonical, canonical=None))
        listed.append(machine)
    return listed


def _machine(machine: MachineType) -> GuestMachine:
    return GuestMachine(
        name=machine.alias or machine.name,
        canonical=machine.name if machine.alias else None,
        max_cpus=machine.max_cpus,
        deprecated=machine.deprecated,
    )


def _features(arch: str) -> GuestFeatures:
    features = GuestFeatures(
        cpu_selection=True,
        device_boot=True,
        disk_snapshot=Toggle(default=True, toggle=False),
        external_snapshot=True,
    )
    if arch in _WITH_ACPI:
        features.acpi = Toggle(default=True, toggle=True)
    if arch in X86:
        features.apic = Toggle(default=True, toggle=False)
    if arch == "i686":
        features.pae = features.nonpae = True
    return features
