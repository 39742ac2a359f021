# SPDX-License-Identifier: LGPL-2.1-or-later
"""What drivers do with processors, whatever their architecture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from covirt.drivers.common.cpu.architecture import (
    Architecture,
    Comparison,
    Incompatible,
    SupportedModels,
    as_error,
)
from covirt.drivers.common.cpu.arm import Arm
from covirt.drivers.common.cpu.others import S390, LoongArch, RiscV
from covirt.drivers.common.cpu.ppc64 import Power
from covirt.drivers.common.cpu.x86 import X86
from covirt.errors import ConfigUnsupported, CpuIncompatible, InvalidArg, NoSupport
from covirt.model.common.cpu import Cpu, CpuCheck, CpuFallback, CpuMatch, CpuMode, FeaturePolicy, GuestCpu

FAMILIES: tuple[type[Architecture], ...] = (X86, Power, S390, Arm, RiscV, LoongArch)


def architecture(name: str) -> Architecture:
    """Who answers for processors of an architecture."""
    for family in FAMILIES:
        if name in family.names:
            return family(name)
    raise NoSupport(f"'{name}' architecture is not supported by CPU driver")


def is_known_architecture(name: str) -> bool:
    """Whether anything can be said of processors of an architecture."""
    return any(name in family.names for family in FAMILIES)


def compare(arch: str, host: Cpu | None, cpu: Cpu, *, fail_incompatible: bool = False) -> Comparison:
    """How a host relates to a processor; raises `CpuIncompatible` in place of telling so when asked to."""
    try:
        return architecture(arch).compare(host, cpu)
    except Incompatible as reason:
        if fail_incompatible:
            raise as_error(reason) from None
        return Comparison.INCOMPATIBLE


def compare_unusable(
    arch: str, host: Cpu, cpu: Cpu, blockers: Sequence[str], *, fail_incompatible: bool = False
) -> Comparison:
    """Whether a host can give a processor although the hypervisor calls its model unusable for lack of `blockers`.

    It can when all of them are disabled, and all that is asked for beyond the model is there.
    """
    missing = [name for name in blockers if cpu.policy(name) is not FeaturePolicy.DISABLE]
    expanded = host.copy()
    expand_features(arch, expanded)
    missing += [
        feature.name
        for feature in cpu.features
        if feature.policy is FeaturePolicy.REQUIRE and expanded.policy(feature.name) is not FeaturePolicy.REQUIRE
    ]
    if not missing:
        return Comparison.SUPERSET
    if fail_incompatible:
        raise CpuIncompatible(f"Host CPU does not provide required features: {', '.join(missing)}")
    return Comparison.INCOMPATIBLE


def baseline(
    arch: str | None,
    cpus: Sequence[Cpu],
    models: SupportedModels | None = None,
    features: Sequence[str] | None = None,
    *,
    migratable: bool = False,
) -> GuestCpu:
    """The best processor that all of these hosts can give."""
    if not cpus:
        raise InvalidArg("no CPUs given")
    for index, cpu in enumerate(cpus):
        if cpu.model is None:
            raise InvalidArg(f"no CPU model specified at index {index}")
    name = arch or getattr(cpus[0], "arch", None)
    return architecture(name or "none").baseline(cpus, models, features, migratable=migratable)


def update(arch: str, guest: GuestCpu, host: Cpu | None, removed: FeaturePolicy = FeaturePolicy.DISABLE) -> None:
    """Make a processor that refers to the host a definite one; `removed` is for features that left the model."""
    family = architecture(arch)
    if guest.from_host:
        return
    relative = (
        guest.mode is CpuMode.HOST_MODEL
        or guest.match is CpuMatch.MINIMUM
        or any(feature.policy is FeaturePolicy.OPTIONAL for feature in guest.features)
    )
    family.update(guest, host, relative=relative, removed=removed)


def update_live(arch: str, guest: GuestCpu, enabled: Any, disabled: Any) -> bool:
    """Note what the hypervisor really gave a running guest; False when there is nothing to note."""
    family = architecture(arch)
    if guest.mode is not CpuMode.CUSTOM and guest.check is not CpuCheck.FULL:
        return False
    return family.update_live(guest, enabled, disabled)


def translate(arch: str, guest: GuestCpu, models: SupportedModels | None) -> None:
    """Describe a processor by a model that the hypervisor has, unless the guest insists on its own."""
    family = architecture(arch)
    if guest.mode is not CpuMode.CUSTOM or models is None or guest.model in models:
        return
    if guest.fallback is not CpuFallback.ALLOW:
        raise ConfigUnsupported(f"CPU model {guest.model} is not supported by hypervisor")
    family.translate(guest, models)


def expand_features(arch: str, cpu: Cpu) -> None:
    """Mention all features that the model implies, and sort them by name."""
    architecture(arch).expand_features(cpu)
    cpu.features.sort(key=lambda feature: feature.name.encode())


def check_forbidden_features(guest: Cpu, host: Cpu) -> None:
    """Refuse a host that has what a guest forbids."""
    for feature in guest.features:
        if feature.policy is not FeaturePolicy.FORBID:
            continue
        found = host.feature(feature.name)
        if found is not None and found.policy is not FeaturePolicy.DISABLE:
            raise CpuIncompatible(f"Host CPU provides forbidden feature '{feature.name}'")
