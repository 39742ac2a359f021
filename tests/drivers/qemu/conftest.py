# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests of a QEMU that can do everything, unless a test takes something away."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Protocol

import pytest

from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.domain_caps import HostSupport
from covirt.drivers.qemu.capabilities.emulator import Acceleration, GicVersion, MachineType
from covirt.drivers.qemu.capabilities.flags import BY_NAME
from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.defaults.completion import QemuCompletion
from covirt.drivers.qemu.document import Reader, completing
from covirt.drivers.qemu.settings import QemuSettings
from covirt.model.common.pci import PciSlot
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.roots import Roots
from covirt.xml import Context

MACHINES = {"x86_64": ("pc", "q35"), "ppc64": ("pseries",), "aarch64": ("virt",), "s390x": ("s390-ccw-virtio",)}


class HostPci:
    """No device says that it is PCI Express; the bus number is the group."""

    def is_express(self, slot: PciSlot) -> bool | None:
        """Not known."""
        return None

    def iommu_group(self, slot: PciSlot) -> int | None:
        """The number of the bus."""
        return slot.bus


def circumstances(arch: str, without: frozenset[str], environment: dict[str, str], *, new: bool) -> Circumstances:
    """A host with an able QEMU, swtpm and qemu-rdp."""
    machines = tuple(MachineType(name=name, max_cpus=512) for name in MACHINES[arch])
    able = Acceleration(machines=machines)
    caps = EmulatorCapabilities(
        binary=f"/usr/bin/qemu-system-{arch}",
        arch=arch,
        flags=frozenset(BY_NAME) - {"hvf"} - without,
        kvm=able,
        tcg=able,
        gic=(GicVersion(version=3, kernel=True, emulated=True),),
    )
    host = HostSupport(arch=arch, tpm_versions=frozenset({"1.2", "2.0"}), rdp=True)
    context = Context.INACTIVE | (Context.ABI_UPDATE if new else Context.NONE)
    about = Circumstances(
        caps=caps,
        settings=QemuSettings(),
        roots=Roots.system().qemu,
        host_arch=arch,
        context=context,
        abi_update=new,
        host=host,
    )
    return replace(about, environment=environment)


class Define(Protocol):
    """Reads, completes and checks a guest that has these devices and elements."""

    def __call__(
        self,
        devices: str = "",
        *,
        arch: str = "x86_64",
        machine: str | None = None,
        more: str = "",
        type: str = "kvm",
        without: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
        new: bool = True,
    ) -> DomainDefinition: ...


@pytest.fixture
def define() -> Define:
    """See `Define`; `without` names capabilities that this QEMU does not have, `more` elements beside the devices."""

    def define(
        devices: str = "",
        *,
        arch: str = "x86_64",
        machine: str | None = None,
        more: str = "",
        type: str = "kvm",
        without: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
        new: bool = True,
    ) -> DomainDefinition:
        about = circumstances(arch, frozenset(without), environment or {}, new=new)
        completion = QemuCompletion(about, HostPci(), lambda guest, about: None)
        reader = Reader(completion, completing(about.context, lambda count: bytes(count), "none"))
        memory = "" if re.search("<memory[ >]", more) else "<memory>1048576</memory>"
        vcpu = "" if "<vcpu" in more else "<vcpu>2</vcpu>"
        kernel = (
            ""
            if "<os>" in more
            else f"<os><type arch='{arch}' machine='{machine or MACHINES[arch][0]}'>hvm</type></os>"
        )
        return reader.define(
            f"<domain type='{type}'><name>guest</name>{memory}{vcpu}{kernel}{more}<devices>{devices}</devices></domain>"
        )

    return define
