# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domain capabilities of bhyve."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from covirt.model.domain_capabilities.document import Boot, Devices, DomainCapabilities, Features, Loader, Part
from covirt.model.domain_capabilities.enums import CapsEnum


def domain_capabilities(
    *, emulator: str, machine: str | None, arch: str, flags: Collection[str], firmwares: Sequence[str]
) -> DomainCapabilities:
    """What guests can have; `flags` are the abilities of the binary (`lpc-bootrom`, `fbuf`, `virtio-rnd`)."""
    screen = "fbuf" in flags
    return DomainCapabilities(
        path=emulator,
        domain="bhyve",
        machine=machine,
        arch=arch,
        iothreads=False,
        boot=Boot(supported=True, loader=_loader(firmwares) if "lpc-bootrom" in flags else Loader()),
        devices=Devices(
            disk=Part.of(diskDevice=["disk", "cdrom"], bus=["virtio", "sata"], model=[]),
            graphics=Part.of(type=["vnc"]) if screen else Part(),
            video=Part.of(modelType=["gop"]) if screen else Part(),
            hostdev=Part(),
            rng=Part.of(model=["virtio"], backendModel=["random"]) if "virtio-rnd" in flags else None,
        ),
        features=Features(gic=Part(), vmcoreinfo=False, genid=False),
    )


def _loader(firmwares: Sequence[str]) -> Loader:
    enums = [CapsEnum(name="type", values=["pflash"]), CapsEnum(name="readonly", values=["yes"])]
    return Loader(supported=True, images=list(firmwares), enums=enums)
