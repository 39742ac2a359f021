# SPDX-License-Identifier: LGPL-2.1-or-later
"""The features that a described x86 processor has, as sets."""

from __future__ import annotations

from covirt.drivers.common.cpu.x86_table import Feature, FeatureSet, Model, X86Table
from covirt.errors import InternalError
from covirt.model.common.cpu import Cpu, FeaturePolicy, HostCpu


def all_features(table: X86Table, cpu: Cpu) -> FeatureSet:
    """Everything that a processor has: its model with what is said about single features."""
    features = model_named(table, cpu.model).features if cpu.model else 0
    for feature in cpu.features:
        if feature.policy is FeaturePolicy.OPTIONAL:
            continue
        member = feature_named(table, feature.name).member
        if feature.policy in (FeaturePolicy.DISABLE, FeaturePolicy.FORBID):
            features &= ~member
        else:
            features |= member
    return features


def policy_features(table: X86Table, cpu: Cpu, policy: FeaturePolicy) -> FeatureSet:
    """The features that have one policy; a model requires its own, and so does a host all of its."""
    if isinstance(cpu, HostCpu) and policy is not FeaturePolicy.REQUIRE:
        return 0
    features = model_named(table, cpu.model).features if cpu.model and policy is FeaturePolicy.REQUIRE else 0
    for feature in cpu.features:
        if (feature.policy or FeaturePolicy.REQUIRE) is policy:
            features |= feature_named(table, feature.name).member
    return features


def model_named(table: X86Table, name: str | None) -> Model:
    """A model that must be known."""
    model = table.models.get(name or "")
    if model is None:
        raise InternalError(f"Unknown CPU model {name}")
    return model


def feature_named(table: X86Table, name: str) -> Feature:
    """A feature that must be known."""
    feature = table.features.get(name)
    if feature is None:
        raise InternalError(f"Unknown CPU feature {name}")
    return feature
