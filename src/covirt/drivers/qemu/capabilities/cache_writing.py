# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes capabilities as libvirt keeps them in its cache files.

The document lists machines, CPU models and host CPU of each accelerator one after the other, told apart by an
attribute, so it is not bound to dataclasses but put together from elements.
"""

from __future__ import annotations

from collections.abc import Iterator

from covirt.drivers.qemu.capabilities.cpu_features import to_qemu
from covirt.drivers.qemu.capabilities.emulator import (
    Acceleration,
    CpuModel,
    CpuProperty,
    EmulatorCapabilities,
    HostCpu,
    MachineType,
    Sev,
    Sgx,
)
from covirt.xml.element import Element
from covirt.xml.slots import escape


def to_xml(caps: EmulatorCapabilities) -> str:
    """The cache file of these capabilities."""
    lines: list[str] = []
    _write(lines, "", Element("qemuCaps", children=list(_document(caps))))
    return "".join(lines)


def _document(caps: EmulatorCapabilities) -> Iterator[Element]:
    stamp = caps.stamp
    yield _text("emulator", caps.binary)
    yield _text("qemuctime", stamp.binary_ctime)
    if stamp.modules_mtime > 0:
        yield _text("qemumoddirmtime", stamp.modules_mtime)
    yield _text("selfctime", stamp.self_ctime)
    yield _text("selfvers", stamp.self_version)
    yield from (_attributes("flag", name=flag) for flag in caps.sorted_flags())
    yield _text("version", caps.version)
    yield _text("microcodeVersion", stamp.microcode)
    if stamp.cpu_signature is not None:
        yield _text("hostCPUSignature", stamp.cpu_signature)
    if caps.package is not None:
        yield _text("package", caps.package)
    if stamp.kernel is not None:
        yield _text("kernelVersion", stamp.kernel)
    if stamp.cpu_data is not None:
        yield stamp.cpu_data
    yield _text("arch", caps.arch)
    for kind, acceleration in (("kvm", caps.kvm), ("hvf", caps.hvf), ("tcg", caps.tcg)):
        if kind == "tcg" or kind in caps:
            yield from _acceleration(caps.arch, kind, acceleration)
    for gic in caps.gic:
        yield _attributes("gic", version=gic.version, kernel=_yes_no(gic.kernel), emulated=_yes_no(gic.emulated))
    if caps.sev:
        yield _sev(caps.sev)
    if caps.sgx:
        yield _sgx(caps.sgx)
    if caps.hyperv is not None:
        names = [_attributes("cap", name=name) for name in caps.hyperv]
        yield Element("hypervCapabilities", {"supported": "yes"}, names)
    if caps.kvm_nesting:
        yield Element("kvmSupportsNesting")
    if caps.kvm_secure_guest:
        yield Element("kvmSupportsSecureGuest")


def _acceleration(arch: str, kind: str, acceleration: Acceleration) -> Iterator[Element]:
    if acceleration.host_cpu:
        yield _host_cpu(kind, acceleration.host_cpu)
    yield from (_cpu_model(arch, kind, cpu) for cpu in acceleration.cpus or ())
    yield from (_machine(kind, machine) for machine in acceleration.machines)


def _host_cpu(kind: str, cpu: HostCpu) -> Element:
    children = [_property(prop) for prop in cpu.properties]
    if cpu.deprecated is not None:
        names = [_attributes("property", name=name) for name in cpu.deprecated]
        children.append(Element("deprecatedFeatures", children=names))
    attributes = {"type": kind, "model": cpu.model, "migratability": _yes_no(cpu.migratability)}
    return Element("hostCPU", attributes, children)


def _property(prop: CpuProperty) -> Element:
    match prop.value:
        case bool():
            kind, value = "boolean", "true" if prop.value else "false"
        case int():
            kind, value = "number", str(prop.value)
        case _:
            kind, value = "string", prop.value
    return _attributes("property", name=prop.name, type=kind, value=value, migratable=_tristate(prop.migratable))


def _cpu_model(arch: str, kind: str, cpu: CpuModel) -> Element:
    element = _attributes(
        "cpu",
        type=kind,
        name=cpu.name,
        typename=cpu.typename,
        usable=cpu.usable,
        deprecated="yes" if cpu.deprecated else None,
    )
    element.children = [_attributes("blocker", name=to_qemu(arch, feature)) for feature in cpu.blockers]
    return element


def _machine(kind: str, machine: MachineType) -> Element:
    return _attributes(
        "machine",
        type=kind,
        name=machine.name,
        alias=machine.alias,
        hotplugCpus="yes" if machine.hotplug_cpus else None,
        maxCpus=machine.max_cpus,
        default="yes" if machine.default else None,
        defaultCPU=machine.default_cpu,
        numaMemSupported="yes" if machine.numa_mem_supported else None,
        defaultRAMid=machine.default_ram_id,
        deprecated="yes" if machine.deprecated else None,
        acpi=_tristate(machine.acpi),
    )


def _sev(sev: Sev) -> Element:
    children = [
        _text("cbitpos", sev.cbitpos),
        _text("reducedPhysBits", sev.reduced_phys_bits),
        _text("pdh", sev.pdh),
        _text("certChain", sev.cert_chain),
    ]
    if sev.cpu0_id is not None:
        children.append(_text("cpu0Id", sev.cpu0_id))
    return Element("sev", children=children)


def _sgx(sgx: Sgx) -> Element:
    size = _text("section_size", sgx.section_size)
    size.attributes["unit"] = "KiB"
    children = [
        _text("flc", _yes_no(sgx.flc)),
        _text("sgx1", _yes_no(sgx.sgx1)),
        _text("sgx2", _yes_no(sgx.sgx2)),
        size,
    ]
    if sgx.sections:
        sections = [_attributes("section", node=s.node, size=s.size, unit="KiB") for s in sgx.sections]
        children.append(Element("sections", children=sections))
    return Element("sgx", {"supported": "yes"}, children)


def _text(name: str, value: object) -> Element:
    return Element(name, text=str(value))


def _attributes(tag: str, /, **attributes: object) -> Element:
    """An element with the attributes that are not None."""
    return Element(tag, {key: str(value) for key, value in attributes.items() if value is not None})


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _tristate(value: bool | None) -> str | None:
    return None if value is None else _yes_no(value)


# Elements that say something by being there; any other without attributes has text, though it may be empty.
_PRESENCE = frozenset({"kvmSupportsNesting", "kvmSupportsSecureGuest"})


def _write(lines: list[str], indent: str, element: Element) -> None:
    attributes = "".join(f" {name}='{escape(value)}'" for name, value in element.attributes.items())
    start = f"{indent}<{element.name}{attributes}"
    if element.children:
        lines.append(f"{start}>\n")
        for child in element.children:
            _write(lines, indent + "  ", child)
        lines.append(f"{indent}</{element.name}>\n")
    elif element.text or not (attributes or element.name in _PRESENCE):
        lines.append(f"{start}>{escape(element.text)}</{element.name}>\n")
    else:
        lines.append(f"{start}/>\n")
