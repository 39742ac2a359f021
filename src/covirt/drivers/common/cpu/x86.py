# SPDX-License-Identifier: LGPL-2.1-or-later
"""x86: comparing, combining and translating processors by their features."""

from __future__ import annotations

from collections.abc import Sequence

from covirt.drivers.common.cpu.architecture import (
    Architecture,
    Comparison,
    Incompatible,
    SupportedModels,
    known_host,
    same_arch,
    same_vendor,
)
from covirt.drivers.common.cpu.host_model import take_host_model
from covirt.drivers.common.cpu.x86_data import X86Data, pack_signature, unpack_signature
from covirt.drivers.common.cpu.x86_decode import Description, Processor, decode
from covirt.drivers.common.cpu.x86_live import update_live
from covirt.drivers.common.cpu.x86_sets import all_features, model_named, policy_features
from covirt.drivers.common.cpu.x86_table import X86Table, x86_table
from covirt.errors import ConfigUnsupported, InternalError, InvalidArg, OperationFailed
from covirt.model.common.cpu import (
    Cpu,
    CpuFallback,
    CpuFeature,
    CpuMatch,
    CpuMode,
    CpuSignature,
    FeaturePolicy,
    GuestCpu,
    HostCpu,
)


class X86(Architecture):
    """i686 and x86_64."""

    names = ("i686", "x86_64")
    detects_host = True

    @property
    def table(self) -> X86Table:
        """What is known of x86 processors."""
        return x86_table()

    # comparing

    def compare(self, host: Cpu | None, cpu: Cpu) -> Comparison:
        """How a host relates to a processor, feature by feature."""
        host = known_host(host)
        same_arch(self, cpu)
        same_vendor(host, cpu)
        has = all_features(self.table, host)
        wanted = {policy: policy_features(self.table, cpu, policy) for policy in FeaturePolicy}
        if unwanted := wanted[FeaturePolicy.FORBID] & has:
            raise self._incompatible("Host CPU provides forbidden features", unwanted)
        ignored = wanted[FeaturePolicy.FORCE] | wanted[FeaturePolicy.OPTIONAL] | wanted[FeaturePolicy.DISABLE]
        required = wanted[FeaturePolicy.REQUIRE] & ~ignored
        if missing := required & ~has:
            raise self._incompatible("Host CPU does not provide required features", missing)
        extra = has & ~required & ~ignored
        if extra and isinstance(cpu, GuestCpu) and cpu.match is CpuMatch.STRICT:
            raise self._incompatible("Host CPU does not strictly match guest CPU: Extra features", extra)
        return Comparison.SUPERSET if extra else Comparison.IDENTICAL

    def has_feature(self, cpu: Cpu, name: str) -> bool:
        """Whether a processor has a feature."""
        return self._has(all_features(self.table, cpu), name)

    def _has(self, features: int, name: str) -> bool:
        if name not in self.table.features:
            raise InternalError(f"unknown CPU feature {name}")
        return bool(features & self.table.features[name].member)

    def _incompatible(self, message: str, features: int) -> Incompatible:
        return Incompatible(f"{message}: {', '.join(self.table.names(features))}")

    # decoding

    def decode_host(self, data: X86Data) -> HostCpu:
        """The processor of the host that these data are of."""
        processor = Processor.from_data(self.table, data)
        found = decode(self.table, processor, host=True)
        family, model, stepping = unpack_signature(processor.signature)
        return HostCpu(
            arch=self.name,
            model=found.model.name,
            vendor=processor.vendor,
            signature=CpuSignature(family=family, model=model, stepping=stepping) if family else None,
            features=found.features(host=True),
        )

    def decode_guest(self, stub: GuestCpu, data: X86Data, models: SupportedModels | None) -> None:
        """Fill in the processor that these data describe."""
        processor = Processor.from_data(self.table, data)
        found = decode(self.table, processor, host=False, models=models, fallback=stub.fallback)
        stub.model, stub.vendor = found.model.name, processor.vendor
        stub.features = found.features(host=False)

    # combining

    def baseline(
        self,
        cpus: Sequence[Cpu],
        models: SupportedModels | None,
        features: Sequence[str] | None,
        *,
        migratable: bool,
    ) -> GuestCpu:
        """The features that all have, described by the model nearest to them."""
        names = list(dict.fromkeys(cpu.model for cpu in cpus if cpu.model))
        common = all_features(self.table, cpus[0])
        for cpu in cpus[1:]:
            common &= all_features(self.table, cpu)
        vendor = self._common_vendor(cpus)
        if features is not None:
            common &= self.table.set_of(features)
        if not common:
            raise OperationFailed("CPUs are incompatible")
        found = decode(self.table, Processor(common, vendor), host=False, models=models, preferred=names)
        told = all(cpu.vendor for cpu in cpus)
        cpu = GuestCpu(model=found.model.name, vendor=vendor if told else None, features=found.features(host=False))
        if migratable:
            cpu.keep_features(self._migratable)
        if names == [cpu.model]:
            cpu.fallback = CpuFallback.FORBID
        return cpu

    def _common_vendor(self, cpus: Sequence[Cpu]) -> str | None:
        """The one vendor of all, told by them or by their models."""
        vendor = self._known_vendor(cpus[0].vendor)
        for cpu in cpus[1:]:
            of_model = model_named(self.table, cpu.model).vendor if cpu.model else None
            if cpu.vendor and of_model and cpu.vendor != of_model:
                raise OperationFailed(f"CPU vendor {of_model} of model {cpu.model} differs from vendor {cpu.vendor}")
            told = cpu.vendor or of_model
            if told and vendor and told != vendor:
                raise OperationFailed("CPU vendors do not match")
            vendor = vendor or self._known_vendor(told)
        return vendor

    def _known_vendor(self, vendor: str | None) -> str | None:
        if vendor and vendor not in self.table.vendors:
            raise OperationFailed(f"Unknown CPU vendor {vendor}")
        return vendor

    # changing

    def update(self, guest: GuestCpu, host: Cpu | None, *, relative: bool, removed: FeaturePolicy) -> None:
        """Decide optional features, and take the host's processor in place of `host-model` or a minimum."""
        if relative:
            if host is None:
                raise ConfigUnsupported("unknown host CPU model")
            self._decide_optional(guest, all_features(self.table, host))
            if guest.mode is CpuMode.HOST_MODEL or guest.match is CpuMatch.MINIMUM:
                _take_host_model(guest, host)
        for name in model_named(self.table, guest.model).removed:
            guest.add_missing_feature(name, removed)

    def update_live(self, guest: GuestCpu, enabled: X86Data | None, disabled: X86Data | None) -> bool:
        """Note what the hypervisor really enabled and disabled."""
        update_live(
            self.table,
            guest,
            self.table.shown_by(enabled) if enabled else 0,
            self.table.shown_by(disabled) if disabled else 0,
        )
        return True

    def translate(self, guest: GuestCpu, models: SupportedModels | None) -> None:
        """The same features on top of a model that the hypervisor has."""
        features = all_features(self.table, guest)
        model = model_named(self.table, guest.model)
        signature = pack_signature(*model.signatures[0].first) if model.signatures else 0
        processor = Processor(features, model.vendor, signature)
        found: Description = decode(self.table, processor, host=False, models=models, fallback=guest.fallback)
        said = guest.features
        guest.model, guest.features = found.model.name, found.features(host=False)
        for feature in said:
            guest.set_feature(feature.name, feature.policy)

    def expand_features(self, cpu: Cpu) -> None:
        """Mention all features of the model; those of a guest that are neither required nor disabled go away."""
        if cpu.model not in self.table.models:
            raise InternalError(f"unknown CPU model {cpu.model}")
        model = self.table.models[cpu.model]
        said = cpu.features
        cpu.features = [CpuFeature(name=name) for name in self.table.names(model.features)]
        if isinstance(cpu, GuestCpu):
            definite = (FeaturePolicy.REQUIRE, FeaturePolicy.DISABLE)
            said = [feature for feature in said if feature.policy in definite]
            for feature in cpu.features:
                feature.policy = FeaturePolicy.REQUIRE
        for feature in said:
            cpu.set_feature(feature.name, feature.policy)
        if isinstance(cpu, GuestCpu):
            for name in model.removed:
                cpu.add_missing_feature(name, FeaturePolicy.DISABLE)

    def migratable_copy(self, cpu: Cpu) -> Cpu:
        """A copy without features that keep a guest from moving."""
        copy = cpu.copy()
        copy.keep_features(self._migratable)
        return copy

    def _migratable(self, feature: CpuFeature) -> bool:
        known = self.table.features.get(feature.name)
        return known is None or known.migratable

    def _decide_optional(self, guest: GuestCpu, has: int) -> None:
        for feature in guest.features:
            if feature.policy is FeaturePolicy.OPTIONAL:
                there = self._has(has, feature.name)
                feature.policy = FeaturePolicy.REQUIRE if there else FeaturePolicy.DISABLE

    # what is known

    def check_features(self, cpu: Cpu) -> None:
        """Refuse features that are not in the table."""
        for feature in cpu.features:
            if feature.name not in self.table.features:
                raise ConfigUnsupported(f"unknown CPU feature: {feature.name}")

    def models(self) -> list[str]:
        """All models, oldest first."""
        return list(self.table.models)

    def vendor_of_model(self, model: str) -> str | None:
        """The vendor of a model."""
        known = self.table.models.get(model)
        return known.vendor if known else None

    def canonical_model(self, model: str) -> str | None:
        """The versioned name of a model."""
        known = self.table.models.get(model)
        return known.canonical if known else None

    def checks_by_comparison(self, model: str) -> bool:
        """Newer models are checked by the hypervisor alone."""
        if model not in self.table.models:
            raise InvalidArg(f"unknown CPU model {model}")
        return self.table.models[model].compatible_check


def _take_host_model(guest: GuestCpu, host: Cpu) -> None:
    """Replace the model by the host's; a named model keeps its vendor, and what the guest says of features wins."""
    said, vendor, vendor_id = guest.features, guest.vendor, guest.vendor_id
    named = guest.mode is CpuMode.CUSTOM
    take_host_model(guest, host)
    guest.vendor = vendor if named else guest.vendor
    guest.vendor_id = vendor_id or (None if named else guest.vendor_id)
    for feature in said:
        guest.set_feature(feature.name, feature.policy)
