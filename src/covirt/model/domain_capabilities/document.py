# SPDX-License-Identifier: LGPL-2.1-or-later
"""The whole `<domainCapabilities>` document."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Annotated, ClassVar

from covirt.model.domain_capabilities.cpu import CpuModes
from covirt.model.domain_capabilities.enums import CapsEnum
from covirt.model.domain_capabilities.security import SevSupport, SgxSupport
from covirt.xml import At, Context, YesNo


@dataclass(slots=True, kw_only=True)
class Part:
    """Whether something can be had, and the values of its attributes."""

    supported: Annotated[YesNo, At("@supported")] = False
    enums: Annotated[list[CapsEnum], At("enum")] = field(default_factory=list)

    @classmethod
    def of(cls, **values: list[str]) -> Part:
        """A part that can be had, with the values of each attribute."""
        return cls(supported=True, enums=[CapsEnum(name=name, values=known) for name, known in values.items()])


@dataclass(slots=True, kw_only=True)
class Loader(Part):
    """Firmware images, and what can be said of them."""

    supported: Annotated[YesNo, At("@supported")] = False
    images: Annotated[list[str], At("value")] = field(default_factory=list)
    enums: Annotated[list[CapsEnum], At("enum")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Boot(Part):
    """How guests can boot."""

    loader: Annotated[Loader | None, At("loader")] = None


@dataclass(slots=True, kw_only=True)
class Devices:
    """The kinds of devices; a kind that is None is one the driver does not speak of."""

    disk: Annotated[Part | None, At("disk")] = None
    graphics: Annotated[Part | None, At("graphics")] = None
    video: Annotated[Part | None, At("video")] = None
    hostdev: Annotated[Part | None, At("hostdev")] = None
    rng: Annotated[Part | None, At("rng")] = None
    filesystem: Annotated[Part | None, At("filesystem")] = None
    tpm: Annotated[Part | None, At("tpm")] = None
    redirdev: Annotated[Part | None, At("redirdev")] = None
    channel: Annotated[Part | None, At("channel")] = None
    crypto: Annotated[Part | None, At("crypto")] = None
    interface: Annotated[Part | None, At("interface")] = None
    panic: Annotated[Part | None, At("panic")] = None
    blank: Annotated[str | None, At(".")] = None

    def for_format(self, context: Context) -> Devices:
        """Without any kind, what libvirt writes: an element with nothing but a line break in it."""
        kinds = (getattr(self, kind.name) for kind in fields(self))
        return self if any(kinds) else Devices(blank="\n  ")


@dataclass(slots=True, kw_only=True)
class Features:
    """Abilities that are not devices."""

    gic: Annotated[Part | None, At("gic")] = None
    vmcoreinfo: Annotated[YesNo | None, At("vmcoreinfo/@supported")] = None
    genid: Annotated[YesNo | None, At("genid/@supported")] = None
    backing_store_input: Annotated[YesNo | None, At("backingStoreInput/@supported")] = None
    backup: Annotated[YesNo | None, At("backup/@supported")] = None
    async_teardown: Annotated[YesNo | None, At("async-teardown/@supported")] = None
    s390_pv: Annotated[YesNo | None, At("s390-pv/@supported")] = None
    ps2: Annotated[YesNo | None, At("ps2/@supported")] = None
    sev: Annotated[SevSupport, At("sev")] = field(default_factory=SevSupport)
    sgx: Annotated[SgxSupport, At("sgx")] = field(default_factory=SgxSupport)
    hyperv: Annotated[Part | None, At("hyperv")] = None
    launch_security: Annotated[Part | None, At("launchSecurity")] = None


@dataclass(slots=True, kw_only=True)
class DomainCapabilities:
    """What guests of one emulator, machine, architecture and type can have."""

    ELEMENT: ClassVar[str] = "domainCapabilities"

    path: Annotated[str | None, At("path")]
    domain: Annotated[str, At("domain")]
    machine: Annotated[str | None, At("machine")] = None
    arch: Annotated[str, At("arch")]
    max_vcpus: Annotated[int, At("vcpu/@max", omit=0)] = 0
    iothreads: Annotated[YesNo | None, At("iothreads/@supported")] = None
    boot: Annotated[Boot | None, At("os")] = None
    cpu: Annotated[CpuModes, At("cpu")] = field(default_factory=CpuModes)
    memory_backing: Annotated[Part | None, At("memoryBacking")] = None
    devices: Annotated[Devices, At("devices", omit_empty=False)] = field(default_factory=Devices)
    features: Annotated[Features, At("features")] = field(default_factory=Features)
