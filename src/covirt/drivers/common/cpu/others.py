# SPDX-License-Identifier: LGPL-2.1-or-later
"""s390, RISC-V and LoongArch: the hypervisor knows the models and does all checks."""

from __future__ import annotations

from covirt.drivers.common.cpu.architecture import Architecture, Comparison
from covirt.drivers.common.cpu.host_model import take_host_model
from covirt.errors import ConfigUnsupported
from covirt.model.common.cpu import Cpu, CpuMatch, CpuMode, FeaturePolicy, GuestCpu


class S390(Architecture):
    """s390 and s390x."""

    names = ("s390", "s390x")

    def compare(self, host: Cpu | None, cpu: Cpu) -> Comparison:
        """Left to the hypervisor."""
        return Comparison.IDENTICAL

    def update(self, guest: GuestCpu, host: Cpu | None, *, relative: bool, removed: FeaturePolicy) -> None:
        """Take the host's model in place of `host-model`; what the guest says of features wins."""
        if not relative:
            return
        if guest.mode is CpuMode.CUSTOM:
            if guest.match is CpuMatch.MINIMUM:
                raise ConfigUnsupported(f"match mode {guest.match} not supported")
            raise ConfigUnsupported("optional CPU features are not supported")
        said = guest.features
        take_host_model(guest, host)
        for feature in said:
            guest.set_feature(feature.name, feature.policy)

    def check_features(self, cpu: Cpu) -> None:
        """There are no optional features."""
        for feature in cpu.features:
            if feature.policy is FeaturePolicy.OPTIONAL:
                raise ConfigUnsupported(
                    f"only cpu feature policies 'require' and 'disable' are supported for {feature.name}"
                )

    def vendor_of_model(self, model: str) -> str | None:
        """Models named by machine are IBM's."""
        return "IBM" if model.startswith(("z", "gen")) else None


class RiscV(Architecture):
    """riscv64."""

    names = ("riscv64",)

    def compare(self, host: Cpu | None, cpu: Cpu) -> Comparison:
        """Left to the hypervisor."""
        return Comparison.IDENTICAL

    def update(self, guest: GuestCpu, host: Cpu | None, *, relative: bool, removed: FeaturePolicy) -> None:
        """Take the host's model in place of `host-model`."""
        if relative and guest.mode is CpuMode.HOST_MODEL:
            take_host_model(guest, host)


class LoongArch(Architecture):
    """loongarch64."""

    names = ("loongarch64",)

    def compare(self, host: Cpu | None, cpu: Cpu) -> Comparison:
        """Left to the hypervisor."""
        return Comparison.IDENTICAL

    def update(self, guest: GuestCpu, host: Cpu | None, *, relative: bool, removed: FeaturePolicy) -> None:
        """Nothing refers to the host."""
