# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a QEMU binary can do, as a value that never changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from covirt.drivers.qemu.capabilities.flags import BY_NAME, ORDER
from covirt.drivers.qemu.capabilities.targets import emulates, runs_natively
from covirt.xml.element import Element


class Usability(StrEnum):
    """Whether this host can give a CPU model; QEMU does not always say (None)."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineType:
    """A machine that QEMU can build."""

    name: str
    alias: str | None = None
    max_cpus: int = 0
    hotplug_cpus: bool = False
    default: bool = False
    numa_mem_supported: bool = False
    default_cpu: str | None = None
    default_ram_id: str | None = None
    deprecated: bool = False
    acpi: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CpuModel:
    """A CPU model that QEMU knows, and the features that this host lacks for it."""

    name: str
    typename: str | None = None
    usable: Usability | None = None
    blockers: tuple[str, ...] = ()
    deprecated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CpuProperty:
    """A property of the host's CPU as QEMU would give it to a guest."""

    name: str
    value: bool | int | str
    migratable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCpu:
    """The CPU model `host` (or `max` without acceleration) expanded by QEMU."""

    model: str
    properties: tuple[CpuProperty, ...] = ()
    migratability: bool = False
    deprecated: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceleration:
    """What depends on how guests are run: by KVM, by HVF or by TCG."""

    machines: tuple[MachineType, ...] = ()
    cpus: tuple[CpuModel, ...] | None = None
    host_cpu: HostCpu | None = None

    def without_aliases(self) -> Acceleration:
        """The same with machines of their own in place of the aliases; the preferred machine stays the first."""
        renamed = (replace(m, name=m.alias, alias=None) if m.alias else m for m in self.machines)
        originals = (replace(m, alias=None, default=False) for m in self.machines if m.alias)
        return replace(self, machines=(*renamed, *originals))


@dataclass(frozen=True, slots=True, kw_only=True)
class GicVersion:
    """An interrupt controller for ARM guests."""

    version: int
    kernel: bool
    emulated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sev:
    """AMD's memory encryption on this host, as far as QEMU knows it."""

    cbitpos: int
    reduced_phys_bits: int
    pdh: str
    cert_chain: str
    cpu0_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SgxSection:
    """A part of the memory for SGX enclaves, in KiB."""

    node: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sgx:
    """Intel's enclaves on this host; sizes in KiB."""

    flc: bool
    sgx1: bool
    sgx2: bool
    section_size: int
    sections: tuple[SgxSection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheStamp:
    """What a cached probe was made with; when any of it changed, it is void."""

    binary_ctime: int = 0
    modules_mtime: int = 0
    self_ctime: int = 0
    self_version: int = 0
    microcode: int = 0
    cpu_signature: str | None = None
    kernel: str | None = None
    cpu_data: Element | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatorCapabilities:
    """All that is known of one QEMU binary on this host.

    `flag in caps` asks for a capability by libvirt's name. What depends on the accelerator is asked with a domain's
    type (`kvm`, `hvf`, anything else is TCG).
    """

    binary: str
    arch: str
    version: int = 0
    package: str | None = None
    flags: frozenset[str] = frozenset()
    kvm: Acceleration = Acceleration()
    hvf: Acceleration = Acceleration()
    tcg: Acceleration = Acceleration()
    gic: tuple[GicVersion, ...] = ()
    sev: Sev | None = None
    sgx: Sgx | None = None
    hyperv: tuple[str, ...] | None = None
    kvm_nesting: bool = False
    kvm_secure_guest: bool = False
    stamp: CacheStamp = field(default=CacheStamp())

    # flags

    def __contains__(self, flag: str) -> bool:
        """Whether the binary has a capability; a name that is no capability at all is our mistake."""
        if flag not in BY_NAME:
            raise KeyError(f"'{flag}' is not a QEMU capability")
        return flag in self.flags

    def has(self, *flags: str) -> bool:
        """Whether the binary has all of these capabilities."""
        return all(flag in self for flag in flags)

    def sorted_flags(self) -> list[str]:
        """The flags in libvirt's order."""
        return sorted(self.flags, key=ORDER.__getitem__)

    def changed(self, *, add: frozenset[str] = frozenset(), remove: frozenset[str] = frozenset()) -> Self:
        """The same binary with some flags more or less."""
        return replace(self, flags=(self.flags | add) - remove)

    # accelerators

    @property
    def accelerated(self) -> bool:
        """Whether a hardware accelerator works."""
        return "kvm" in self.flags or "hvf" in self.flags

    @property
    def best_type(self) -> str | None:
        """The domain type to prefer: `kvm`, `hvf` or `qemu`; None when the binary can run nothing."""
        return next((kind for kind in ("kvm", "hvf", "qemu") if self.runs_type(kind)), None)

    def runs_type(self, virt_type: str) -> bool:
        """Whether domains of this type can run."""
        return {"qemu": "tcg", "kvm": "kvm", "hvf": "hvf"}.get(virt_type) in self.flags

    def runs_arch(self, arch: str) -> bool:
        """Whether guests of this architecture can run."""
        return emulates(self.arch, arch)

    def acceleration(self, virt_type: str) -> Acceleration:
        """What holds for domains of this type."""
        return {"kvm": self.kvm, "hvf": self.hvf}.get(virt_type, self.tcg)

    def with_acceleration(self, virt_type: str, acceleration: Acceleration) -> Self:
        """The same binary with this known of domains of a type."""
        match virt_type:
            case "kvm":
                return replace(self, kvm=acceleration)
            case "hvf":
                return replace(self, hvf=acceleration)
            case _:
                return replace(self, tcg=acceleration)

    # machines

    def machines(self, virt_type: str) -> tuple[MachineType, ...]:
        """The machines for domains of this type, the preferred one first."""
        return self.acceleration(virt_type).machines

    def machine(self, virt_type: str, name: str | None) -> MachineType | None:
        """The machine with this canonical name."""
        return next((machine for machine in self.machines(virt_type) if machine.name == name), None)

    def canonical_machine(self, virt_type: str, name: str) -> str:
        """The name that an alias stands for; any other name stays."""
        machines = self.machines(virt_type)
        return next((machine.name for machine in machines if machine.alias == name), name)

    def preferred_machine(self, virt_type: str) -> str | None:
        """The machine of a domain that does not name one."""
        machines = self.machines(virt_type)
        return machines[0].name if machines else None

    def machine_max_cpus(self, virt_type: str, name: str | None) -> int:
        """How many CPUs the machine can have, 0 when that is not known."""
        machine = self.machine(virt_type, name)
        return machine.max_cpus if machine else 0

    def machine_default_cpu(self, virt_type: str, name: str | None) -> str | None:
        """The CPU model a machine has when none is asked for."""
        machine = self.machine(virt_type, name)
        if machine is None or machine.default_cpu is None:
            return None
        cpus = self.acceleration(virt_type).cpus or ()
        return next((cpu.name for cpu in cpus if cpu.typename == machine.default_cpu), None)

    def without_machine_aliases(self) -> Self:
        """The same binary when machines have no aliases."""
        return replace(
            self,
            kvm=self.kvm.without_aliases(),
            hvf=self.hvf.without_aliases(),
            tcg=self.tcg.without_aliases(),
        )

    # CPUs

    def cpu(self, virt_type: str, model: str | None) -> CpuModel | None:
        """The CPU model with this name."""
        return next((cpu for cpu in self.acceleration(virt_type).cpus or () if cpu.name == model), None)

    def cpu_deprecated(self, virt_type: str, model: str | None) -> bool:
        """Whether QEMU advises against this CPU model."""
        cpu = self.cpu(virt_type, model)
        return cpu is not None and cpu.deprecated

    def native(self, host_arch: str) -> bool:
        """Whether this host can run the binary's guests with hardware acceleration."""
        return runs_natively(host_arch, self.arch)

    @property
    def version_tuple(self) -> tuple[int, int, int]:
        """Major, minor and micro version."""
        return self.version // 1_000_000, self.version // 1_000 % 1_000, self.version % 1_000


def version_number(major: int, minor: int, micro: int) -> int:
    """A version as one number."""
    return major * 1_000_000 + minor * 1_000 + micro
