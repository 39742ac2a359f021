# SPDX-License-Identifier: LGPL-2.1-or-later
"""x86 processors: what is known of vendors, features and models.

Each feature is one bit that CPUID or a model-specific register shows. Sets of features are whole numbers in which bit
n is the n-th feature of the table, so that comparing two processors is arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from covirt.drivers.common.cpu.table import read_table
from covirt.drivers.common.cpu.x86_data import X86Data
from covirt.values import CpuSet

FeatureSet = int
"""Features as bits, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature, and where the processor shows it."""

    name: str
    msr: bool
    leaf: int
    subleaf: int
    register: str
    bit: int
    member: FeatureSet
    migratable: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """The processors that a model stands for: family, model and, when limited, steppings."""

    family: int
    model: int
    steppings: CpuSet | None

    @classmethod
    def parse(cls, word: str) -> Signature:
        """Read `family-model` or `family-model:steppings`."""
        numbers, _, steppings = word.partition(":")
        family, model = numbers.split("-")
        return cls(int(family), int(model), CpuSet.parse(steppings) if steppings else None)

    def matches(self, family: int, model: int, stepping: int) -> bool:
        """Whether a processor with these numbers is meant."""
        return (family, model) == (self.family, self.model) and (self.steppings is None or stepping in self.steppings)

    @property
    def first(self) -> tuple[int, int, int]:
        """The numbers of the first processor that is meant."""
        return self.family, self.model, min(self.steppings) if self.steppings else 0


@dataclass(frozen=True, slots=True)
class Model:
    """A named set of features."""

    name: str
    features: FeatureSet
    vendor: str | None
    signatures: tuple[Signature, ...]
    decodes_host: bool
    decodes_guest: bool
    compatible_check: bool
    """Whether a partial check compares with the host, as opposed to asking the hypervisor."""
    removed: tuple[str, ...]
    """Features that were once part of the model; they are always told explicitly."""
    later: frozenset[str]
    """Features that hypervisors always had in the model, but that became known here only later."""
    canonical: str | None = None
    """The versioned name that this one is an alias of."""


@dataclass(frozen=True, slots=True)
class X86Table:
    """Everything known of x86 processors."""

    vendors: dict[str, str]
    features: dict[str, Feature]
    models: dict[str, Model]

    def set_of(self, names: Iterable[str]) -> FeatureSet:
        """The features of these names; unknown ones are left out."""
        known = (self.features[name].member for name in names if name in self.features)
        return _union(known)

    def names(self, features: FeatureSet) -> list[str]:
        """The names of the features of a set, in the order of the table."""
        return [name for name, feature in self.features.items() if features & feature.member]

    def shown_by(self, data: X86Data) -> FeatureSet:
        """The features that CPUID and registers show."""
        return _union(
            feature.member
            for feature in self.features.values()
            if data.register(feature.leaf, feature.subleaf, feature.register, msr=feature.msr) >> feature.bit & 1
        )

    def add_to(self, data: X86Data, features: FeatureSet) -> None:
        """Set the bits of features in CPUID data."""
        for name in self.names(features):
            feature = self.features[name]
            data.set_bits(feature.leaf, feature.subleaf, feature.register, 1 << feature.bit, msr=feature.msr)

    def vendor_of(self, data: X86Data) -> str | None:
        """The name of the vendor that CPUID tells, when it is a known one."""
        told = data.vendor
        return next((name for name, text in self.vendors.items() if text == told), None)

    def msr_indexes(self) -> list[int]:
        """The model-specific registers that show features."""
        return list(dict.fromkeys(feature.leaf for feature in self.features.values() if feature.msr))


@cache
def x86_table() -> X86Table:
    """The table, read once."""
    stored = read_table("x86")
    features = {
        name: _feature(name, entry, 1 << number) for number, (name, entry) in enumerate(stored["features"].items())
    }
    table = X86Table(vendors=dict(stored["vendors"]), features=features, models={})
    later: dict[str, frozenset[str]] = {}
    for name, entry in stored["models"].items():
        later[name] = _changed(later, entry, "later", "not_later")
        table.models[name] = _model(table, name, entry, later[name])
        _note_alias(table, entry, name)
    return table


def _feature(name: str, entry: dict[str, Any], member: FeatureSet) -> Feature:
    kind, place = entry["in"].split(" ")
    leaf, _, subleaf = place.partition(".")
    return Feature(
        name=name,
        msr=kind == "msr",
        leaf=int(leaf, 16),
        subleaf=int(subleaf or "0"),
        register=entry["register"],
        bit=entry["bit"],
        member=member,
        migratable=entry.get("migratable", True),
        aliases=tuple(entry.get("aliases", ())),
    )


def _model(table: X86Table, name: str, entry: dict[str, Any], later: frozenset[str]) -> Model:
    base = table.models.get(entry.get("based_on", ""))
    start = base or table.models.get(entry.get("like", ""))
    features = start.features if start else 0
    features |= table.set_of(entry.get("plus", "").split())
    features &= ~table.set_of(entry.get("minus", "").split())
    signatures = tuple(map(Signature.parse, entry.get("signatures", ())))
    return Model(
        name=name,
        features=features,
        vendor=entry.get("vendor", base.vendor if base else None),
        signatures=signatures or (base.signatures if base else ()),
        decodes_host="host" in entry["decode"],
        decodes_guest="guest" in entry["decode"],
        compatible_check="check" in entry,
        removed=tuple(entry.get("removed", "").split()),
        later=later,
    )


def _changed(told: dict[str, frozenset[str]], entry: dict[str, Any], plus: str, minus: str) -> frozenset[str]:
    like = told.get(entry.get("like", ""), frozenset())
    return like - set(entry.get(minus, "").split()) | set(entry.get(plus, "").split())


def _note_alias(table: X86Table, entry: dict[str, Any], name: str) -> None:
    """A model that adds nothing to another is the versioned name of it."""
    if "based_on" in entry and not entry.keys() - {"based_on", "decode", "check"}:
        base = table.models[entry["based_on"]]
        table.models[base.name] = replace(base, canonical=name)


def _union(members: Iterable[FeatureSet] | Iterator[FeatureSet]) -> FeatureSet:
    union = 0
    for member in members:
        union |= member
    return union
