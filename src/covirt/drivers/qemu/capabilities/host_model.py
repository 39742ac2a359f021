# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host's processor as QEMU's guests can have it: what `host-model` stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from covirt.drivers.common.cpu import SupportedModels, architecture, expand_features
from covirt.drivers.common.cpu.host_model import host_features
from covirt.drivers.common.cpu.x86_data import pack_signature
from covirt.drivers.common.cpu.x86_decode import Processor, decode
from covirt.drivers.common.cpu.x86_table import x86_table
from covirt.drivers.qemu.capabilities.cpu_features import NOT_FOR_QEMU, from_qemu
from covirt.drivers.qemu.capabilities.emulator import CpuProperty, EmulatorCapabilities, HostCpu
from covirt.drivers.qemu.machine import ARM, S390, X86
from covirt.errors import Error
from covirt.model.common.cpu import Cpu, CpuFallback, CpuFeature, FeaturePolicy, GuestCpu

ReadHost = Callable[[SupportedModels | None], Cpu]
"""The processor of this machine, described by the models of a hypervisor; may fail."""


class Unknown(Enum):
    """Why there is no model from QEMU."""

    ASK_HOST = "QEMU says nothing, the processor itself may be asked"
    NONE = "there is no such model on this architecture"


@dataclass(frozen=True, slots=True)
class HostModels:
    """One processor in the three views that are needed."""

    reported: GuestCpu
    """For domain capabilities: what a guest can get."""
    migratable: GuestCpu
    """What `host-model` becomes: nothing that keeps a guest from moving."""
    complete: GuestCpu
    """For comparisons: also what only the processor itself tells."""


def host_models(caps: EmulatorCapabilities, virt_type: str, host_arch: str, read_host: ReadHost) -> HostModels | None:
    """The models of the host for guests of a type; None when there are none, for whatever reason."""
    if not caps.native(host_arch):
        return None
    try:
        return _host_models(caps, virt_type, host_arch, read_host)
    except Error:
        return None


def _host_models(caps: EmulatorCapabilities, virt_type: str, host_arch: str, read_host: ReadHost) -> HostModels | None:
    reported = model_from_qemu(caps, virt_type)
    if reported is Unknown.NONE:
        return None
    complete: GuestCpu | None = None
    if isinstance(reported, Unknown):
        host = read_host(supported_models(caps, virt_type))
        if host.model is None:
            return None
        reported = _from_host(caps, host)
    elif virt_type in ("kvm", "hvf") and architecture(caps.arch).detects_host:
        complete = _completed(caps.arch, read_host(None), reported)
    migratable = model_from_qemu(caps, virt_type, migratable=True)
    if isinstance(migratable, Unknown):
        copy = architecture(caps.arch).migratable_copy(reported)
        assert isinstance(copy, GuestCpu)
        migratable = copy
    models = HostModels(reported, migratable, complete or reported)
    if caps.arch in X86 and "cpu-unavailable-features" not in caps:
        _drop_register_features(models)
    return models


def model_from_qemu(caps: EmulatorCapabilities, virt_type: str, *, migratable: bool = False) -> GuestCpu | Unknown:
    """The model that describes what QEMU says of the host."""
    host = caps.acceleration(virt_type).host_cpu
    if migratable and host is not None and not host.migratability:
        return Unknown.ASK_HOST
    if caps.arch in S390:
        return _s390_model(host) if host is not None else Unknown.NONE
    if caps.arch in X86:
        return _x86_model(caps, virt_type, host, migratable=migratable) if host is not None else Unknown.ASK_HOST
    return Unknown.NONE if caps.arch in ARM or caps.arch == "loongarch64" else Unknown.ASK_HOST


def supported_models(caps: EmulatorCapabilities, virt_type: str) -> SupportedModels | None:
    """The models of QEMU with what blocks them; None when QEMU does not tell."""
    models = caps.acceleration(virt_type).cpus
    return None if models is None else {model.name: model.blockers for model in models}


def qemu_processor(host: HostCpu, *, migratable: bool = False) -> Processor:
    """What QEMU says of an x86 host."""
    numbers = {prop.name: prop.value for prop in host.properties if not isinstance(prop.value, (bool, str))}
    vendors = {text: name for name, text in x86_table().vendors.items()}
    texts = {prop.name: prop.value for prop in host.properties if isinstance(prop.value, str)}
    names = (from_qemu("x86_64", prop.name) for prop in host.properties if _given(prop, migratable=migratable))
    signature = pack_signature(*(int(numbers.get(name, 0)) for name in ("family", "model", "stepping")))
    return Processor(x86_table().set_of(names), vendors.get(texts.get("vendor", "")), signature)


def _given(prop: CpuProperty, *, migratable: bool) -> bool:
    return prop.value is True and not (migratable and prop.migratable is False)


def _x86_model(caps: EmulatorCapabilities, virt_type: str, host: HostCpu, *, migratable: bool) -> GuestCpu:
    processor = qemu_processor(host, migratable=migratable)
    found = decode(x86_table(), processor, host=False, models=supported_models(caps, virt_type))
    return GuestCpu(
        model=found.model.name,
        vendor=processor.vendor,
        fallback=CpuFallback.FORBID,
        features=found.features(host=False),
    )


def _s390_model(host: HostCpu) -> GuestCpu:
    """QEMU names the model, and tells each feature."""
    features = [
        CpuFeature(name=prop.name, policy=FeaturePolicy.REQUIRE if prop.value else FeaturePolicy.DISABLE)
        for prop in host.properties
        if isinstance(prop.value, bool)
    ]
    return GuestCpu(model=host.model, fallback=CpuFallback.FORBID, features=features)


def _from_host(caps: EmulatorCapabilities, host: Cpu) -> GuestCpu:
    """The processor itself, without what QEMU never has."""
    cpu = GuestCpu(model=host.model, vendor=host.vendor, features=host_features(host))
    if caps.arch in X86:
        cpu.keep_features(lambda feature: feature.name not in NOT_FOR_QEMU)
    return cpu


def _completed(arch: str, host: Cpu, reported: GuestCpu) -> GuestCpu:
    """The processor itself, with what QEMU can give beyond it."""
    complete = GuestCpu(model=host.model, vendor=host.vendor, features=host_features(host))
    expanded = reported.copy()
    expand_features(arch, expanded)
    for feature in expanded.features:
        if feature.policy is FeaturePolicy.REQUIRE:
            complete.set_feature(feature.name, FeaturePolicy.REQUIRE)
    return complete


def _drop_register_features(models: HostModels) -> None:
    """Old QEMU does not tell which features of model-specific registers it lacks."""
    table = x86_table()
    for cpu in (models.reported, models.migratable, models.complete):
        cpu.keep_features(lambda feature: not (feature.name in table.features and table.features[feature.name].msr))
