# SPDX-License-Identifier: LGPL-2.1-or-later
"""The processor: what refers to the host is made definite, models that QEMU lacks are told by others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.drivers.common.cpu import architecture, check_forbidden_features, translate, update
from covirt.drivers.common.cpu.x86_table import x86_table
from covirt.drivers.qemu.capabilities.cpu_features import NOT_FOR_QEMU, from_qemu
from covirt.drivers.qemu.capabilities.cpu_support import check_cpu, supports_mode
from covirt.drivers.qemu.capabilities.host_model import supported_models
from covirt.drivers.qemu.machine import X86
from covirt.errors import ConfigUnsupported
from covirt.model.common.cpu import CpuCheck, CpuFallback, CpuMode, FeaturePolicy, TscCounter
from covirt.model.domain.clock import TimerName
from covirt.model.domain.cpu import GuestCpu
from covirt.model.domain.definition import DomainDefinition

if TYPE_CHECKING:
    from covirt.drivers.qemu.ready.definition import Starting


TOLERANCE = 250
"""By how many millionths the time stamp counters of host and guest may differ."""


def check(guest: DomainDefinition, starting: Starting) -> None:
    """Refuse features that nobody knows or that this QEMU cannot be trusted with, and impossible counters."""
    cpu, arch = guest.cpu, guest.os.arch or ""
    if cpu is not None:
        architecture(arch).check_features(cpu)
        if arch in X86 and "cpu-unavailable-features" not in starting.caps:
            known = x86_table().features
            doubtful = [feature.name for feature in cpu.features if known[feature.name].msr]
            if doubtful:
                raise ConfigUnsupported(f"Some features cannot be reliably used with this QEMU: {', '.join(doubtful)}")
    for timer in guest.clock.timers:
        if timer.name is TimerName.TSC and timer.frequency and starting.host_counter:
            _check_counter(timer.frequency, starting.host_counter)


def _check_counter(frequency: int, host: TscCounter) -> None:
    """Without scaling the guest has the host's counter; where nothing is known of scaling, QEMU will tell."""
    tolerance = host.frequency * TOLERANCE // 1_000_000
    lowest, highest = host.frequency - tolerance, host.frequency + tolerance
    if lowest <= frequency <= highest or host.scaling is not False:
        return
    raise ConfigUnsupported(
        f"Requested TSC frequency {frequency} Hz is outside tolerance range ([{lowest}, {highest}] Hz) around host "
        f"frequency {host.frequency} Hz and TSC scaling is not supported by the host CPU"
    )


def settle(guest: DomainDefinition, starting: Starting) -> None:
    """Make the processor definite."""
    cpu, arch, caps = guest.cpu, guest.os.arch or "", starting.caps
    if cpu is None or (cpu.mode is CpuMode.CUSTOM and not cpu.model):
        return
    if not starting.new and arch in X86 and cpu.mode is CpuMode.HOST_MODEL and cpu.model:
        cpu.mode = CpuMode.CUSTOM
    models = starting.host_models()
    mode = cpu.mode or CpuMode.CUSTOM
    if not supports_mode(caps, guest.type, mode, host_arch=starting.host_arch, models=models, machine=guest.os.machine):
        raise ConfigUnsupported(
            f"CPU mode '{mode}' for {arch} {guest.type} domain on {starting.host_arch} host "
            "is not supported by hypervisor"
        )
    architecture(starting.host_arch).convert_legacy(cpu)
    complete = models.complete if models else None
    if cpu.check is not CpuCheck.NONE and complete is not None:
        check_forbidden_features(cpu, complete)
    if mode not in (CpuMode.HOST_PASSTHROUGH, CpuMode.MAXIMUM):
        if cpu.check is CpuCheck.PARTIAL:
            check_cpu(caps, guest.type, arch, cpu, models, complete, fail_incompatible=True)
        _make_definite(guest, cpu, starting)
    if arch in X86:
        cpu.keep_features(lambda feature: feature.name not in NOT_FOR_QEMU)
    _drop_deprecated(guest, cpu, starting)


def _make_definite(guest: DomainDefinition, cpu: GuestCpu, starting: Starting) -> None:
    models = starting.host_models()
    removed = FeaturePolicy.DISABLE if starting.new else FeaturePolicy.REQUIRE
    arch = guest.os.arch or ""
    update(arch, cpu, models.migratable if models else None, removed)
    translate(arch, cpu, supported_models(starting.caps, guest.type))
    cpu.fallback = CpuFallback.FORBID


def _drop_deprecated(guest: DomainDefinition, cpu: GuestCpu, starting: Starting) -> None:
    """Features that will go away are left out when the guest does not want them."""
    if cpu.deprecated_features is None:
        return
    if "query-cpu-model-expansion.deprecated-props" not in starting.caps:
        raise ConfigUnsupported("toggling deprecated features for CPU model is unsupported")
    host = starting.caps.acceleration(guest.type).host_cpu
    if cpu.deprecated_features is False and host is not None:
        for name in host.deprecated or ():
            cpu.set_feature(from_qemu(guest.os.arch or "", name), FeaturePolicy.DISABLE)
