# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<cpu>` of a guest's definition: the processor, and the nodes that it and the memory form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from covirt.model.common.cpu import GuestCpu
from covirt.model.domain.numa import Numa
from covirt.xml import At


@dataclass(slots=True, kw_only=True)
class DomainCpu(GuestCpu):
    """The processor with its nodes."""

    numa: Annotated[Numa | None, At("numa")] = None
