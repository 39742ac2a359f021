# SPDX-License-Identifier: LGPL-2.1-or-later
"""What can be done with processors of an architecture; each architecture answers for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, ClassVar

from covirt.errors import CpuIncompatible, NoSupport
from covirt.model.common.cpu import Cpu, FeaturePolicy, GuestCpu, HostCpu

SupportedModels = Mapping[str, Sequence[str]]
"""The models that a hypervisor has, each with the features that this host lacks for it."""


class Comparison(IntEnum):
    """How a host's processor relates to a described one."""

    INCOMPATIBLE = 0
    IDENTICAL = 1
    SUPERSET = 2


class Incompatible(Exception):
    """Why a host cannot give a processor; the text is for people."""


class Architecture:
    """One family of architectures; what a family cannot do raises `NoSupport`."""

    names: ClassVar[tuple[str, ...]] = ()
    """The architectures of the family."""

    detects_host: ClassVar[bool] = False
    """Whether the model of the host we run on can be found out."""

    def __init__(self, name: str) -> None:
        self.name = name

    def compare(self, host: Cpu | None, cpu: Cpu) -> Comparison:
        """How a host relates to a processor; raises `Incompatible` with the reason when it cannot give it."""
        raise NoSupport(f"cannot compare CPUs of {self.name} architecture")

    def baseline(
        self,
        cpus: Sequence[Cpu],
        models: SupportedModels | None,
        features: Sequence[str] | None,
        *,
        migratable: bool,
    ) -> GuestCpu:
        """The best processor that all of these can give."""
        raise NoSupport(f"cannot compute baseline CPU of {self.name} architecture")

    def update(self, guest: GuestCpu, host: Cpu | None, *, relative: bool, removed: FeaturePolicy) -> None:
        """Make a processor that refers to the host a definite one."""
        raise NoSupport(f"cannot update guest CPU for {self.name} architecture")

    def update_live(self, guest: GuestCpu, enabled: Any, disabled: Any) -> bool:
        """Note what the hypervisor really gave; False when this family does not know."""
        return False

    def decode_host(self, data: Any) -> HostCpu:
        """The processor that the data of a host describe."""
        raise NoSupport(f"cannot decode CPU data for {self.name} architecture")

    def decode_guest(self, stub: GuestCpu, data: Any, models: SupportedModels | None) -> None:
        """Fill in the processor that data describe, by the models of a hypervisor."""
        raise NoSupport(f"cannot decode CPU data for {self.name} architecture")

    def has_feature(self, cpu: Cpu, name: str) -> bool:
        """Whether a processor has a feature."""
        raise NoSupport(f"cannot check guest CPU feature for {self.name} architecture")

    def translate(self, guest: GuestCpu, models: SupportedModels | None) -> None:
        """Describe a processor by a model that the hypervisor has."""
        raise NoSupport(f"cannot translate CPU model {guest.model} to a supported model")

    def expand_features(self, cpu: Cpu) -> None:
        """Mention the features that the model implies."""

    def migratable_copy(self, cpu: Cpu) -> Cpu:
        """A copy without features that keep a guest from moving."""
        return cpu.copy()

    def check_features(self, cpu: Cpu) -> None:
        """Refuse features that are unknown or used wrongly."""

    def convert_legacy(self, cpu: Cpu) -> None:
        """Replace model names that are no longer used."""

    def models(self) -> list[str]:
        """The models that are known; none when any name may be given."""
        return []

    def vendor_of_model(self, model: str) -> str | None:
        """The vendor of the processors that a model stands for."""
        return None

    def canonical_model(self, model: str) -> str | None:
        """The versioned name that a model name is an alias of."""
        return None

    def checks_by_comparison(self, model: str) -> bool:
        """Whether a partial check compares with the host, as opposed to asking the hypervisor."""
        return True


def known_host(host: Cpu | None) -> Cpu:
    """A host whose model is known; others are compatible with nothing."""
    if host is None or host.model is None:
        raise Incompatible("unknown host CPU")
    return host


def same_arch(family: Architecture, cpu: Cpu) -> None:
    """Refuse the processor of a host of another family."""
    if isinstance(cpu, HostCpu) and cpu.arch not in family.names:
        raise Incompatible(f"CPU arch {cpu.arch} does not match host arch")


def same_vendor(host: Cpu, cpu: Cpu) -> None:
    """Refuse a processor whose vendor is not the host's."""
    if cpu.vendor and cpu.vendor != host.vendor:
        raise Incompatible(f"host CPU vendor does not match required CPU vendor {cpu.vendor}")


def as_error(reason: Incompatible) -> CpuIncompatible:
    """The error for those who asked to be refused."""
    return CpuIncompatible(str(reason) or None)
