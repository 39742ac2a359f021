# SPDX-License-Identifier: LGPL-2.1-or-later
"""The `<host>` of the capabilities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from covirt.model.capabilities.caches import HostCaches, MemoryBandwidth
from covirt.model.capabilities.topology import HostTopology
from covirt.model.common.cpu import HostCpu
from covirt.values import Uuid
from covirt.xml import At, Present, YesNo


@dataclass(slots=True, kw_only=True)
class PageSize:
    """Memory can be had in pages of this size."""

    unit: Annotated[str, At("@unit")] = "KiB"
    size: Annotated[int, At("@size")]


@dataclass(slots=True, kw_only=True)
class PowerManagement:
    """How the host can sleep."""

    mem: Annotated[Present, At("suspend_mem")] = False
    disk: Annotated[Present, At("suspend_disk")] = False
    hybrid: Annotated[Present, At("suspend_hybrid")] = False


@dataclass(slots=True, kw_only=True)
class MigrationFeatures:
    """How guests can move; with nothing in it, only while they do not run."""

    OPEN: ClassVar[bool] = True

    live: Annotated[Present, At("live")] = False
    transports: Annotated[list[str], At("uri_transports/uri_transport")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class BaseLabel:
    """The label that guests of a type get."""

    type: Annotated[str, At("@type")]
    label: Annotated[str, At(".")]


@dataclass(slots=True, kw_only=True)
class SecurityModel:
    """A way to keep guests apart."""

    model: Annotated[str, At("model")]
    doi: Annotated[str, At("doi")]
    labels: Annotated[list[BaseLabel], At("baselabel")] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class HostCapabilities:
    """What the host is."""

    ELEMENT: ClassVar[str] = "host"

    uuid: Annotated[Uuid | None, At("uuid")] = None
    cpu: Annotated[HostCpu, At("cpu/.")]
    page_sizes: Annotated[list[PageSize], At("cpu/pages")] = field(default_factory=list)
    power: Annotated[PowerManagement | None, At("power_management")] = field(default_factory=PowerManagement)
    iommu: Annotated[YesNo, At("iommu/@support")] = False
    migration: Annotated[MigrationFeatures | None, At("migration_features")] = None
    net_prefix: Annotated[str | None, At("netprefix")] = None
    topology: Annotated[HostTopology | None, At("topology")] = None
    caches: Annotated[HostCaches | None, At("cache")] = None
    bandwidth: Annotated[MemoryBandwidth | None, At("memory_bandwidth")] = None
    security: Annotated[list[SecurityModel], At("secmodel")] = field(default_factory=list)
