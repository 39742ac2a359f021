# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<cpu>` of a guest's definition: the processor, and the nodes that it and the memory form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from covirt.model.common import cpu as common
from covirt.model.common.cpu import AddressMode as AddressMode
from covirt.model.common.cpu import CacheMode as CacheMode
from covirt.model.common.cpu import CpuCache as CpuCache
from covirt.model.common.cpu import CpuCheck as CpuCheck
from covirt.model.common.cpu import CpuFallback as CpuFallback
from covirt.model.common.cpu import CpuFeature as CpuFeature
from covirt.model.common.cpu import CpuMatch as CpuMatch
from covirt.model.common.cpu import CpuMode as CpuMode
from covirt.model.common.cpu import CpuTopology as CpuTopology
from covirt.model.common.cpu import FeaturePolicy as FeaturePolicy
from covirt.model.common.cpu import MaxPhysAddr as MaxPhysAddr
from covirt.model.domain.numa import Numa
from covirt.xml import At


@dataclass(slots=True, kw_only=True)
class GuestCpu(common.GuestCpu):
    """The processor with its nodes."""

    numa: Annotated[Numa | None, At("numa")] = None
