# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domain capabilities of every hypervisor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from covirt import xml
from covirt.drivers.bhyve.capabilities import domain_caps as bhyve
from covirt.drivers.qemu.capabilities import from_xml
from covirt.drivers.qemu.capabilities.domain_caps import HostSupport, domain_capabilities, sev_guests
from covirt.drivers.qemu.capabilities.host_model import host_models
from covirt.drivers.qemu.firmware import supported
from covirt.drivers.qemu.machine import S390
from covirt.drivers.xen.capabilities import domain_caps as xen
from covirt.model.common.cpu import CpuFeature, HostCpu
from covirt.model.domain_capabilities.document import DomainCapabilities
from covirt.testing.corpus.compare import CannotRun
from covirt.testing.corpus.environment import DOMAINCAPS_CPUS, Environment
from covirt.testing.corpus.manifest import Case
from covirt.testing.corpus.suites.qemu_firmware import firmwares

# CPUID 0x8000001F of the simulated machine: the number of encrypted guests, and the first one with plain registers.
_GUESTS, _FIRST_PLAIN = 509, 451


def run(case: Case) -> object:
    """Carry out one case."""
    match case.options["source"]:
        case "none":
            return xml.format(_empty(case.options))
        case "qemu":
            return xml.format(_qemu(case))
        case "libxl":
            return xml.format(_xen(case.options))
        case "bhyve":
            return xml.format(_bhyve(case.options))
        case source:
            raise CannotRun(f"{source} is not there")


def _empty(options: Mapping[str, Any]) -> DomainCapabilities:
    return DomainCapabilities(
        path=options["emulator"], domain=options["virt_type"], machine=options["machine"], arch=options["arch"]
    )


def _xen(options: Mapping[str, Any]) -> DomainCapabilities:
    firmwares = ["/usr/lib/xen/boot/hvmloader", "/usr/lib/xen/boot/ovmf.bin"]
    emulator, machine = options["emulator"], options["machine"]
    return xen.domain_capabilities(emulator=emulator, machine=machine, arch=options["arch"], firmwares=firmwares)


def _bhyve(options: Mapping[str, Any]) -> DomainCapabilities:
    return bhyve.domain_capabilities(
        emulator=options["emulator"],
        machine=options.get("machine"),
        arch=options["arch"],
        flags={name.removeprefix("BHYVE_CAP_").lower().replace("_", "-") for name in options["bhyve_caps"]},
        firmwares=["/foo/bar", "/foo/baz"],
    )


def _qemu(case: Case) -> DomainCapabilities:
    # The simulated host can keep its guests' secrets wherever the emulator can.
    caps, options = replace(from_xml(case.text("caps")), kvm_secure_guest=True), case.options
    arch, virt_type = options["arch"], options["virt_type"]
    asked = options.get("machine")
    # A type that the binary cannot run has no machines.
    preferred = caps.preferred_machine(virt_type) or caps.preferred_machine("qemu")
    machine = caps.canonical_machine(virt_type, asked) if asked else preferred
    if machine is None:
        raise CannotRun("the binary has no machine")
    cpu = host_cpu(Environment(case.root).host_cpus[DOMAINCAPS_CPUS[arch]])
    host = HostSupport(
        arch=arch,
        models=host_models(caps, virt_type, arch, lambda _: cpu),
        address_bits=0 if arch in S390 else 64,
        kvm_max_vcpus=2**31 - 1,
        firmware=supported(firmwares(case.root), arch, machine),
        loaders=["/obviously/fake/firmware1.fd", "/obviously/fake/firmware2.fd"],
        vfio=True,
        # The option has the versions without anything between them.
        tpm_versions=frozenset(re.findall(r"1\.2|2\.0", options["tpm_versions"])),
        rdp=True,
        sev_guests=sev_guests(_GUESTS, _FIRST_PLAIN),
    )
    found = domain_capabilities(caps, arch=arch, virt_type=virt_type, machine=machine, host=host)
    _fix_pci_back_ends(found)
    return found


def _fix_pci_back_ends(caps: DomainCapabilities) -> None:
    """The corpus has these back ends for every binary, whether it can pass PCI devices through or not."""
    hostdev = caps.devices.hostdev
    for enum in hostdev.enums if hostdev else ():
        if enum.name == "pciBackend":
            enum.values = ["default", "vfio"]


def host_cpu(fields: Mapping[str, Any]) -> HostCpu:
    """A processor of the simulated machine."""
    features = [CpuFeature(name=name) for name in fields["features"]]
    return HostCpu(arch=fields["arch"], model=fields["model"], vendor=fields["vendor"], features=features)
