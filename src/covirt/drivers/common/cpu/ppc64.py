# SPDX-License-Identifier: LGPL-2.1-or-later
"""POWER: processors are told apart by model alone; guests may run in a compatibility mode of an older one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from covirt.drivers.common.cpu.architecture import (
    Architecture,
    Comparison,
    Incompatible,
    SupportedModels,
    known_host,
    same_arch,
    same_vendor,
)
from covirt.drivers.common.cpu.table import read_table
from covirt.errors import ConfigUnsupported, InternalError, InvalidArg, OperationFailed
from covirt.model.common.cpu import Cpu, CpuFallback, CpuMatch, CpuMode, FeaturePolicy, GuestCpu, HostCpu

LEGACY_MODELS = {"POWER7_v2.1": "POWER7", "POWER7_v2.3": "POWER7", "POWER7+_v2.1": "POWER7", "POWER8_v1.0": "POWER8"}
"""Names that versions before 1.2.19 used."""

GENERATIONS = range(6, 11)
"""The generations that have compatibility modes."""


@dataclass(frozen=True, slots=True)
class PowerModel:
    """A model, and the processor version registers (value and mask) that it stands for."""

    name: str
    vendor: str
    versions: tuple[tuple[int, int], ...]


@cache
def power_models() -> dict[str, PowerModel]:
    """The table of models."""
    return {
        name: PowerModel(name, entry["vendor"], tuple(map(_version, entry["pvr"])))
        for name, entry in read_table("ppc64")["models"].items()
    }


@cache
def power_vendors() -> frozenset[str]:
    """The known vendors."""
    return frozenset(read_table("ppc64")["vendors"])


class Power(Architecture):
    """ppc64 and ppc64le; the data of a host are its processor version register."""

    names = ("ppc64", "ppc64le")
    detects_host = True

    def compare(self, host: Cpu | None, cpu: Cpu) -> Comparison:
        """Whether the models are the same, or the host can run in the compatibility mode that is asked for."""
        host = known_host(host)
        cpu = cpu.copy()
        self.convert_legacy(cpu)
        same_arch(self, cpu)
        same_vendor(host, cpu)
        host_model = _known_model(host.model)
        if isinstance(cpu, GuestCpu) and cpu.mode is not CpuMode.CUSTOM:
            if cpu.mode is CpuMode.HOST_MODEL and cpu.model:
                _check_compatibility(host_model.name, cpu.model)
            return Comparison.IDENTICAL
        model = _known_model(cpu.model)
        if model != host_model:
            raise Incompatible(f"host CPU model does not match required CPU model {model.name}")
        return Comparison.IDENTICAL

    def decode_host(self, data: int) -> HostCpu:
        """The processor with this version."""
        model = _model_of_version(data)
        return HostCpu(arch=self.name, model=model.name, vendor=model.vendor)

    def decode_guest(self, stub: GuestCpu, data: int, models: SupportedModels | None) -> None:
        """The processor with this version, when the hypervisor has it."""
        model = _model_of_version(data)
        if models is not None and model.name not in models:
            raise ConfigUnsupported(f"CPU model {model.name} is not supported by hypervisor")
        stub.model, stub.vendor = model.name, model.vendor

    def baseline(
        self,
        cpus: Sequence[Cpu],
        models: SupportedModels | None,
        features: Sequence[str] | None,
        *,
        migratable: bool,
    ) -> GuestCpu:
        """The one model that all have."""
        model = _known_model(cpus[0].model)
        for cpu in cpus:
            if cpu.model != model.name:
                raise OperationFailed("CPUs are incompatible")
            if cpu.vendor and cpu.vendor not in power_vendors():
                raise OperationFailed(f"Unknown CPU vendor {cpu.vendor}")
            if cpu.vendor and cpu.vendor != model.vendor:
                raise OperationFailed(
                    f"CPU vendor {model.vendor} of model {model.name} differs from vendor {cpu.vendor}"
                )
        return GuestCpu(model=model.name, fallback=CpuFallback.FORBID)

    def update(self, guest: GuestCpu, host: Cpu | None, *, relative: bool, removed: FeaturePolicy) -> None:
        """Only a model that is named becomes exact; `host-model` stays, as it may mean a compatibility mode."""
        if guest.mode is CpuMode.CUSTOM:
            guest.match = CpuMatch.EXACT

    def convert_legacy(self, cpu: Cpu) -> None:
        """Names with a revision become names without."""
        cpu.model = LEGACY_MODELS.get(cpu.model or "", cpu.model)

    def models(self) -> list[str]:
        """All models."""
        return list(power_models())

    def vendor_of_model(self, model: str) -> str | None:
        """The vendor of a model."""
        known = power_models().get(model)
        return known.vendor if known else None


def _version(word: str) -> tuple[int, int]:
    value, mask = word.split("/")
    return int(value, 16), int(mask, 16)


def _known_model(name: str | None) -> PowerModel:
    if name is None:
        raise InvalidArg("no CPU model specified")
    if name not in power_models():
        raise InternalError(f"Unknown CPU model {name}")
    return power_models()[name]


def _model_of_version(version: int) -> PowerModel:
    for model in power_models().values():
        if any(version & mask == value for value, mask in model.versions):
            return model
    raise OperationFailed(f"Cannot find CPU model with PVR 0x{version:08x}")


def _check_compatibility(host: str, mode: str) -> None:
    """A host can run as itself and as the generations before it."""
    own = re.fullmatch(r"POWER(\d+)", host)
    asked = re.fullmatch(r"power(\d+)", mode)
    if own is None or int(own[1]) not in GENERATIONS:
        raise InternalError("Host CPU does not support compatibility modes")
    if asked is None or int(asked[1]) not in GENERATIONS:
        raise InternalError(f"Unknown compatibility mode {mode}")
    if int(asked[1]) > int(own[1]):
        raise Incompatible("")
