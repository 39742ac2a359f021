# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<features>`: what the guest's machine has or lacks, and what its hypervisor tells it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from covirt.errors import ConfigUnsupported, XmlError
from covirt.model.domain.feature_parts import Apic as Apic
from covirt.model.domain.feature_parts import Capabilities as Capabilities
from covirt.model.domain.feature_parts import Gic as Gic
from covirt.model.domain.feature_parts import GicVersion as GicVersion
from covirt.model.domain.feature_parts import Hpt as Hpt
from covirt.model.domain.feature_parts import Ioapic as Ioapic
from covirt.model.domain.feature_parts import IoapicDriver as IoapicDriver
from covirt.model.domain.feature_parts import Kvm as Kvm
from covirt.model.domain.feature_parts import Msrs as Msrs
from covirt.model.domain.feature_parts import Smm as Smm
from covirt.model.domain.feature_parts import Tcg as Tcg
from covirt.model.domain.feature_parts import Xen as Xen
from covirt.model.domain.hyperv import Hyperv
from covirt.xml import At, OnOff, Present, Reading, YesNo
from covirt.xml.spec import fields_of


class Mitigation(StrEnum):
    """The state of a flaw of POWER processors."""

    BROKEN = "broken"
    WORKAROUND = "workaround"
    FIXED = "fixed"


class IndirectBranch(StrEnum):
    """The state of the indirect branch speculation of POWER processors."""

    BROKEN = "broken"
    WORKAROUND = "workaround"
    FIXED_IBS = "fixed-ibs"
    FIXED_CCD = "fixed-ccd"
    FIXED_NA = "fixed-na"


class Aia(StrEnum):
    """The interrupt architecture of RISC-V machines."""

    NONE = "none"
    APLIC = "aplic"
    APLIC_IMSIC = "aplic-imsic"


def _state(name: str) -> Any:
    return At(f"{name}/@state")


@dataclass(slots=True, kw_only=True)
class Features:
    """All features in the order of output; what is None is not said."""

    acpi: Annotated[Present, At("acpi")] = False
    apic: Annotated[Apic | None, At("apic")] = None
    pae: Annotated[Present, At("pae")] = False
    hap: Annotated[OnOff | None, _state("hap")] = None
    viridian: Annotated[Present, At("viridian")] = False
    privnet: Annotated[Present, At("privnet")] = False
    hyperv: Annotated[Hyperv | None, At("hyperv")] = None
    kvm: Annotated[Kvm | None, At("kvm")] = None
    pvspinlock: Annotated[OnOff | None, _state("pvspinlock")] = None
    capabilities: Annotated[Capabilities | None, At("capabilities")] = None
    pmu: Annotated[OnOff | None, _state("pmu")] = None
    vmport: Annotated[OnOff | None, _state("vmport")] = None
    gic: Annotated[Gic | None, At("gic")] = None
    smm: Annotated[Smm | None, At("smm")] = None
    ioapic: Annotated[Ioapic | None, At("ioapic", omit_empty=True)] = None
    hpt: Annotated[Hpt | None, At("hpt", omit_empty=True)] = None
    vmcoreinfo: Annotated[OnOff | None, _state("vmcoreinfo")] = None
    htm: Annotated[OnOff | None, _state("htm")] = None
    nested_hv: Annotated[OnOff | None, _state("nested-hv")] = None
    msrs: Annotated[Msrs | None, At("msrs")] = None
    ccf_assist: Annotated[OnOff | None, _state("ccf-assist")] = None
    xen: Annotated[Xen | None, At("xen")] = None
    cfpc: Annotated[Mitigation | None, At("cfpc/@value")] = None
    sbbc: Annotated[Mitigation | None, At("sbbc/@value")] = None
    ibs: Annotated[IndirectBranch | None, At("ibs/@value")] = None
    tcg: Annotated[Tcg | None, At("tcg", omit_empty=True)] = None
    async_teardown: Annotated[YesNo | None, At("async-teardown/@enabled")] = None
    ras: Annotated[OnOff | None, _state("ras")] = None
    ps2: Annotated[OnOff | None, _state("ps2")] = None
    aia: Annotated[Aia | None, At("aia/@value")] = None

    def after_parse(self, reading: Reading) -> None:
        """Refuse what is unknown; some features are on when they are only mentioned, others must say so."""
        for child in reading.element.children:
            if child.name not in NAMES:
                raise ConfigUnsupported(f"unexpected feature '{child.name}'")
            if child.name in ON_WHEN_MENTIONED and getattr(self, NAMES[child.name]) is None:
                setattr(self, NAMES[child.name], True)
            if child.name in STATE_REQUIRED and "state" not in child.attributes:
                raise XmlError(f"Missing required attribute 'state' in element '{child.name}'")

    @property
    def smm_on(self) -> bool:
        """Does the guest have system management mode?"""
        return self.smm is not None and bool(self.smm.state)


NAMES = {spec.at.path.split("/")[0]: spec.name for spec in fields_of(Features)}
"""The name of the field of each element."""
ON_WHEN_MENTIONED = frozenset({"vmcoreinfo", "hap", "pmu", "pvspinlock", "vmport", "async-teardown"})
STATE_REQUIRED = frozenset({"htm", "nested-hv", "ccf-assist", "ras", "ps2"})
