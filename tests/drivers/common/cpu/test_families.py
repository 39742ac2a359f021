# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

import pytest

from covirt.drivers.common import cpu as cpus
from covirt.drivers.common.cpu.arm import HWCAP_CPUID, ArmData
from covirt.errors import ConfigUnsupported, CpuIncompatible, OperationFailed
from covirt.model.common.cpu import CpuFeature, CpuMatch, CpuMode, FeaturePolicy, GuestCpu, HostCpu

POWER8 = HostCpu(arch="ppc64", model="POWER8", vendor="IBM")


def test_power_is_told_by_its_version_register() -> None:
    assert cpus.architecture("ppc64").decode_host(0x004D0200).model == "POWER8"
    with pytest.raises(OperationFailed, match="Cannot find CPU model with PVR 0x12345678"):
        cpus.architecture("ppc64").decode_host(0x12345678)


@pytest.mark.parametrize(("mode", "result"), [("power7", "IDENTICAL"), ("power9", "INCOMPATIBLE")])
def test_power_host_runs_older_generations(mode: str, result: str) -> None:
    wanted = GuestCpu(mode=CpuMode.HOST_MODEL, model=mode)
    assert cpus.compare("ppc64", POWER8, wanted).name == result


def test_other_power_model_is_refused_by_name() -> None:
    with pytest.raises(CpuIncompatible, match="does not match required CPU model POWER7"):
        cpus.compare("ppc64", POWER8, GuestCpu(model="POWER7_v2.1"), fail_incompatible=True)


def test_arm_host_is_told_by_its_identification_register() -> None:
    host = cpus.architecture("aarch64").decode_host(ArmData(midr=0x410FD034, hwcap=HWCAP_CPUID | 1))
    assert (host.model, host.vendor) == ("cortex-a53", "ARM")
    assert [feature.name for feature in host.features] == ["fp", "cpuid"]


def test_arm_knows_its_features() -> None:
    with pytest.raises(ConfigUnsupported, match="unknown CPU feature: avx2"):
        cpus.architecture("aarch64").check_features(
            GuestCpu(model="max", features=[CpuFeature(name="avx2", policy=FeaturePolicy.REQUIRE)])
        )


def test_s390_has_no_minimum() -> None:
    wanted = GuestCpu(model="z14", match=CpuMatch.MINIMUM)
    with pytest.raises(ConfigUnsupported, match="match mode minimum not supported"):
        cpus.update("s390x", wanted, GuestCpu(model="z14"))


@pytest.mark.parametrize("arch", ["aarch64", "riscv64", "s390x"])
def test_host_model_needs_a_known_host(arch: str) -> None:
    with pytest.raises(ConfigUnsupported, match="unknown host CPU model"):
        cpus.update(arch, GuestCpu(mode=CpuMode.HOST_MODEL), None)
