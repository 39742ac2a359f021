# SPDX-License-Identifier: LGPL-2.1-or-later
"""ARM: hosts are compared by vendor and model; guests are checked by the hypervisor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from covirt.drivers.common.cpu.architecture import Architecture, Comparison, Incompatible, SupportedModels, known_host
from covirt.drivers.common.cpu.host_model import take_host_model
from covirt.drivers.common.cpu.table import read_table
from covirt.errors import ConfigUnsupported, InternalError, OperationFailed
from covirt.model.common.cpu import Cpu, CpuFeature, CpuMode, FeaturePolicy, GuestCpu, HostCpu

HWCAP_CPUID = 1 << 11
"""The kernel lets programs read the identification registers."""

HWCAPS = (
    "fp", "asimd", "evtstrm", "aes", "pmull", "sha1", "sha2", "crc32", "atomics", "fphp", "asimdhp", "cpuid",
    "asimdrdm", "jscvt", "fcma", "lrcpc", "dcpop", "sha3", "sm3", "sm4", "asimddp", "sha512", "sve", "asimdfhm",
    "dit", "uscat", "ilrcpc", "flagm", "ssbs", "sb", "paca", "pacg",
)  # fmt: skip
"""The features that the kernel tells to programs, by bit."""


@dataclass(frozen=True, slots=True)
class ArmData:
    """What an ARM processor says of itself: main identification register, and the kernel's hardware capabilities."""

    midr: int
    hwcap: int

    @property
    def part(self) -> int:
        """The number of the model."""
        return self.midr >> 4 & 0xFFF

    @property
    def vendor(self) -> int:
        """The number of the vendor."""
        return self.midr >> 24 & 0xFF

    @property
    def features(self) -> list[str]:
        """The names of the features."""
        return [name for bit, name in enumerate(HWCAPS) if self.hwcap >> bit & 1]


@cache
def arm_table() -> dict[str, dict[str, Any]]:
    """Vendors, features and models."""
    return read_table("arm")


class Arm(Architecture):
    """armv6l, armv7b, armv7l and aarch64."""

    names = ("armv6l", "armv7b", "armv7l", "aarch64")
    detects_host = True

    def compare(self, host: Cpu | None, cpu: Cpu) -> Comparison:
        """Hosts are the same or not; guests are left to the hypervisor."""
        if isinstance(cpu, HostCpu):
            host = known_host(host)
            if (host.vendor, host.model) != (cpu.vendor, cpu.model):
                raise Incompatible(
                    "Host CPU model does not match required CPU "
                    f"vendor {cpu.vendor or '<null>'} or(and) model {cpu.model or '<null>'}"
                )
        return Comparison.IDENTICAL

    def decode_host(self, data: ArmData) -> HostCpu:
        """The processor with these registers."""
        if not data.hwcap & HWCAP_CPUID:
            raise InternalError("CPUID registers unavailable")
        model = next(
            (name for name, entry in arm_table()["models"].items() if int(entry["part"], 16) == data.part), None
        )
        if model is None:
            raise OperationFailed(f"Cannot find CPU model with PVR 0x{data.part:03x}, vendor id 0x{data.vendor:02x}")
        vendor = next((name for name, value in arm_table()["vendors"].items() if int(value, 16) == data.vendor), None)
        if data.vendor and vendor is None:
            raise OperationFailed(f"Cannot find CPU vendor with vendor id 0x{data.vendor:02x}")
        features = [CpuFeature(name=name) for name in data.features]
        return HostCpu(arch=self.name, model=model, vendor=vendor, features=features)

    def baseline(
        self,
        cpus: Sequence[Cpu],
        models: SupportedModels | None,
        features: Sequence[str] | None,
        *,
        migratable: bool,
    ) -> GuestCpu:
        """The model of the first; nothing more is known."""
        return GuestCpu(model=cpus[0].model)

    def update(self, guest: GuestCpu, host: Cpu | None, *, relative: bool, removed: FeaturePolicy) -> None:
        """Take the host's model in place of `host-model`."""
        if relative and guest.mode is CpuMode.HOST_MODEL:
            take_host_model(guest, host)

    def check_features(self, cpu: Cpu) -> None:
        """Refuse features that are not in the table."""
        for feature in cpu.features:
            if feature.name not in arm_table()["features"]:
                raise ConfigUnsupported(f"unknown CPU feature: {feature.name}")
