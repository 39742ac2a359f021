# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

import pytest

from covirt import xml
from covirt.drivers.common.cpu import Comparison, SupportedModels
from covirt.drivers.qemu.capabilities import Acceleration, CpuModel, CpuProperty, EmulatorCapabilities, HostCpu
from covirt.drivers.qemu.capabilities.cpu_support import (
    check_cpu,
    common_address_bits,
    compare_hypervisor,
    cpu_modes,
    hypervisor_baseline,
)
from covirt.drivers.qemu.capabilities.emulator import Usability
from covirt.drivers.qemu.capabilities.host_model import HostModels, host_models
from covirt.errors import CpuIncompatible, OperationUnsupported
from covirt.model.common.cpu import AddressMode, Cpu, CpuFeature, CpuMode, FeaturePolicy, GuestCpu, MaxPhysAddr

MODELS = (
    CpuModel(name="Haswell", usable=Usability.NO, blockers=("hle", "rtm")),
    CpuModel(name="Nehalem", usable=Usability.YES),
    CpuModel(name="host", usable=Usability.YES),
)
FEATURES = ["sse4.1", "sse4.2", "popcnt", "ssse3", "cx16", "lm", "nx", "lahf_lm", "vmx"]


def capabilities(**properties: bool) -> EmulatorCapabilities:
    told = tuple(CpuProperty(name=name, value=True, migratable=True) for name in FEATURES)
    numbers = (CpuProperty(name="vendor", value="GenuineIntel"),)
    host = HostCpu(model="base", properties=told + numbers, migratability=True)
    flags = frozenset({"kvm", "cpu-max", "cpu-unavailable-features"})
    kvm = Acceleration(cpus=MODELS, host_cpu=host)
    return EmulatorCapabilities(binary="/usr/bin/qemu", arch="x86_64", flags=flags, kvm=kvm)


def read_host(models: SupportedModels | None) -> Cpu:
    return GuestCpu(model="Nehalem", vendor="Intel")


def models() -> HostModels:
    found = host_models(capabilities(), "kvm", "x86_64", read_host)
    assert found is not None
    return found


def test_host_model_is_what_qemu_tells() -> None:
    assert models().reported.model == "Nehalem"
    assert models().reported.policy("vmx") is FeaturePolicy.REQUIRE


def test_modes_name_models_and_blockers() -> None:
    modes = cpu_modes(capabilities(), "kvm", "x86_64", host_arch="x86_64", models=models(), address_bits=40)
    text = xml.format(modes, name="cpu")
    assert "<mode name='maximum' supported='yes'>" in text
    assert "<maxphysaddr mode='passthrough' limit='40'/>" in text
    assert "<model usable='no' vendor='Intel' canonical='Haswell-v1'>Haswell</model>" in text
    assert "<blockers model='Haswell'>\n      <feature name='hle'/>" in text
    assert ">host<" not in text


def test_usable_model_needs_no_comparison() -> None:
    assert check_cpu(capabilities(), "kvm", "x86_64", GuestCpu(model="Nehalem"), models(), None) is Comparison.SUPERSET


def test_unusable_model_is_compared_with_the_host() -> None:
    with pytest.raises(CpuIncompatible, match="avx2"):
        compare_hypervisor(capabilities(), "kvm", "x86_64", GuestCpu(model="Haswell"), models(), fail_incompatible=True)


def test_comparison_needs_a_model_from_qemu() -> None:
    with pytest.raises(OperationUnsupported, match="does not support reporting CPU model for virttype 'qemu'"):
        compare_hypervisor(capabilities(), "qemu", "x86_64", GuestCpu(mode=CpuMode.HOST_MODEL), None)


def test_baseline_stays_within_what_qemu_knows() -> None:
    hosts = [GuestCpu(model="Haswell", vendor="Intel"), GuestCpu(model="Nehalem", vendor="Intel")]
    common = hypervisor_baseline(capabilities(), "kvm", "x86_64", hosts, migratable=False, expand=False)
    assert common.model == "Nehalem"
    assert common.feature("avx2") is None


def test_smallest_address_limit_counts_when_all_have_one() -> None:
    def limited(bits: int | None) -> GuestCpu:
        return GuestCpu(address=MaxPhysAddr(mode=AddressMode.PASSTHROUGH, limit=bits), features=[CpuFeature(name="x")])

    assert common_address_bits([limited(46), limited(40)]) == 40
    assert common_address_bits([limited(46), limited(None)]) == 0
