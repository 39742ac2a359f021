# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which model, with which features more or less, describes an x86 processor best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from covirt.drivers.common.cpu.architecture import SupportedModels
from covirt.drivers.common.cpu.x86_data import X86Data, unpack_signature
from covirt.drivers.common.cpu.x86_table import FeatureSet, Model, X86Table
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.common.cpu import CpuFallback, CpuFeature, FeaturePolicy

DISABLED_PENALTY = 2
"""The first feature that has to be disabled counts as much as this; each further one counts one more."""

BROKEN_TSX = {60: 16, 69: 16, 70: 16, 63: 4}
"""Intel family 6 models, with the first stepping on which transactional memory works."""


@dataclass(frozen=True, slots=True)
class Processor:
    """What decoding needs to know of a processor."""

    features: FeatureSet
    vendor: str | None = None
    signature: int = 0

    @classmethod
    def from_data(cls, table: X86Table, data: X86Data) -> Processor:
        """What CPUID and registers tell."""
        return cls(table.shown_by(data), table.vendor_of(data), data.signature)


@dataclass(frozen=True, slots=True)
class Description:
    """A model and its difference to a processor."""

    model: Model
    required: tuple[str, ...]
    disabled: tuple[str, ...]

    def features(self, *, host: bool) -> list[CpuFeature]:
        """The difference as it is written; hosts have no policies."""
        require = None if host else FeaturePolicy.REQUIRE
        return [
            *(CpuFeature(name=name, policy=require) for name in self.required),
            *(CpuFeature(name=name, policy=FeaturePolicy.DISABLE) for name in self.disabled),
        ]


def decode(
    table: X86Table,
    processor: Processor,
    *,
    host: bool,
    models: SupportedModels | None = None,
    preferred: Sequence[str] = (),
    fallback: CpuFallback | None = CpuFallback.ALLOW,
) -> Description:
    """The best description of a processor, by the models that a hypervisor has; the newest are tried first."""
    processor = _without_broken_tsx(table, processor)
    best: Description | None = None
    for model in reversed(table.models.values()):
        if models is not None and model.name not in models:
            _check_preferred(model, preferred, fallback)
            continue
        if processor.vendor and model.vendor and processor.vendor != model.vendor:
            continue
        if not (model.decodes_host if host else model.decodes_guest):
            continue
        candidate = describe(table, processor.features, model, models[model.name] if models else (), host=host)
        if host and candidate.disabled:
            continue
        if preferred == [model.name]:
            return candidate
        if best is None or _is_better(best, candidate, processor.signature, host=host, preferred=preferred):
            best = candidate
    if best is None:
        raise InternalError("Cannot find suitable CPU model for given data")
    return best


def describe(
    table: X86Table, features: FeatureSet, model: Model, blockers: Sequence[str] = (), *, host: bool = False
) -> Description:
    """What a processor has beyond a model, and what it lacks of it."""
    extra = features & ~model.features
    lacking = model.features & ~features
    # The hypervisor's notion of the model may contain more, which keeps this host from providing it.
    lacking |= table.set_of(blockers) & ~extra
    required, disabled = table.names(extra), table.names(lacking)
    if not host:
        disabled += [name for name in model.removed if name not in required and name not in disabled]
    return Description(model, tuple(required), tuple(disabled))


def _is_better(
    best: Description, candidate: Description, signature: int, *, host: bool, preferred: Sequence[str]
) -> bool:
    """Whether a candidate is nearer to the processor than the best one so far."""
    if signature:
        numbers = unpack_signature(signature)
        best_fits = any(one.matches(*numbers) for one in best.model.signatures)
        candidate_fits = any(one.matches(*numbers) for one in candidate.model.signatures)
        if best_fits != candidate_fits:
            return candidate_fits
    best_cost, best_penalty = _cost(best, host=host)
    cost, penalty = _cost(candidate, host=host)
    if cost < best_cost or (cost == best_cost and penalty < best_penalty):
        return True
    return candidate.model.name in preferred and penalty < best_penalty


def _cost(description: Description, *, host: bool) -> tuple[int, int]:
    """How far a description is from its processor, and how much of that disabled features make up.

    libvirt's loop over the features shortens its own range by each disabled one that it finds. As these stand at the
    end, it counts the first half of them as disabled and leaves out the others; the choice of models depends on it.
    """
    required, disabled = len(description.required), len(description.disabled)
    if host:
        return required, 0
    counted = (disabled + 1) // 2
    penalty = sum(range(DISABLED_PENALTY, DISABLED_PENALTY + counted))
    return required + disabled - counted + penalty, penalty


def _check_preferred(model: Model, preferred: Sequence[str], fallback: CpuFallback | None) -> None:
    """The one model that is asked for must be there, unless another may stand in for it."""
    if preferred == [model.name] and fallback is not CpuFallback.ALLOW:
        raise ConfigUnsupported(f"CPU model {model.name} is not supported by hypervisor")


def _without_broken_tsx(table: X86Table, processor: Processor) -> Processor:
    """Drop transactional memory from Intel processors on which it does not work."""
    family, model, stepping = unpack_signature(processor.signature)
    if processor.vendor != "Intel" or family != 6 or stepping >= BROKEN_TSX.get(model, 0):
        return processor
    features = processor.features & ~table.set_of(("hle", "rtm"))
    return Processor(features, processor.vendor, processor.signature)
