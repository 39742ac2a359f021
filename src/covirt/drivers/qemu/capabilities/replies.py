# SPDX-License-Identifier: LGPL-2.1-or-later
"""Replies of QEMU to the questions of a probe, read into values; a malformed one is QEMU's error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from covirt.drivers.qemu.capabilities.cpu_features import from_qemu
from covirt.drivers.qemu.capabilities.emulator import (
    CpuModel,
    CpuProperty,
    GicVersion,
    HostCpu,
    MachineType,
    Sev,
    Sgx,
    SgxSection,
    Usability,
    version_number,
)
from covirt.drivers.qemu.monitor.errors import UnexpectedReply

Reply = Mapping[str, Any]
T = TypeVar("T")
_KIB = 1024
_INT64 = range(-(2**63), 2**63)


def version(reply: Reply) -> int:
    """The version from query-version."""
    qemu = _member(reply, "qemu", dict, "query-version reply was missing 'qemu' data")
    parts = (_number(qemu, name, f"query-version reply was missing '{name}' version") for name in _VERSION_PARTS)
    return version_number(*parts)


_VERSION_PARTS = ("major", "minor", "micro")


def package(reply: Reply) -> str:
    """The distribution's name of the build from query-version."""
    return _text(reply, "package", "query-version reply was missing 'package' version")


def kvm_works(reply: Reply) -> bool:
    """Whether query-kvm finds KVM present and in use."""
    return all(_yes(reply, name, "query-kvm replied unexpected data") for name in ("enabled", "present"))


def names(reply: object, key: str, what: str) -> frozenset[str]:
    """The member `key` of each object in a list."""
    return frozenset(_text(entry, key, f"{what} reply data was missing '{key}'") for entry in entries(reply, what))


def entries(reply: object, what: str) -> Iterator[Reply]:
    """The objects of a list."""
    if not isinstance(reply, list):
        raise UnexpectedReply(f"unexpected type returned by QEMU command '{what}'")
    for entry in reply:
        if not isinstance(entry, dict):
            raise UnexpectedReply(f"unexpected entry in the reply to QEMU command '{what}'")
        yield entry


def strings(reply: object, what: str) -> frozenset[str]:
    """A list of strings."""
    if not isinstance(reply, list) or not all(isinstance(item, str) for item in reply):
        raise UnexpectedReply(f"unexpected type returned by QEMU command '{what}'")
    return frozenset(reply)


def properties(reply: object, what: str) -> dict[str, object]:
    """Names and defaults (None when not told) of properties."""
    return {_text(e, "name", "reply data was missing 'name'"): e.get("default-value") for e in entries(reply, what)}


def options(reply: object) -> dict[str, frozenset[str]]:
    """The parameters of each command line option."""
    missing = "reply data was missing 'option' name or parameters"
    found: dict[str, frozenset[str]] = {}
    for entry in entries(reply, "query-command-line-options"):
        parameters = _member(entry, "parameters", list, missing)
        known = (parameter.get("name") for parameter in parameters if isinstance(parameter, dict))
        found[_text(entry, "option", missing)] = frozenset(name for name in known if isinstance(name, str))
    return found


def machines(reply: object, preferred: str | None) -> tuple[MachineType, ...]:
    """All machines but `none`, the preferred one (else QEMU's default) moved to the front."""
    found = [_machine(entry) for entry in entries(reply, "query-machines")]
    found = [machine for machine in found if machine.name != "none"]
    chosen = [m for m in found if preferred and preferred in (m.alias, m.name)] or [m for m in found if m.default]
    if chosen:
        found.remove(chosen[-1])
        found.insert(0, chosen[-1])
    return tuple(found)


def _machine(entry: Reply) -> MachineType:
    return MachineType(
        name=_text(entry, "name", "query-machines reply data was missing 'name'"),
        alias=_optional(entry, "alias", str),
        max_cpus=_optional(entry, "cpu-max", int) or 0,
        hotplug_cpus=entry.get("hotpluggable-cpus") is True,
        default=_optional(entry, "is-default", bool) or False,
        # QEMU before 4.1 does not say and always can.
        numa_mem_supported=_optional(entry, "numa-mem-supported", bool) is not False,
        default_cpu=_optional(entry, "default-cpu-type", str),
        default_ram_id=_optional(entry, "default-ram-id", str),
        deprecated=_optional(entry, "deprecated", bool) or False,
        acpi=_optional(entry, "acpi", bool),
    )


def cpu_models(reply: object, arch: str, spelling: Mapping[str, str]) -> tuple[CpuModel, ...]:
    """The models of query-cpu-definitions; `spelling` gives libvirt's form of a name in lower case."""
    return tuple(_cpu_model(entry, arch, spelling) for entry in entries(reply, "query-cpu-definitions"))


def _cpu_model(entry: Reply, arch: str, spelling: Mapping[str, str]) -> CpuModel:
    name = _text(entry, "name", "query-cpu-definitions reply data was missing 'name'")
    blockers = entry.get("unavailable-features")
    typename = entry.get("typename")
    return CpuModel(
        name=spelling.get(name.lower(), name),
        typename=typename if isinstance(typename, str) and typename else None,
        usable=None if not isinstance(blockers, list) else Usability.NO if blockers else Usability.YES,
        blockers=tuple(from_qemu(arch, str(blocker)) for blocker in blockers or ()),
        deprecated=entry.get("deprecated") is True,
    )


def host_cpu(reply: Reply, *, properties_required: bool) -> HostCpu:
    """The CPU that query-cpu-model-expansion returns."""
    what = "query-cpu-model-expansion reply data was missing"
    model = _member(reply, "model", dict, f"{what} 'model'")
    name = _text(model, "name", f"{what} 'name'")
    props = model.get("props")
    if not isinstance(props, dict):
        if properties_required:
            raise UnexpectedReply(f"{what} 'props'")
        props = {}
    known = (CpuProperty(name=key, value=value) for key, value in props.items() if _is_scalar(value))
    deprecated = reply.get("deprecated-props")
    return HostCpu(
        model=name,
        properties=tuple(known),
        deprecated=tuple(map(str, deprecated)) if isinstance(deprecated, list) and deprecated else None,
    )


def _is_scalar(value: object) -> bool:
    """Whether libvirt keeps such a value: no objects, lists, fractions or numbers beyond 64 bits."""
    return isinstance(value, (bool, str)) or (isinstance(value, int) and value in _INT64)


def gic_versions(reply: object) -> tuple[GicVersion, ...]:
    """The interrupt controllers of query-gic-capabilities."""
    return tuple(
        GicVersion(
            version=_number(entry, "version", "missing GIC version"),
            kernel=_yes(entry, "kernel", "missing in-kernel GIC information"),
            emulated=_yes(entry, "emulated", "missing emulated GIC information"),
        )
        for entry in entries(reply, "query-gic-capabilities")
    )


def sev(reply: Reply) -> Sev:
    """The memory encryption of query-sev-capabilities."""
    what = "query-sev-capabilities reply was missing"
    cpu0_id = reply.get("cpu0-id")
    return Sev(
        cbitpos=_number(reply, "cbitpos", f"{what} 'cbitpos' field"),
        reduced_phys_bits=_number(reply, "reduced-phys-bits", f"{what} 'reduced-phys-bits' field"),
        pdh=_text(reply, "pdh", f"{what} 'pdh' field"),
        cert_chain=_text(reply, "cert-chain", f"{what} 'cert-chain' field"),
        cpu0_id=cpu0_id if isinstance(cpu0_id, str) else None,
    )


def sgx(reply: Reply) -> Sgx | None:
    """The enclaves of query-sgx-capabilities; None from QEMU before 7.0, which does not tell the sections."""
    what = "query-sgx-capabilities reply was missing"
    flc, sgx1, sgx2 = (_yes(reply, name, f"{what} '{name}' field") for name in ("flc", "sgx1", "sgx2"))
    if "sections" not in reply:
        return None
    sections = tuple(
        SgxSection(
            node=_number(section, "node", f"{what} 'node' field"),
            size=_number(section, "size", f"{what} 'size' field") // _KIB,
        )
        for section in entries(reply["sections"], "query-sgx-capabilities")
    )
    if "section-size" in reply:
        total = _number(reply, "section-size", f"{what} 'section-size' field") // _KIB
    else:
        total = sum(section.size for section in sections)
    return Sgx(flc=flc, sgx1=sgx1, sgx2=sgx2, section_size=total, sections=sections)


# Reading members


def _member(entry: Reply, key: str, kind: type[T], problem: str) -> T:
    value = entry.get(key)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise UnexpectedReply(problem)
    return value


def _text(entry: Reply, key: str, problem: str) -> str:
    return _member(entry, key, str, problem)


def _number(entry: Reply, key: str, problem: str) -> int:
    return _member(entry, key, int, problem)


def _yes(entry: Reply, key: str, problem: str) -> bool:
    return _member(entry, key, bool, problem)


def _optional(entry: Reply, key: str, kind: type[T]) -> T | None:
    if key not in entry:
        return None
    return _member(entry, key, kind, f"query-machines reply has malformed '{key}' data")
