# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domain capabilities of Xen."""

from __future__ import annotations

from collections.abc import Sequence

from covirt.model.domain_capabilities.document import Boot, Devices, DomainCapabilities, Features, Loader, Part
from covirt.model.domain_capabilities.enums import CapsEnum

# Xen does not tell how many CPUs a guest can have; the first is from its headers, the second is libvirt's guess.
_HVM_MAX_VCPUS = 128
_PV_MAX_VCPUS = 512


def domain_capabilities(*, emulator: str, machine: str, arch: str, firmwares: Sequence[str]) -> DomainCapabilities:
    """What guests of a machine (`xenfv`, `xenpv`, `xenpvh`) can have."""
    hvm = machine == "xenfv"
    return DomainCapabilities(
        path=emulator,
        domain="xen",
        machine=machine,
        arch=arch,
        max_vcpus=_HVM_MAX_VCPUS if hvm else _PV_MAX_VCPUS,
        iothreads=False,
        boot=Boot(supported=True, loader=_loader(firmwares) if machine not in ("xenpv", "xenpvh") else Loader()),
        devices=Devices(
            disk=Part.of(diskDevice=["disk", "cdrom"], bus=["ide", "scsi", "xen"], model=[]),
            graphics=Part.of(type=["sdl", "vnc", "spice"]),
            video=Part.of(modelType=["vga", "cirrus", "xen"]),
            hostdev=_hostdev() if machine != "xenpvh" else None,
        ),
        features=Features(gic=Part(), vmcoreinfo=False, genid=False),
    )


def _loader(firmwares: Sequence[str]) -> Loader:
    enums = [CapsEnum(name="type", values=["rom", "pflash"]), CapsEnum(name="readonly", values=["yes"])]
    return Loader(supported=True, images=list(firmwares), enums=enums)


def _hostdev() -> Part:
    return Part.of(
        mode=["subsystem"],
        startupPolicy=["default", "mandatory", "requisite", "optional"],
        subsysType=["usb", "pci"],
        capsType=[],
        pciBackend=["xen"],
    )
