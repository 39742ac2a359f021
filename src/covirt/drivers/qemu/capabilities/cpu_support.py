# SPDX-License-Identifier: LGPL-2.1-or-later
"""What processors guests of a QEMU binary can have: the modes and models, comparisons, common processors."""

from __future__ import annotations

from collections.abc import Sequence

from covirt.drivers.common.cpu import (
    Comparison,
    architecture,
    baseline,
    compare,
    compare_unusable,
    expand_features,
    is_known_architecture,
)
from covirt.drivers.qemu.capabilities.cpu_features import NOT_FOR_QEMU, from_qemu
from covirt.drivers.qemu.capabilities.emulator import CpuModel, EmulatorCapabilities, Usability
from covirt.drivers.qemu.capabilities.host_model import HostModels, supported_models
from covirt.drivers.qemu.machine import S390, X86
from covirt.errors import OperationUnsupported
from covirt.model.common.cpu import (
    AddressMode,
    Cpu,
    CpuFallback,
    CpuMode,
    FeaturePolicy,
    GuestCpu,
    HostCpu,
    MaxPhysAddr,
)
from covirt.model.domain_capabilities.cpu import CpuModes, CustomMode, CustomModel, HostModelMode, PassthroughMode
from covirt.model.domain_capabilities.enums import CapsEnum

PASSTHROUGH_ONLY_MACHINES = frozenset(f"s390-ccw-virtio-2.{minor}" for minor in range(4, 8))
"""On these KVM guests have the host's processor or none that is named."""


def supports_mode(
    caps: EmulatorCapabilities,
    virt_type: str,
    mode: CpuMode,
    *,
    host_arch: str,
    models: HostModels | None,
    machine: str | None = None,
) -> bool:
    """Whether guests of a type can have a processor of that mode."""
    limited = caps.arch in S390 and virt_type == "kvm" and machine in PASSTHROUGH_ONLY_MACHINES
    if limited and mode is not CpuMode.HOST_PASSTHROUGH:
        return False
    match mode:
        case CpuMode.HOST_PASSTHROUGH:
            return virt_type in ("kvm", "hvf") and caps.native(host_arch)
        case CpuMode.HOST_MODEL:
            return models is not None
        case CpuMode.CUSTOM:
            return bool(caps.acceleration(virt_type).cpus)
        case CpuMode.MAXIMUM:
            return "cpu-max" in caps


def cpu_modes(
    caps: EmulatorCapabilities,
    virt_type: str,
    arch: str,
    *,
    host_arch: str,
    models: HostModels | None,
    machine: str | None = None,
    address_bits: int = 0,
) -> CpuModes:
    """The processors part of domain capabilities, for guests of an architecture."""

    def supported(mode: CpuMode) -> bool:
        return supports_mode(caps, virt_type, mode, host_arch=host_arch, models=models, machine=machine)

    modes = CpuModes()
    if supported(CpuMode.HOST_PASSTHROUGH):
        values = ["on", "off"] if "cpu.migratable" in caps else ["off"]
        migratable = CapsEnum(name="hostPassthroughMigratable", values=values)
        modes.passthrough = PassthroughMode(name="host-passthrough", supported=True, migratable=migratable)
    if supported(CpuMode.MAXIMUM):
        migratable = CapsEnum(name="maximumMigratable", values=["on", "off"])
        modes.maximum = PassthroughMode(name="maximum", supported=True, migratable=migratable)
    if models is not None and supported(CpuMode.HOST_MODEL):
        modes.host_model = HostModelMode.of(models.reported, _limit(address_bits))
    if supported(CpuMode.CUSTOM):
        modes.custom = CustomMode(models=_named_models(caps, virt_type, arch))
    return modes


def _named_models(caps: EmulatorCapabilities, virt_type: str, arch: str) -> list[CustomModel]:
    """The models that both QEMU and we know; where we know none, all of QEMU's."""
    if not is_known_architecture(arch):
        return []
    known = architecture(arch).models()
    models = sorted(caps.acceleration(virt_type).cpus or (), key=lambda model: model.name.encode())
    return [
        _named_model(arch, model) for model in models if model.name != "host" and (not known or model.name in known)
    ]


def _named_model(arch: str, model: CpuModel) -> CustomModel:
    return CustomModel(
        name=model.name,
        usable=model.usable or "unknown",
        deprecated=model.deprecated,
        vendor=architecture(arch).vendor_of_model(model.name),
        canonical=architecture(arch).canonical_model(model.name),
        blockers=tuple(sorted(set(model.blockers), key=str.encode)),
    )


def _limit(bits: int) -> MaxPhysAddr | None:
    return MaxPhysAddr(mode=AddressMode.PASSTHROUGH, limit=bits) if bits else None


# Comparing


def check_cpu(
    caps: EmulatorCapabilities,
    virt_type: str,
    arch: str,
    cpu: Cpu,
    models: HostModels | None,
    host: GuestCpu | None,
    *,
    fail_incompatible: bool = False,
) -> Comparison:
    """Whether guests can have a processor; `host` is the view of the host to compare with where QEMU does not tell."""
    model = caps.cpu(virt_type, cpu.model)
    only_less = all(feature.policy is FeaturePolicy.DISABLE for feature in cpu.features)
    if model is not None and model.usable is Usability.YES and only_less:
        return Comparison.SUPERSET
    reported = models.reported if models else None
    if (
        model is None
        or reported is None
        or reported.fallback is not CpuFallback.FORBID
        or architecture(arch).checks_by_comparison(model.name)
    ):
        return compare(arch, host, cpu, fail_incompatible=fail_incompatible)
    return compare_unusable(arch, reported, cpu, model.blockers, fail_incompatible=fail_incompatible)


def compare_hypervisor(
    caps: EmulatorCapabilities,
    virt_type: str,
    arch: str,
    cpu: Cpu,
    models: HostModels | None,
    *,
    fail_incompatible: bool = False,
) -> Comparison:
    """How the processors that QEMU can give on this host relate to one."""
    reported = reported_model(caps, virt_type, models)
    if arch not in X86:
        raise OperationUnsupported(f"comparing with the hypervisor CPU is not supported for arch {arch}")
    return check_cpu(caps, virt_type, arch, cpu, models, reported, fail_incompatible=fail_incompatible)


def reported_model(caps: EmulatorCapabilities, virt_type: str, models: HostModels | None) -> GuestCpu:
    """The model of the host that QEMU itself told."""
    if models is None or models.reported.fallback is not CpuFallback.FORBID:
        raise OperationUnsupported(
            f"QEMU '{caps.binary}' does not support reporting CPU model for virttype '{virt_type}'"
        )
    return models.reported


# Combining


def host_baseline(hosts: Sequence[HostCpu], *, migratable: bool, expand: bool) -> GuestCpu:
    """What several hosts have in common, as far as QEMU can have it."""
    common = baseline(None, hosts, migratable=migratable)
    arch = hosts[0].arch
    if arch in X86:
        common.keep_features(lambda feature: feature.name not in NOT_FOR_QEMU)
    if expand:
        expand_features(arch, common)
    return common


def hypervisor_baseline(
    caps: EmulatorCapabilities,
    virt_type: str,
    arch: str,
    cpus: Sequence[Cpu],
    *,
    migratable: bool,
    expand: bool,
) -> GuestCpu:
    """What several processors have in common and QEMU can give on this host."""
    models = supported_models(caps, virt_type)
    if not models:
        raise OperationUnsupported(f"QEMU '{caps.binary}' does not support any CPU models for virttype '{virt_type}'")
    if arch not in X86:
        raise OperationUnsupported(f"computing baseline hypervisor CPU is not supported for arch {arch}")
    features, filtered = _known_features(caps, virt_type, migratable=migratable)
    common = baseline(arch, cpus, models, features, migratable=migratable and not filtered)
    common.fallback = CpuFallback.FORBID
    if expand:
        expand_features(arch, common)
    common.address = _limit(common_address_bits(cpus))
    return common


def _known_features(caps: EmulatorCapabilities, virt_type: str, *, migratable: bool) -> tuple[list[str] | None, bool]:
    """The features that QEMU knows on this host, and whether it left out those that keep guests from moving."""
    host = caps.acceleration(virt_type).host_cpu
    if host is None:
        return None, False
    names = [
        from_qemu(caps.arch, prop.name) for prop in host.properties if not (migratable and prop.migratable is False)
    ]
    return names, not migratable or host.migratability


def common_address_bits(cpus: Sequence[Cpu]) -> int:
    """The smallest limit of physical addresses, 0 unless all have one."""
    limits = [cpu.address.limit or 0 if cpu.address else 0 for cpu in cpus]
    return min(limits) if all(limits) else 0
