# SPDX-License-Identifier: LGPL-2.1-or-later
"""A `<guest>` of the capabilities: one kind of guest that can be run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from covirt.xml import At, OnOff, Present, Yes, YesNo


@dataclass(slots=True, kw_only=True)
class GuestMachine:
    """A machine type."""

    canonical: Annotated[str | None, At("@canonical")] = None
    max_cpus: Annotated[int, At("@maxCpus", omit=0)] = 0
    deprecated: Annotated[Yes, At("@deprecated")] = False
    name: Annotated[str, At(".")]


@dataclass(slots=True, kw_only=True)
class GuestDomain:
    """A type of domain, with what differs for it."""

    type: Annotated[str, At("@type")]
    emulator: Annotated[str | None, At("emulator")] = None
    loader: Annotated[str | None, At("loader")] = None
    machines: Annotated[list[GuestMachine], At("machine")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class GuestArch:
    """An architecture."""

    name: Annotated[str, At("@name")]
    word_size: Annotated[int, At("wordsize")]
    emulator: Annotated[str | None, At("emulator")] = None
    loader: Annotated[str | None, At("loader")] = None
    machines: Annotated[list[GuestMachine], At("machine")] = field(default_factory=list)
    domains: Annotated[list[GuestDomain], At("domain")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Toggle:
    """Something that is on or off by default, and whether that can be changed."""

    default: Annotated[OnOff | None, At("@default")] = None
    toggle: Annotated[YesNo | None, At("@toggle")] = None


@dataclass(slots=True, kw_only=True)
class GuestFeatures:
    """What such guests have or can have."""

    pae: Annotated[Present, At("pae")] = False
    nonpae: Annotated[Present, At("nonpae")] = False
    ia64_be: Annotated[Present, At("ia64_be")] = False
    acpi: Annotated[Toggle | None, At("acpi")] = None
    apic: Annotated[Toggle | None, At("apic")] = None
    cpu_selection: Annotated[Present, At("cpuselection")] = False
    device_boot: Annotated[Present, At("deviceboot")] = False
    disk_snapshot: Annotated[Toggle | None, At("disksnapshot")] = None
    hap: Annotated[Toggle | None, At("hap")] = None
    external_snapshot: Annotated[Present, At("externalSnapshot")] = False


@dataclass(slots=True, kw_only=True)
class GuestCapabilities:
    """One kind of guest."""

    ELEMENT: ClassVar[str] = "guest"

    os_type: Annotated[str, At("os_type")]
    arch: Annotated[GuestArch, At("arch")]
    features: Annotated[GuestFeatures, At("features")] = field(default_factory=GuestFeatures)
