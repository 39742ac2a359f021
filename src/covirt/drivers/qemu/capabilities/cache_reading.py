# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads capabilities from libvirt's cache files."""

from __future__ import annotations

import re

from covirt.drivers.qemu.capabilities.cpu_features import from_qemu
from covirt.drivers.qemu.capabilities.emulator import (
    Acceleration,
    CacheStamp,
    CpuModel,
    CpuProperty,
    EmulatorCapabilities,
    GicVersion,
    HostCpu,
    MachineType,
    Sev,
    Sgx,
    SgxSection,
    Usability,
)
from covirt.drivers.qemu.capabilities.flags import BY_NAME
from covirt.drivers.qemu.capabilities.host_cpu_probe import HYPERV
from covirt.errors import ConfigUnsupported, ErrorDomain, InternalError, XmlError
from covirt.model.common.arch import ARCHITECTURES
from covirt.xml.element import Element
from covirt.xml.reader import read

_YES_NO = {"yes": True, "no": False}


def from_xml(text: str) -> EmulatorCapabilities:
    """The capabilities in a cache file."""
    root, _ = read(text)
    if root.name != "qemuCaps":
        raise XmlError(f"unexpected root element <{root.name}>, expecting <qemuCaps>", domain=ErrorDomain.QEMU)
    flags = frozenset(_flag(element) for element in root.all("flag"))
    arch = _required(root, "arch")
    if arch not in ARCHITECTURES:
        raise _broken(f"unknown arch {arch} in QEMU capabilities cache")
    return EmulatorCapabilities(
        binary=_required(root, "emulator"),
        arch=arch,
        version=_number(root, "version"),
        package=root.get("package"),
        flags=flags,
        kvm=_acceleration(root, arch, "kvm") if "kvm" in flags else Acceleration(),
        hvf=_acceleration(root, arch, "hvf") if "hvf" in flags else Acceleration(),
        tcg=_acceleration(root, arch, "tcg"),
        gic=tuple(_gic(element) for element in root.all("gic")),
        sev=_sev(root) if "sev-guest" in flags else None,
        sgx=_sgx(root) if "sgx-epc" in flags else None,
        hyperv=_hyperv(root.child("hypervCapabilities")),
        kvm_nesting=root.child("kvmSupportsNesting") is not None,
        kvm_secure_guest=root.child("kvmSupportsSecureGuest") is not None,
        stamp=_stamp(root),
    )


def _stamp(root: Element) -> CacheStamp:
    return CacheStamp(
        binary_ctime=_number(root, "qemuctime"),
        modules_mtime=_number(root, "qemumoddirmtime") if root.child("qemumoddirmtime") else 0,
        self_ctime=_number(root, "selfctime"),
        self_version=_number(root, "selfvers"),
        microcode=_number(root, "microcodeVersion"),
        cpu_signature=root.get("hostCPUSignature") or None,
        kernel=root.get("kernelVersion"),
        cpu_data=root.child("cpudata"),
    )


def _flag(element: Element) -> str:
    name = _attribute(element, "name", "flag name")
    if name not in BY_NAME:
        raise _broken(f"Unknown qemu capabilities flag {name}")
    return name


def _acceleration(root: Element, arch: str, kind: str) -> Acceleration:
    mine = [element for element in root.children if element.attributes.get("type") == kind]
    host = next((element for element in mine if element.name == "hostCPU"), None)
    cpus = tuple(_cpu_model(element, arch) for element in mine if element.name == "cpu")
    return Acceleration(
        machines=tuple(_machine(element) for element in mine if element.name == "machine"),
        cpus=cpus or None,
        host_cpu=None if host is None else _host_cpu(host),
    )


def _host_cpu(element: Element) -> HostCpu:
    deprecated = element.child("deprecatedFeatures")
    what = "'name' attribute for a host CPU model deprecated property"
    return HostCpu(
        model=_attribute(element, "model", "host CPU model name"),
        migratability=_yes_no(element, "migratability") or False,
        properties=tuple(_property(child) for child in element.all("property")),
        deprecated=None if deprecated is None else tuple(_attribute(p, "name", what) for p in deprecated.children),
    )


def _property(element: Element) -> CpuProperty:
    name = _attribute(element, "name", "'name' attribute for a host CPU model property")
    text = element.attributes.get("value", "")
    value: bool | int | str
    match element.attributes.get("type"):
        case "boolean":
            value = text == "true"
        case "number":
            if not re.fullmatch(r"-?[0-9]{1,19}", text):
                what = f"invalid number value for '{name}' host CPU model property"
                raise _broken(f"{what} in QEMU capabilities cache")
            value = int(text)
        case "string":
            value = text
        case _:
            raise _broken("missing or invalid CPU model property type in QEMU capabilities cache")
    return CpuProperty(name=name, value=value, migratable=_yes_no(element, "migratable"))


def _cpu_model(element: Element, arch: str) -> CpuModel:
    usable = element.attributes.get("usable")
    if usable not in (None, *Usability):
        raise _broken(f"unknown value '{usable}' in attribute 'usable'")
    blockers = (_attribute(child, "name", "blocker name") for child in element.all("blocker"))
    return CpuModel(
        name=_attribute(element, "name", "cpu name"),
        typename=element.attributes.get("typename"),
        usable=None if usable is None else Usability(usable),
        blockers=tuple(from_qemu(arch, blocker) for blocker in blockers),
        deprecated=element.attributes.get("deprecated") == "yes",
    )


def _machine(element: Element) -> MachineType:
    get = element.attributes.get
    return MachineType(
        name=_attribute(element, "name", "machine name"),
        alias=get("alias"),
        max_cpus=_decimal(get("maxCpus", "0"), "maxCpus"),
        hotplug_cpus=_yes_no(element, "hotplugCpus") or False,
        default=_yes_no(element, "default") or False,
        numa_mem_supported=_yes_no(element, "numaMemSupported") or False,
        default_cpu=get("defaultCPU"),
        default_ram_id=get("defaultRAMid"),
        deprecated=_yes_no(element, "deprecated") or False,
        acpi=_yes_no(element, "acpi"),
    )


def _gic(element: Element) -> GicVersion:
    version = _decimal(_attribute(element, "version", "GIC version"), "GIC version")
    kernel, emulated = _yes_no(element, "kernel"), _yes_no(element, "emulated")
    if kernel is None:
        raise _broken("missing in-kernel GIC information in QEMU capabilities cache")
    if emulated is None:
        raise _broken("missing emulated GIC information in QEMU capabilities cache")
    return GicVersion(version=version, kernel=kernel, emulated=emulated)


def _sev(root: Element) -> Sev:
    element = root.child("sev")
    if element is None:
        raise XmlError("missing SEV platform data in QEMU capabilities cache", domain=ErrorDomain.QEMU)
    return Sev(
        cbitpos=_number(element, "cbitpos"),
        reduced_phys_bits=_number(element, "reducedPhysBits"),
        pdh=_required(element, "pdh"),
        cert_chain=_required(element, "certChain"),
        cpu0_id=element.get("cpu0Id") or None,
    )


def _sgx(root: Element) -> Sgx:
    element = root.child("sgx")
    if element is None:
        raise XmlError("missing SGX platform data in QEMU capabilities cache", domain=ErrorDomain.QEMU)
    flc, sgx1, sgx2 = (_YES_NO.get(_required(element, name)) for name in ("flc", "sgx1", "sgx2"))
    if flc is None or sgx1 is None or sgx2 is None:
        raise XmlError("missing or invalid SGX platform data in QEMU capabilities cache", domain=ErrorDomain.QEMU)
    sections = element.child("sections")
    return Sgx(
        flc=flc,
        sgx1=sgx1,
        sgx2=sgx2,
        section_size=_number(element, "section_size"),
        sections=tuple(_sgx_section(section) for section in sections.all("section")) if sections else (),
    )


def _sgx_section(element: Element) -> SgxSection:
    node, size = (_decimal(_attribute(element, name, f"SGX section {name}"), name) for name in ("node", "size"))
    return SgxSection(node=node, size=size)


def _hyperv(element: Element | None) -> tuple[str, ...] | None:
    if element is None:
        return None
    names = [_attribute(cap, "name", "Hyper-V feature name") for cap in element.all("cap")]
    unknown = next((name for name in names if name not in HYPERV), None)
    if unknown is not None:
        message = f"unsupported HyperV Enlightenment feature: {unknown}"
        raise ConfigUnsupported(message, domain=ErrorDomain.QEMU)
    return tuple(name for name in HYPERV if name in names)


# Reading members


def _broken(message: str) -> InternalError:
    return InternalError(message, domain=ErrorDomain.QEMU)


def _attribute(element: Element, name: str, what: str) -> str:
    value = element.attributes.get(name)
    if value is None:
        raise _broken(f"missing {what} in QEMU capabilities cache")
    return value


def _required(root: Element, name: str) -> str:
    text = root.get(name)
    if not text:
        raise _broken(f"missing {name} in QEMU capabilities cache")
    return text


def _number(root: Element, name: str) -> int:
    return _decimal(_required(root, name), name)


def _decimal(text: str, what: str) -> int:
    if not re.fullmatch(r"[0-9]{1,20}", text.strip()):
        raise _broken(f"malformed {what} in QEMU capabilities cache")
    return int(text)


def _yes_no(element: Element, name: str) -> bool | None:
    text = element.attributes.get(name)
    if text not in (None, "yes", "no"):
        message = f"Invalid value for attribute '{name}' in element '{element.name}': '{text}'."
        raise XmlError(message, domain=ErrorDomain.QEMU)
    return None if text is None else text == "yes"
