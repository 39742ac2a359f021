# SPDX-License-Identifier: LGPL-2.1-or-later
"""The guest's processors: the default model, how strictly it is checked, and the rules for single ones."""

from __future__ import annotations

from itertools import pairwise

from covirt.drivers.qemu.capabilities.cpu_support import PASSTHROUGH_ONLY_MACHINES
from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.machine import PPC64, S390, X86
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.common.cpu import CpuCheck, CpuFallback, CpuFeature, CpuMatch, CpuMode, FeaturePolicy
from covirt.model.domain.cpu import GuestCpu
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.vcpu import Vcpu

KNOWN_ARCHITECTURES = X86 | PPC64 | S390 | {
    "armv6l", "armv7b", "armv7l", "aarch64", "riscv32", "riscv64", "loongarch64",
}  # fmt: skip
"""Those whose processor models can be named in a document."""


def choose_model(guest: DomainDefinition, about: Circumstances) -> None:
    """Name the model that QEMU would take, so that the guest keeps it when QEMU's mind changes."""
    cpu, arch = guest.cpu, guest.os.arch or ""
    if cpu is not None and (cpu.mode is not CpuMode.CUSTOM or cpu.model):
        return
    if arch not in KNOWN_ARCHITECTURES:
        return
    emulated = guest.type == "qemu"
    if arch not in X86 | S390 | PPC64 and not emulated:
        # What QEMU tells of the other architectures is right for emulation only.
        return
    model = about.caps.machine_default_cpu(guest.type, guest.os.machine or "")
    if model is None:
        return
    if model == "host" and guest.type != "kvm":
        raise InternalError('QEMU reports invalid default CPU model "host" for non-kvm domain virt type')
    cpu = cpu or GuestCpu()
    guest.cpu = cpu
    if model != "host":
        # QEMU leaves out what the host does not have; what it then runs with is recorded at start.
        cpu.mode, cpu.match, cpu.check = CpuMode.CUSTOM, CpuMatch.EXACT, CpuCheck.NONE
        cpu.model, cpu.fallback = model, CpuFallback.FORBID
    elif arch in S390 and _host_model(guest, about):
        cpu.mode = CpuMode.HOST_MODEL
    else:
        cpu.mode = CpuMode.HOST_PASSTHROUGH


def _host_model(guest: DomainDefinition, about: Circumstances) -> bool:
    """Whether QEMU itself tells what the processor of the host is, and the machine can have it."""
    told = about.caps.native(about.host_arch) and about.caps.acceleration(guest.type).host_cpu is not None
    return told and guest.os.machine not in PASSTHROUGH_ONLY_MACHINES


_CHECKS = {
    CpuMode.HOST_PASSTHROUGH: CpuCheck.NONE,
    CpuMode.MAXIMUM: CpuCheck.NONE,
    CpuMode.HOST_MODEL: CpuCheck.PARTIAL,
}


def complete_model(guest: DomainDefinition, about: Circumstances) -> None:
    """Fill in what else is open about the model."""
    cpu = guest.cpu
    if cpu is None:
        return
    _complete_sve(cpu)
    if guest.id is None and cpu.mode is CpuMode.HOST_PASSTHROUGH and cpu.migratable is None:
        if "cpu.migratable" in about.caps:
            cpu.migratable = True
        elif guest.os.arch in X86:
            cpu.migratable = False
    if (cpu.mode is CpuMode.CUSTOM and not cpu.model) or cpu.check is not CpuCheck.DEFAULT:
        return
    # An emulated processor need not be like the host's.
    custom = CpuCheck.NONE if guest.type == "qemu" else CpuCheck.PARTIAL
    cpu.check = _CHECKS.get(cpu.mode or CpuMode.CUSTOM, custom)


def _complete_sve(cpu: GuestCpu) -> None:
    """Vector lengths of Arm's scalable vectors need the vectors themselves."""
    named = {feature.name: feature for feature in cpu.features}
    if not any(name.startswith("sve") and name != "sve" for name in named):
        return
    sve = named.get("sve")
    if sve is None:
        cpu.features.append(CpuFeature(name="sve", policy=FeaturePolicy.REQUIRE))
    elif sve.policy in (FeaturePolicy.DISABLE, FeaturePolicy.FORBID):
        raise ConfigUnsupported("SVE disabled, but SVE vector lengths provided")
    else:
        sve.policy = FeaturePolicy.REQUIRE


def check_single_ones(guest: DomainDefinition) -> None:
    """Refuse an order of processors that QEMU cannot have."""
    vcpus = guest.single_vcpus()
    first = vcpus[0]
    if not first.enabled:
        raise ConfigUnsupported("vcpu 0 can't be offline")
    if first.hotpluggable:
        raise ConfigUnsupported("vcpu0 can't be hotpluggable")
    if first.order not in (0, 1):
        raise ConfigUnsupported("vcpu0 must be enabled first")
    for previous, vcpu in pairwise(vcpus):
        _check_after(previous, vcpu, ordered=first.order != 0)


def _check_after(previous: Vcpu, vcpu: Vcpu, *, ordered: bool) -> None:
    if vcpu.enabled and (vcpu.order != 0) != ordered:
        raise ConfigUnsupported("all vcpus must have either set or unset order")
    if vcpu.hotpluggable is False:
        if previous.hotpluggable:
            raise ConfigUnsupported("online non-hotpluggable vcpus need to be ordered prior to hotpluggable vcpus")
        if previous.order > vcpu.order:
            raise ConfigUnsupported("online non-hotpluggable vcpus must be ordered in ascending order")
