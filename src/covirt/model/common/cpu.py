# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<cpu>`: the processor of a host, and the one that a guest asks for."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from covirt.errors import ConfigUnsupported, InternalError, XmlError
from covirt.model.common.scalars import NonZero
from covirt.xml import At, Context, Element, NonNegativeInt, OnOff, Reading, ULong, YesNo, parse, parse_element
from covirt.xml.reader import read

VENDOR_ID_LENGTH = 12


class CpuMode(StrEnum):
    """How the guest's processor relates to the host's."""

    CUSTOM = "custom"
    HOST_MODEL = "host-model"
    HOST_PASSTHROUGH = "host-passthrough"
    MAXIMUM = "maximum"


class CpuMatch(StrEnum):
    """How near the processor that the guest gets must be to the one that is described."""

    EXACT = "exact"
    MINIMUM = "minimum"
    STRICT = "strict"


class CpuCheck(StrEnum):
    """How much is checked before a guest runs on its processor."""

    DEFAULT = "default"
    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"


class CpuFallback(StrEnum):
    """Whether another model may stand in for one that the hypervisor does not have."""

    ALLOW = "allow"
    FORBID = "forbid"


class FeaturePolicy(StrEnum):
    """What a guest wants of a feature."""

    FORCE = "force"
    REQUIRE = "require"
    OPTIONAL = "optional"
    DISABLE = "disable"
    FORBID = "forbid"


class CacheMode(StrEnum):
    """What the guest sees of the processor's caches."""

    EMULATE = "emulate"
    PASSTHROUGH = "passthrough"
    DISABLE = "disable"


class AddressMode(StrEnum):
    """Where the size of physical addresses comes from."""

    EMULATE = "emulate"
    PASSTHROUGH = "passthrough"


@dataclass(slots=True, kw_only=True)
class CpuTopology:
    """Into what the virtual processors are divided."""

    sockets: Annotated[NonZero, At("@sockets")]
    dies: Annotated[NonZero, At("@dies")] = 1
    clusters: Annotated[NonZero, At("@clusters")] = 1
    cores: Annotated[NonZero, At("@cores")]
    threads: Annotated[NonZero, At("@threads")]

    @property
    def vcpus(self) -> int:
        """How many virtual processors this makes."""
        return self.sockets * self.dies * self.clusters * self.cores * self.threads


@dataclass(slots=True, kw_only=True)
class CpuCache:
    """The cache that the guest sees."""

    level: Annotated[NonNegativeInt | None, At("@level")] = None
    mode: Annotated[CacheMode, At("@mode")]

    def after_parse(self, reading: Reading) -> None:
        """There are three levels of cache."""
        if self.level is not None and not 1 <= self.level <= 3:
            raise XmlError("invalid CPU cache level, must be in range [1,3]")


@dataclass(slots=True, kw_only=True)
class MaxPhysAddr:
    """The size of physical addresses in bits."""

    mode: Annotated[AddressMode, At("@mode")]
    bits: Annotated[NonNegativeInt | None, At("@bits")] = None
    limit: Annotated[NonZero | None, At("@limit")] = None

    def after_parse(self, reading: Reading) -> None:
        """A limit makes sense only for what comes from the host."""
        if self.limit is not None and self.mode is not AddressMode.PASSTHROUGH:
            raise ConfigUnsupported("attribute 'limit' is only supported for maxphysaddr mode 'passthrough'")


@dataclass(slots=True, kw_only=True)
class CpuFeature:
    """A feature by name; hosts have no policies."""

    policy: Annotated[
        FeaturePolicy | None, At("@policy", invalid="Invalid CPU feature policy", error=ConfigUnsupported)
    ] = None
    name: Annotated[str, At("@name", missing="Invalid CPU feature name")]


@dataclass(slots=True, kw_only=True)
class Cpu:
    """What the processors of hosts and guests have in common."""

    ELEMENT: ClassVar[str] = "cpu"

    model: Annotated[str | None, At("model")] = None
    vendor: Annotated[str | None, At("vendor")] = None
    topology: Annotated[CpuTopology | None, At("topology")] = None
    cache: Annotated[CpuCache | None, At("cache")] = None
    address: Annotated[MaxPhysAddr | None, At("maxphysaddr")] = None
    features: Annotated[list[CpuFeature], At("feature")] = field(default_factory=list)

    def feature(self, name: str) -> CpuFeature | None:
        """The feature of that name, if it is mentioned."""
        return next((feature for feature in self.features if feature.name == name), None)

    def policy(self, name: str) -> FeaturePolicy | None:
        """What is said of a feature; None when nothing is said, or when this is a host."""
        feature = self.feature(name)
        return None if feature is None else feature.policy

    def set_feature(self, name: str, policy: FeaturePolicy | None) -> None:
        """Say something of a feature, whatever was said before."""
        feature = self.feature(name)
        if feature is None:
            self.features.append(CpuFeature(name=name, policy=self._policy(policy)))
        else:
            feature.policy = self._policy(policy)

    def add_feature(self, name: str, policy: FeaturePolicy | None) -> None:
        """Say something of a feature that must not have been mentioned yet."""
        if self.feature(name) is not None:
            raise InternalError(f"CPU feature '{name}' specified more than once")
        self.features.append(CpuFeature(name=name, policy=self._policy(policy)))

    def add_missing_feature(self, name: str, policy: FeaturePolicy | None) -> None:
        """Say something of a feature unless it is mentioned already."""
        if self.feature(name) is None:
            self.features.append(CpuFeature(name=name, policy=self._policy(policy)))

    def keep_features(self, wanted: Callable[[CpuFeature], bool]) -> None:
        """Drop the features that are not wanted."""
        self.features = [feature for feature in self.features if wanted(feature)]

    def copy(self) -> Self:
        """A copy that shares nothing."""
        return copy.deepcopy(self)

    def _policy(self, policy: FeaturePolicy | None) -> FeaturePolicy | None:
        return policy

    def _check_elements(self, element: Element) -> None:
        """What is refused of any processor."""
        if self.vendor is not None and self.model is None:
            raise XmlError("CPU vendor specified without CPU model")
        repeated = first_repeated(feature.name for feature in self.features)
        if repeated is not None:
            raise XmlError(f"CPU feature '{repeated}' specified more than once")
        if any(not feature.name for feature in self.features):
            raise XmlError("Invalid CPU feature name")
        if len(list(element.all("cache"))) > 1:
            raise XmlError("at most one CPU cache element may be specified")


@dataclass(slots=True, kw_only=True)
class CpuSignature:
    """Family, model and stepping by which x86 processors are told apart."""

    family: Annotated[NonZero, At("@family")]
    model: Annotated[int, At("@model")]
    stepping: Annotated[int, At("@stepping")]


@dataclass(slots=True, kw_only=True)
class TscCounter:
    """The time stamp counter of the host, in Hz."""

    name: Annotated[str, At("@name")] = "tsc"
    frequency: Annotated[ULong, At("@frequency")]
    scaling: Annotated[YesNo | None, At("@scaling")] = None


class HostAbility(StrEnum):
    """What hosts without CPU models tell of their processors."""

    VMX = "vmx"
    SVM = "svm"
    PAE = "pae"
    NONPAE = "nonpae"
    HAP = "hap"


@dataclass(slots=True, kw_only=True)
class HostCpu(Cpu):
    """The processor of a host; what it has is there, so nothing has a policy."""

    arch: Annotated[str, At("arch", missing="Missing CPU architecture")]
    abilities: Annotated[set[HostAbility], At("features")] = field(default_factory=set)
    """Only in capabilities."""
    model: Annotated[str | None, At("model")] = None
    vendor: Annotated[str | None, At("vendor")] = None
    microcode: Annotated[
        int, At("microcode/@version", omit=0, invalid="invalid microcode version", error=ConfigUnsupported)
    ] = 0
    signature: Annotated[CpuSignature | None, At("signature")] = None
    tsc: Annotated[TscCounter | None, At("counter")] = None
    topology: Annotated[CpuTopology | None, At("topology")] = None
    cache: Annotated[CpuCache | None, At("cache")] = None
    address: Annotated[MaxPhysAddr | None, At("maxphysaddr")] = None
    features: Annotated[list[CpuFeature], At("feature")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """A host has a model, and no wishes."""
        if "mode" in reading.element.attributes:
            raise ConfigUnsupported("Attribute mode is only allowed for guest CPU")
        if self.model is None:
            raise XmlError("Missing CPU model name")
        self._check_elements(reading.element)
        for feature in self.features:
            feature.policy = None

    def _policy(self, policy: FeaturePolicy | None) -> FeaturePolicy | None:
        return None


@dataclass(slots=True, kw_only=True)
class GuestCpu(Cpu):
    """The processor that a guest asks for."""

    mode: Annotated[
        CpuMode | None, At("@mode", invalid="Invalid mode attribute '{value}'", error=ConfigUnsupported)
    ] = CpuMode.CUSTOM
    match: Annotated[CpuMatch | None, At("@match")] = CpuMatch.EXACT
    check: Annotated[CpuCheck | None, At("@check", omit=CpuCheck.DEFAULT)] = CpuCheck.DEFAULT
    migratable: Annotated[OnOff | None, At("@migratable")] = None
    deprecated_features: Annotated[OnOff | None, At("@deprecated_features")] = None
    fallback: Annotated[
        CpuFallback | None, At("model/@fallback", invalid="Invalid fallback attribute", error=ConfigUnsupported)
    ] = CpuFallback.ALLOW
    vendor_id: Annotated[str | None, At("model/@vendor_id", blank_is_none=True)] = None

    @property
    def from_host(self) -> bool:
        """Whether the hypervisor takes all that there is, so that no model is named."""
        return self.mode in (CpuMode.HOST_PASSTHROUGH, CpuMode.MAXIMUM)

    def after_parse(self, reading: Reading) -> None:
        """Check what belongs together."""
        if self.migratable is not None and not self.from_host:
            raise ConfigUnsupported("Attribute migratable is only allowed for 'host-passthrough' / 'maximum' CPU mode")
        if self.from_host:
            self.fallback, self.vendor_id = CpuFallback.ALLOW, None
        self._check_vendor_id()
        self._check_elements(reading.element)
        if self.features and self.model is None and self.mode is CpuMode.CUSTOM:
            raise XmlError("Non-empty feature list specified without CPU model")
        for feature in self.features:
            feature.policy = feature.policy or FeaturePolicy.REQUIRE

    def for_format(self, context: Context) -> Self:
        """A processor that only has a topology shows no mode, and one without a model no model."""
        shown = copy.copy(self)
        if self.mode is CpuMode.CUSTOM and self.model is None:
            shown.mode = shown.check = shown.migratable = shown.deprecated_features = None
        if shown.mode is not CpuMode.CUSTOM:
            shown.match = None
        if not self.from_host:
            shown.migratable = None
        else:
            shown.model = shown.vendor_id = shown.vendor = None
        if shown.model is None:
            shown.fallback = None
        return shown

    def _check_vendor_id(self) -> None:
        if self.vendor_id is None:
            return
        if len(self.vendor_id.encode()) != VENDOR_ID_LENGTH:
            raise XmlError(f"vendor_id must be exactly {VENDOR_ID_LENGTH} characters long")
        if "," in self.vendor_id:
            raise XmlError("vendor id is invalid")


def parse_cpu(text: str) -> HostCpu | GuestCpu:
    """Read a processor of a host or a guest; one that tells its architecture is a host's."""
    root, _ = read(text)
    if root.name != "cpu":
        raise XmlError("XML does not contain expected 'cpu' element")
    return parse(HostCpu, text).value if is_host(root) else parse(GuestCpu, text).value


def cpu_from_element(element: Element) -> HostCpu | GuestCpu:
    """As `parse_cpu`, of an element that is part of a larger document."""
    return parse_element(HostCpu, element) if is_host(element) else parse_element(GuestCpu, element)


def is_host(element: Element) -> bool:
    """Whether a `<cpu>` is a host's."""
    if element.child("arch") is None:
        return False
    if "match" in element.attributes:
        raise XmlError("'arch' element cannot be used inside 'cpu' element with 'match' attribute'")
    return True


def first_repeated(names: Iterable[str]) -> str | None:
    """The first name that was there before."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
