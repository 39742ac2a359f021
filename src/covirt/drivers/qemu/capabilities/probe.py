# SPDX-License-Identifier: LGPL-2.1-or-later
"""Asking a QEMU over QMP what it can do.

The questions go through an `Execute`, so a running QEMU and a recorded conversation are the same to us. Questions that
do not depend on each other are asked at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from covirt.drivers.qemu.capabilities import replies
from covirt.drivers.qemu.capabilities.answers import Answers, Properties
from covirt.drivers.qemu.capabilities.cpu_features import MODEL_SPELLING
from covirt.drivers.qemu.capabilities.emulator import (
    Acceleration,
    CpuModel,
    EmulatorCapabilities,
    GicVersion,
    MachineType,
    Sev,
    Sgx,
    version_number,
)
from covirt.drivers.qemu.capabilities.flags import FLAGS
from covirt.drivers.qemu.capabilities.host_cpu_probe import probe_host_cpu, probe_hyperv
from covirt.drivers.qemu.capabilities.rules import Device, HasProperty, Machine, PropertyOwner
from covirt.drivers.qemu.capabilities.schema import QapiSchema
from covirt.drivers.qemu.capabilities.targets import PREFERRED_MACHINE, arch_of_target
from covirt.drivers.qemu.monitor.commands.base import Execute
from covirt.drivers.qemu.monitor.errors import CommandFailed, CommandNotFound, DeviceNotFound
from covirt.errors import ConfigUnsupported, ErrorDomain, InternalError

MINIMUM = (6, 2, 0)


@dataclass(frozen=True, slots=True)
class Probe:
    """The result of the first round: capabilities, and the evidence which the second round adds to."""

    caps: EmulatorCapabilities
    answers: Answers


async def probe(execute: Execute, binary: str, *, hvf: bool = False) -> Probe:
    """Ask for everything; what depends on the accelerator is that of the best one this QEMU runs with."""
    version = await execute("query-version")
    _require_minimum(replies.version(version))
    target = await execute("query-target")
    arch = arch_of_target(str(target.get("arch")))
    if arch is None:
        raise InternalError(f"Unknown QEMU arch {target.get('arch')}", domain=ErrorDomain.QEMU)
    answers = await _ask_everything(execute, arch, hvf=hvf)
    answers, machines = await _ask_machines(execute, answers)
    cpus = await _ask_cpus(execute, answers)
    answers = replace(answers, cpu_names=frozenset(cpu.name for cpu in cpus or ()))
    answers, sev, sgx = await _ask_platforms(execute, answers)
    caps = EmulatorCapabilities(
        binary=binary,
        arch=arch,
        version=replies.version(version),
        package=replies.package(version),
        flags=flags_from(answers),
        gic=await _ask_gic(execute, arch),
        sev=sev,
        sgx=sgx,
    )
    kind = caps.best_type or "qemu"
    host_cpu = await probe_host_cpu(execute, caps, accelerated=kind != "qemu")
    acceleration = Acceleration(machines=machines, cpus=cpus, host_cpu=host_cpu)
    caps = replace(caps, hyperv=await probe_hyperv(execute, caps))
    return Probe(caps.with_acceleration(kind, acceleration), answers)


async def probe_tcg(execute: Execute, first: Probe) -> EmulatorCapabilities:
    """Ask the same binary, started without acceleration, for what TCG does differently."""
    caps, answers = first.caps, first.answers
    cpus = await _ask_cpus(execute, answers)
    host_cpu = await probe_host_cpu(execute, caps, accelerated=False)
    machines = replies.machines(await execute("query-machines"), PREFERRED_MACHINE.get(answers.arch))
    answers = replace(answers, cpu_names=answers.cpu_names | {cpu.name for cpu in cpus or ()})
    tcg = Acceleration(machines=machines, cpus=cpus, host_cpu=host_cpu)
    return replace(caps, flags=flags_from(answers), tcg=tcg)


def needs_tcg_round(caps: EmulatorCapabilities) -> bool:
    """Whether the binary has to be asked a second time without acceleration."""
    return caps.accelerated and "tcg" in caps


def flags_from(answers: Answers) -> frozenset[str]:
    """The capability flags that follow from the answers."""
    return frozenset(flag.name for flag in FLAGS if any(rule.holds(answers) for rule in flag.rules))


def _require_minimum(version: int) -> None:
    if version < version_number(*MINIMUM):
        found = f"{version // 1_000_000}.{version // 1_000 % 1_000}.{version % 1_000}"
        wanted = ".".join(map(str, MINIMUM))
        raise ConfigUnsupported(f"QEMU version >= {wanted} is required, but {found} found", domain=ErrorDomain.QEMU)


# The questions


async def _ask_everything(execute: Execute, arch: str, *, hvf: bool) -> Answers:
    """The evidence that needs no other evidence first, and the properties of the types found."""
    schema, kvm, types, options, migration, models, types_of_tpm = await asyncio.gather(
        execute("query-qmp-schema"),
        execute("query-kvm"),
        execute("qom-list-types"),
        execute("query-command-line-options"),
        execute("query-migrate-capabilities"),
        _or_empty(execute, "query-tpm-models"),
        _or_empty(execute, "query-tpm-types"),
    )
    accelerators = {"kvm": replies.kvm_works(kvm), "hvf": hvf}
    answers = Answers(
        arch=arch,
        schema=QapiSchema(replies.entries(schema, "query-qmp-schema")),
        accelerators=frozenset(name for name, works in accelerators.items() if works),
        types=replies.names(types, "name", "qom-list-types"),
        options=replies.options(options),
        migration=replies.names(migration, "capability", "query-migrate-capabilities"),
        tpm_models=replies.strings(models, "query-tpm-models"),
        tpm_types=replies.strings(types_of_tpm, "query-tpm-types"),
    )
    return replace(answers, properties=await _ask_properties(execute, answers, _OTHERS))


_Owner = tuple[PropertyOwner, str]


def _owners() -> Iterator[_Owner]:
    """The types whose properties some flag depends on."""
    rules = (rule for flag in FLAGS for rule in flag.rules if isinstance(rule, HasProperty))
    yield from dict.fromkeys((rule.owner, name) for rule in rules for name in rule.owner.types)


_MACHINES = tuple(entry for entry in _owners() if isinstance(entry[0], Machine))
_OTHERS = tuple(entry for entry in _owners() if not isinstance(entry[0], Machine))


async def _ask_properties(
    execute: Execute,
    answers: Answers,
    owners: Iterable[_Owner],
    qom_name: Callable[[str], str] = str,
) -> Properties:
    """The properties of each of these types; what is not compiled in has none."""
    wanted = {(owner.kind, name): qom_name(name) for owner, name in owners if owner.may_exist(qom_name(name), answers)}
    found = await asyncio.gather(*(_ask_type(execute, key[0], name) for key, name in wanted.items()))
    return dict(zip(wanted, found, strict=True))


async def _ask_type(execute: Execute, kind: str, name: str) -> Mapping[str, object]:
    command = "device-list-properties" if kind == Device.kind else "qom-list-properties"
    try:
        return replies.properties(await execute(command, {"typename": name}), command)
    except DeviceNotFound:
        return {}


async def _ask_machines(execute: Execute, answers: Answers) -> tuple[Answers, tuple[MachineType, ...]]:
    """The machines, and the evidence with their properties."""
    machines = replies.machines(await execute("query-machines"), PREFERRED_MACHINE.get(answers.arch))
    canonical = {machine.alias: machine.name for machine in machines if machine.alias}
    properties = await _ask_properties(execute, answers, _MACHINES, lambda name: f"{canonical.get(name, name)}-machine")
    return replace(answers, properties={**answers.properties, **properties}), machines


async def _ask_cpus(execute: Execute, answers: Answers) -> tuple[CpuModel, ...] | None:
    """The CPU models; some architectures have the query but refuse it."""
    if not answers.schema.has("query-cpu-definitions"):
        return None
    try:
        reply = await execute("query-cpu-definitions")
    except CommandFailed as error:
        if error.qemu_class != "GenericError":
            raise
        return None
    return replies.cpu_models(reply, answers.arch, MODEL_SPELLING.get(answers.arch, {}))


async def _ask_platforms(execute: Execute, answers: Answers) -> tuple[Answers, Sev | None, Sgx | None]:
    """What confidential computing the host really has: QEMU has the commands wherever they are compiled in."""
    sev = sgx = None
    if answers.types & {"sev-guest", "sev-snp-guest"}:
        reply = await _or_none(execute, "query-sev-capabilities")
        sev = None if reply is None else replies.sev(reply)
    if "sgx-epc" in answers.types:
        reply = await _or_none(execute, "query-sgx-capabilities")
        sgx = None if reply is None else replies.sgx(reply)
    found = {"sev": sev, "sgx": sgx}
    return replace(answers, platforms=frozenset(name for name, there in found.items() if there)), sev, sgx


async def _ask_gic(execute: Execute, arch: str) -> tuple[GicVersion, ...]:
    if arch not in ("aarch64", "armv6l", "armv7l"):
        return ()
    return replies.gic_versions(await _or_empty(execute, "query-gic-capabilities"))


async def _or_empty(execute: Execute, command: str) -> Any:
    """The answer to a question that not every QEMU knows."""
    try:
        return await execute(command)
    except CommandNotFound:
        return []


async def _or_none(execute: Execute, command: str) -> Any:
    """The answer to a question that QEMU refuses where the hardware is missing."""
    try:
        return await execute(command)
    except CommandFailed as error:
        if error.qemu_class != "GenericError":
            raise
        return None
