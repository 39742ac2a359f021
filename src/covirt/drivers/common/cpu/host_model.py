# SPDX-License-Identifier: LGPL-2.1-or-later
"""Putting the host's processor in the place of `host-model`."""

from __future__ import annotations

from covirt.errors import ConfigUnsupported
from covirt.model.common.cpu import Cpu, CpuFeature, CpuMatch, CpuMode, FeaturePolicy, GuestCpu


def take_host_model(guest: GuestCpu, host: Cpu | None) -> None:
    """Replace model, vendor and features by the host's."""
    if host is None:
        raise ConfigUnsupported("unknown host CPU model")
    guest.model, guest.vendor = host.model, host.vendor
    guest.vendor_id = host.vendor_id if isinstance(host, GuestCpu) else None
    guest.features = host_features(host)
    guest.mode, guest.match = CpuMode.CUSTOM, CpuMatch.EXACT


def host_features(host: Cpu) -> list[CpuFeature]:
    """What a host has, as what a guest requires."""
    return [CpuFeature(name=feature.name, policy=feature.policy or FeaturePolicy.REQUIRE) for feature in host.features]
