# SPDX-License-Identifier: LGPL-2.1-or-later
"""-cpu: the model, its features, and what else goes with processors: timers, Hyper-V, KVM."""

from __future__ import annotations

from collections.abc import Iterator

from covirt.drivers.qemu.capabilities.cpu_features import from_qemu, to_qemu
from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.machine import on_off
from covirt.drivers.qemu.machine import ARM, PPC64, S390, X86
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.common.cpu import AddressMode, CacheMode, CpuMode, FeaturePolicy
from covirt.model.domain.clock import TickPolicy, TimerName
from covirt.model.domain.cpu import GuestCpu
from covirt.model.domain.devices.panic import PanicModel
from covirt.model.domain.hyperv import HypervMode

_DEFAULT_MODELS = {"i686": "qemu32", "x86_64": "qemu64"}
_HOST_MODES = (CpuMode.HOST_PASSTHROUGH, CpuMode.MAXIMUM)


def add_cpu(build: Build) -> None:
    """The processor, unless it is the machine's own and nothing is said of it."""
    cpu, arch = build.guest.cpu, build.machine.arch
    model: str | None = None
    if cpu is not None and (cpu.mode is not CpuMode.CUSTOM or cpu.model):
        model = ",".join(_model(cpu, build))
    elif arch == "i686" and _is_64_bit(build):
        model = "qemu32"
    flags = [*_timers(build), *_features(build)]
    if flags and model is None:
        if arch not in _DEFAULT_MODELS:
            raise ConfigUnsupported(f"CPU flags requested but can't determine default CPU for arch {arch}")
        model = _DEFAULT_MODELS[arch]
    if model is not None:
        build.argv.add("-cpu", ",".join([model, *flags]))


def _is_64_bit(build: Build) -> bool:
    """Does the emulator show 64-bit processors unless told otherwise?"""
    emulator = build.guest.devices.emulator or ""
    return "x86_64" in emulator or (build.host_arch == "x86_64" and "kvm" in emulator)


def _model(cpu: GuestCpu, build: Build) -> Iterator[str]:
    arch = build.machine.arch
    if cpu.mode in _HOST_MODES:
        yield "max" if cpu.mode is CpuMode.MAXIMUM else "host"
        if arch == "armv7l" and build.host_arch == "aarch64":
            yield "aarch64=off"
        if cpu.migratable is not None and "cpu.migratable" in build.caps:
            yield f"migratable={on_off(cpu.migratable)}"
    elif cpu.mode is CpuMode.HOST_MODEL:
        if arch not in PPC64:
            raise InternalError(f"unexpected host-model CPU for {arch} architecture")
        yield "host"
    else:
        yield cpu.model or ""
    if (arch in S390 or arch in ARM) and cpu.features and "query-cpu-model-expansion" not in build.caps:
        raise InternalError(f"CPU features not supported by hypervisor for {arch} architecture")
    if cpu.vendor_id:
        yield f"vendor={cpu.vendor_id}"
    known = _known_features(build)
    for feature in cpu.features:
        name = to_qemu(arch, feature.name)
        if feature.policy in (FeaturePolicy.FORCE, FeaturePolicy.REQUIRE):
            yield f"{name}=on"
        elif feature.policy in (FeaturePolicy.DISABLE, FeaturePolicy.FORBID) and (
            known is None or feature.name in known
        ):
            yield f"{name}=off"


def _known_features(build: Build) -> frozenset[str] | None:
    """The features that this QEMU knows at all; None when it does not tell."""
    if build.machine.arch not in X86:
        return None
    host = build.caps.acceleration(build.guest.type).host_cpu
    if host is None:
        return None
    return frozenset(
        from_qemu(build.machine.arch, prop.name) for prop in host.properties if isinstance(prop.value, bool)
    )


def _timers(build: Build) -> Iterator[str]:
    for timer in build.guest.clock.timers:
        match timer.name:
            case TimerName.KVMCLOCK if timer.present is not None:
                yield f"kvmclock={on_off(timer.present)}"
            case TimerName.HYPERVCLOCK if timer.present:
                yield "hv-time=on"
            case TimerName.TSC if timer.frequency:
                yield f"tsc-frequency={timer.frequency}"
            case TimerName.ARMVTIMER if timer.tickpolicy in (TickPolicy.DELAY, TickPolicy.DISCARD):
                yield f"kvm-no-adjvtime={on_off(timer.tickpolicy is TickPolicy.DISCARD)}"


def _features(build: Build) -> Iterator[str]:
    features = build.guest.features
    if features.apic and features.apic.eoi is not None:
        yield f"kvm-pv-eoi={on_off(features.apic.eoi)}"
    if features.pvspinlock is not None:
        yield f"kvm-pv-unhalt={on_off(features.pvspinlock)}"
    yield from _hyperv(build)
    yield from ("hv-crash" for panic in build.guest.devices.panics if panic.model is PanicModel.HYPERV)
    kvm = features.kvm
    if kvm:
        yield from ["kvm=off"] if kvm.hidden else []
        yield from ["kvm-hint-dedicated=on"] if kvm.hint_dedicated else []
        yield from ["kvm-poll-control=on"] if kvm.poll_control else []
        yield from ["kvm-pv-ipi=off"] if kvm.pv_ipi is False else []
    if features.pmu is not None and build.machine.arch not in PPC64:
        yield f"pmu={on_off(features.pmu)}"
    if build.guest.cpu:
        yield from _caches(build.guest.cpu)
        yield from _address_size(build.guest.cpu)


def _hyperv(build: Build) -> Iterator[str]:
    hyperv = build.guest.features.hyperv
    if hyperv is None:
        return
    if hyperv.mode is HypervMode.PASSTHROUGH:
        yield "hv-passthrough=on"
    for name, state in hyperv.states.items():
        if not state:
            continue
        if name == "spinlocks":
            yield f"hv-spinlocks={hyperv.spinlock_retries:#x}"
        elif name == "vendor_id":
            yield f"hv-vendor-id={hyperv.vendor_id_value}"
        else:
            yield f"{to_qemu(build.machine.arch, f'hv-{name}')}=on"
        if name == "stimer" and hyperv.stimer_direct:
            yield "hv-stimer-direct=on"
        if name == "tlbflush":
            yield from ["hv-tlbflush-direct=on"] if hyperv.tlbflush_direct else []
            yield from ["hv-tlbflush-ext=on"] if hyperv.tlbflush_extended else []


def _caches(cpu: GuestCpu) -> Iterator[str]:
    if cpu.cache is None:
        return
    mode = cpu.cache.mode
    if mode is CacheMode.EMULATE:
        yield "l3-cache=on"
    elif mode is CacheMode.PASSTHROUGH:
        yield "host-cache-info=on"
    if mode is not CacheMode.PASSTHROUGH and cpu.mode in _HOST_MODES:
        yield "host-cache-info=off"
    if mode is not CacheMode.EMULATE:
        yield "l3-cache=off"


def _address_size(cpu: GuestCpu) -> Iterator[str]:
    address = cpu.address
    if address is None:
        return
    if address.mode is AddressMode.PASSTHROUGH:
        yield "host-phys-bits=on"
        if address.limit:
            yield f"host-phys-bits-limit={address.limit}"
    else:
        yield f"phys-bits={address.bits}" if address.bits else "host-phys-bits=off"
