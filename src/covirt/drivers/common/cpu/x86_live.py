# SPDX-License-Identifier: LGPL-2.1-or-later
"""Comparing the x86 processor that a guest was to have with the one it got."""

from __future__ import annotations

from covirt.drivers.common.cpu.x86_sets import all_features, model_named, policy_features
from covirt.drivers.common.cpu.x86_table import FeatureSet, X86Table
from covirt.errors import OperationFailed
from covirt.model.common.cpu import CpuCheck, FeaturePolicy, GuestCpu


def update_live(table: X86Table, cpu: GuestCpu, enabled: FeatureSet, disabled: FeatureSet) -> None:
    """Note in a processor what the hypervisor enabled and disabled; with a full check, refuse any difference."""
    if conflict := table.names(enabled & disabled):
        raise OperationFailed(
            f"hypervisor provided conflicting CPU data: feature '{conflict[0]}' is both enabled and disabled "
            "at the same time"
        )
    has = all_features(table, cpu)
    without = policy_features(table, cpu, FeaturePolicy.DISABLE) & ~has
    later = table.set_of(model_named(table, cpu.model).later) if cpu.model else 0
    forgiven = later & ~has & ~without
    # A guest that takes what the host has says nothing about features that it does not mention.
    unexpected = enabled & ~has & (without if cpu.from_host else -1)
    lost = disabled | (has & ~enabled)
    if cpu.check is CpuCheck.FULL:
        _refuse(table.names(unexpected & ~forgiven), table.names(lost & ~forgiven))
    for name in table.features:
        member = table.features[name].member
        if unexpected & member:
            cpu.set_feature(name, FeaturePolicy.REQUIRE)
        if lost & member:
            cpu.set_feature(name, FeaturePolicy.DISABLE)
    for name in model_named(table, cpu.model).removed if cpu.model else ():
        cpu.add_missing_feature(name, FeaturePolicy.DISABLE)


def _refuse(added: list[str], missing: list[str]) -> None:
    """A processor that is to be exactly as described is not."""
    found = []
    if added:
        found.append(f"extra features: {','.join(added)}")
    if missing:
        found.append(f"missing features: {','.join(missing)}")
    if found:
        raise OperationFailed(f"guest CPU doesn't match specification: {', '.join(found)}")
