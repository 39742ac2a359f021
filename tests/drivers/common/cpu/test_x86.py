# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

import pytest

from covirt.drivers.common import cpu as cpus
from covirt.drivers.common.cpu.x86_data import X86Data, pack_signature, read_cpuid, unpack_signature
from covirt.drivers.common.cpu.x86_table import x86_table
from covirt.errors import ConfigUnsupported, CpuIncompatible, NoSupport, OperationFailed
from covirt.model.common.cpu import CpuFallback, CpuFeature, CpuMatch, CpuMode, FeaturePolicy, GuestCpu, HostCpu


def host(model: str = "Haswell", *features: str) -> HostCpu:
    return HostCpu(arch="x86_64", model=model, vendor="Intel", features=[CpuFeature(name=name) for name in features])


def guest(model: str, **features: FeaturePolicy) -> GuestCpu:
    return GuestCpu(model=model, features=[CpuFeature(name=name, policy=policy) for name, policy in features.items()])


def test_host_is_identical_to_itself() -> None:
    assert cpus.compare("x86_64", host(), host()) is cpus.Comparison.IDENTICAL


def test_host_with_more_is_a_superset() -> None:
    assert cpus.compare("x86_64", host("Haswell", "vmx"), guest("Haswell")) is cpus.Comparison.SUPERSET


def test_strict_match_refuses_more() -> None:
    strict = guest("Haswell")
    strict.match = CpuMatch.STRICT
    assert cpus.compare("x86_64", host("Haswell", "vmx"), strict) is cpus.Comparison.INCOMPATIBLE


def test_missing_features_are_named() -> None:
    with pytest.raises(CpuIncompatible, match="does not provide required features: avx512f"):
        cpus.compare("x86_64", host(), guest("Haswell", avx512f=FeaturePolicy.REQUIRE), fail_incompatible=True)


def test_forbidden_feature_of_the_host_is_named() -> None:
    with pytest.raises(CpuIncompatible, match="provides forbidden features: avx2"):
        cpus.compare("x86_64", host(), guest("Haswell", avx2=FeaturePolicy.FORBID), fail_incompatible=True)


def test_host_model_becomes_the_model_of_the_host() -> None:
    wanted = GuestCpu(mode=CpuMode.HOST_MODEL, features=[CpuFeature(name="avx2", policy=FeaturePolicy.DISABLE)])
    cpus.update("x86_64", wanted, host("Haswell", "vmx"))
    assert (wanted.mode, wanted.model, wanted.vendor) == (CpuMode.CUSTOM, "Haswell", "Intel")
    assert wanted.policy("vmx") is FeaturePolicy.REQUIRE
    assert wanted.policy("avx2") is FeaturePolicy.DISABLE


def test_optional_features_are_decided_by_the_host() -> None:
    wanted = guest("Haswell", vmx=FeaturePolicy.OPTIONAL, svm=FeaturePolicy.OPTIONAL)
    cpus.update("x86_64", wanted, host("Haswell", "vmx"))
    assert (wanted.policy("vmx"), wanted.policy("svm")) == (FeaturePolicy.REQUIRE, FeaturePolicy.DISABLE)


def test_translation_keeps_the_features() -> None:
    wanted = guest("Haswell")
    cpus.translate("x86_64", wanted, {"Nehalem": ()})
    assert wanted.model == "Nehalem"
    assert wanted.policy("avx2") is FeaturePolicy.REQUIRE


def test_translation_needs_permission() -> None:
    wanted = guest("Haswell")
    wanted.fallback = CpuFallback.FORBID
    with pytest.raises(ConfigUnsupported, match="CPU model Haswell is not supported by hypervisor"):
        cpus.translate("x86_64", wanted, {"Nehalem": ()})


def test_baseline_of_different_vendors_is_refused() -> None:
    amd = HostCpu(arch="x86_64", model="EPYC", vendor="AMD")
    with pytest.raises(OperationFailed, match="CPU vendors do not match"):
        cpus.baseline("x86_64", [host(), amd])


def test_baseline_without_features_that_keep_a_guest_from_moving() -> None:
    common = cpus.baseline("x86_64", [host("Haswell", "invtsc")], migratable=True)
    assert common.feature("invtsc") is None


def test_unusable_model_is_usable_without_its_blockers() -> None:
    wanted = guest("Haswell", hle=FeaturePolicy.DISABLE)
    assert cpus.compare_unusable("x86_64", GuestCpu(model="Haswell"), wanted, ["hle"]) is cpus.Comparison.SUPERSET
    assert cpus.compare_unusable("x86_64", GuestCpu(model="Haswell"), wanted, ["rtm"]) is cpus.Comparison.INCOMPATIBLE


def test_unknown_architecture_is_not_supported() -> None:
    with pytest.raises(NoSupport, match="'sparc' architecture is not supported by CPU driver"):
        cpus.compare("sparc", host(), host())


@pytest.mark.parametrize(("numbers", "packed"), [((6, 42, 7), 0x206A7), ((23, 49, 0), 0x830F10), ((15, 6, 1), 0xF61)])
def test_signature_is_packed_and_unpacked(numbers: tuple[int, int, int], packed: int) -> None:
    assert pack_signature(*numbers) == packed
    assert unpack_signature(packed) == numbers


def test_only_valid_subleaves_are_read() -> None:
    asked = []

    def cpuid(leaf: int, subleaf: int) -> tuple[int, int, int, int]:
        asked.append((leaf, subleaf))
        return {(0, 0): (7, 0, 0, 0), (7, 0): (1, 0x20, 0, 0), (7, 1): (0x10, 0, 0, 0)}.get((leaf, subleaf), (0,) * 4)

    data = read_cpuid(cpuid)
    assert data.register(7, 1, "eax") == 0x10
    assert (7, 2) not in asked
    assert "avx2" in x86_table().names(x86_table().shown_by(data))


def test_vendor_is_spelled_by_three_registers() -> None:
    data = X86Data()
    data.vendor = "GenuineIntel"
    assert data.register(0, 0, "ebx") == 0x756E6547
    assert x86_table().vendor_of(data) == "Intel"


def test_every_model_names_known_vendors_and_removed_features() -> None:
    table = x86_table()
    for model in table.models.values():
        assert model.vendor is None or model.vendor in table.vendors
        assert set(model.removed) | model.later <= set(table.features), model.name
        assert not table.set_of(model.removed) & model.features, model.name


def test_alias_has_a_canonical_name() -> None:
    assert cpus.architecture("x86_64").canonical_model("Haswell") == "Haswell-v1"
