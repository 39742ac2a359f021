# SPDX-License-Identifier: LGPL-2.1-or-later
"""Processor models: comparison, baseline, update, decoding of what processors and emulators tell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from covirt import xml
from covirt.drivers.common import cpu as cpus
from covirt.drivers.common.cpu.x86_data import X86Data, unpack_signature
from covirt.drivers.qemu.capabilities import Acceleration, EmulatorCapabilities, replies
from covirt.drivers.qemu.capabilities.host_model import Unknown, model_from_qemu, qemu_processor, supported_models
from covirt.errors import ConfigUnsupported
from covirt.model.common.cpu import Cpu, CpuFallback, CpuMode, FeaturePolicy, GuestCpu, cpu_from_element, parse_cpu
from covirt.testing.corpus.compare import CannotRun, Compared, Mismatch
from covirt.testing.corpus.manifest import Case
from covirt.xml.reader import read


def run(case: Case) -> object:
    """Carry out one case."""
    if case.kind not in KINDS:
        raise CannotRun(f"{case.kind} is not there")
    return KINDS[case.kind](case, case.options["arch"])


# Comparing and combining


def compare(case: Case, arch: str) -> object:
    """How a host relates to a processor."""
    host, cpu = read_cpu(case.path("host")), read_cpu(case.path("cpu"))
    refuse = bool(case.expect.get("error"))
    return cpus.compare(arch, host, cpu, fail_incompatible=refuse).name.lower()


def update(case: Case, arch: str) -> object:
    """A guest's processor made definite."""
    host, guest = read_cpu(case.path("host")), read_guest(case.path("cpu"))
    if guest.mode is CpuMode.HOST_MODEL:
        host = cpus.architecture(arch).migratable_copy(host)
    cpus.update(arch, guest, host)
    return xml.format(guest)


def guest_cpu(case: Case, arch: str) -> object:
    """The processor that a guest really gets from a hypervisor on a host."""
    host, guest = read_cpu(case.path("host")), read_guest(case.path("cpu"))
    cpus.compare(arch, host, guest, fail_incompatible=True)
    cpus.architecture(arch).convert_legacy(guest)
    cpus.update(arch, guest, host)
    cpus.translate(arch, guest, given_models(case))
    return xml.format(guest)


def baseline(case: Case, arch: str) -> object:
    """What several hosts have in common."""
    hosts = [cpu_from_element(element) for element in read(case.text("cpus"))[0].children]
    common = cpus.baseline(arch, hosts, migratable=case.options["migratable"])
    if case.options["expand_features"]:
        cpus.expand_features(arch, common)
    for host in hosts:
        if cpus.compare(arch, host, common) is cpus.Comparison.INCOMPATIBLE:
            raise Mismatch("a host does not have the common processor")
    return xml.format(common)


def has_feature(case: Case, arch: str) -> object:
    """Whether a host has a feature."""
    return cpus.architecture(arch).has_feature(read_cpu(case.path("host")), case.options["feature"])


def validate_features(case: Case, arch: str) -> object:
    """Whether the features of a processor are known."""
    try:
        cpus.architecture(arch).check_features(read_cpu(case.path("cpu")))
    except ConfigUnsupported:
        return False
    return True


# CPUID


def host_cpuid(case: Case, arch: str) -> object:
    """The description of a host by its CPUID data."""
    return xml.format(cpus.architecture(arch).decode_host(read_data(case.path("cpuid"))))


def guest_cpuid(case: Case, arch: str) -> object:
    """The description of a host by the models of a hypervisor."""
    guest = GuestCpu(fallback=CpuFallback.FORBID)
    cpus.architecture(arch).decode_guest(guest, read_data(case.path("cpuid")), qemu_models(case))
    return xml.format(guest)


def cpuid_signature(case: Case, arch: str) -> object:
    """Family, model and stepping."""
    return signature_text(read_data(case.path("cpuid")).signature)


def cpuid_baseline(case: Case, arch: str) -> object:
    """What several hosts, described as guests, have in common."""
    return xml.format(cpus.baseline(arch, [read_cpu(path) for path in case.paths("cpus")]))


def update_live(case: Case, arch: str) -> object:
    """What a guest really got, compared with what the emulator said it would give."""
    guest, expected = read_guest(case.path("guest")), read_cpu(case.root / case.expect["file"])
    if guest.model != expected.model:
        guest.fallback = CpuFallback.ALLOW
        cpus.translate(arch, guest, {str(expected.model): ()})
    cpus.update_live(arch, guest, read_data(case.path("enabled")), read_data(case.path("disabled")))
    return Compared(expanded(arch, guest), expanded(arch, expected))


def expanded(arch: str, cpu: Cpu) -> object:
    """A model with the names of all features that are there."""
    cpus.expand_features(arch, cpu)
    return {"model": cpu.model, "features": [f.name for f in cpu.features if f.policy is not FeaturePolicy.DISABLE]}


# What emulators tell


def qemu_model(case: Case, arch: str) -> object:
    """The description of a host by what QEMU says of it."""
    model = model_from_qemu(qemu(case), "kvm")
    return xml.format(model) if isinstance(model, GuestCpu) else Unknown(model).value


def qemu_signature(case: Case, arch: str) -> object:
    """Family, model and stepping as QEMU tells them."""
    host = qemu(case).kvm.host_cpu
    return signature_text(qemu_processor(host).signature) if host else "QEMU says nothing"


def qemu_models(case: Case) -> cpus.SupportedModels | None:
    """The models that QEMU has, when the case tells."""
    return supported_models(qemu(case, "qemu_models"), "kvm") if case.has("qemu_models") else None


def qemu(case: Case, role: str = "qemu_json") -> EmulatorCapabilities:
    """The replies to a CPU model expansion, and to a query of definitions when the case has one."""
    expansion, *definitions = (reply["return"] for reply in json_documents(case.text(role)))
    models = None
    if definitions and case.options.get("json") != "host":
        models = replies.cpu_models(definitions[0], case.options["arch"], {})
    host = replies.host_cpu(expansion, properties_required=True)
    return EmulatorCapabilities(
        binary="qemu", arch=case.options["arch"], flags=frozenset({"kvm"}), kvm=Acceleration(cpus=models, host_cpu=host)
    )


def json_documents(text: str) -> Iterator[Any]:
    """The JSON values of a text, one after the other."""
    decoder = json.JSONDecoder()
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        yield value
        text = text[end:]


# Reading


def read_cpu(path: Path) -> Cpu:
    """A processor of a host or guest, as the document tells."""
    return parse_cpu(path.read_text(encoding="utf-8"))


def read_guest(path: Path) -> GuestCpu:
    """A guest's processor."""
    return xml.parse(GuestCpu, path.read_text(encoding="utf-8")).value


def read_data(path: Path) -> X86Data:
    """CPUID data."""
    return xml.parse(X86Data, path.read_text(encoding="utf-8")).value


def given_models(case: Case) -> cpus.SupportedModels | None:
    """The models of the hypervisor, when the case limits them."""
    models = case.options.get("models")
    return None if models is None else dict.fromkeys(models, ())


def signature_text(signature: int) -> str:
    """The signature in the form of the expected files."""
    family, model, stepping = unpack_signature(signature)
    lines = [f"{signature:06x}"]
    for name, number in (("family", family), ("model", model), ("stepping", stepping)):
        lines.append(f"{name + ':':<9} {number:>3} (0x{number:02x})")
    return "\n".join(lines) + "\n"


KINDS: dict[str, Callable[[Case, str], object]] = {
    "Compare": compare,
    "Update": update,
    "GuestCPU": guest_cpu,
    "Baseline": baseline,
    "HasFeature": has_feature,
    "ValidateFeatures": validate_features,
    "HostCPUID": host_cpuid,
    "GuestCPUID": guest_cpuid,
    "CPUIDSignature": cpuid_signature,
    "CPUIDBaseline": cpuid_baseline,
    "UpdateLive": update_live,
    "JSONCPUID": qemu_model,
    "JSONSignature": qemu_signature,
}
