# SPDX-License-Identifier: LGPL-2.1-or-later
"""A container as the driver holds it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from covirt.drivers.common.bridging import Bridge
from covirt.drivers.common.guest import Guest
from covirt.errors import OperationInvalid
from covirt.host.cgroups import Group
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.process import Process


@dataclass
class Run:
    """What belongs to one run of a container."""

    socket: Path
    staging: Path
    controller: int = 0
    controller_start: int | None = None
    init: int = 0
    init_start: int | None = None
    process: Process | None = None
    events: asyncio.StreamReader | None = None
    monitor: asyncio.StreamWriter | None = None
    group: Group | None = None
    links: list[str] = field(default_factory=list)
    """Our ends of its network interfaces."""
    streams: dict[str, Bridge] = field(default_factory=dict)
    stopping: bool = False


class LxcGuest(Guest):
    """A container; `run` is there while it runs."""

    def __init__(self, definition: DomainDefinition) -> None:
        """A container that does not run."""
        super().__init__(definition)
        self.run: Run | None = None

    @property
    def running(self) -> Run:
        """Its run, which has to be there."""
        if self.run is None:
            raise OperationInvalid("domain is not running")
        return self.run

    @property
    def group(self) -> Group:
        """Its control group."""
        group = self.running.group
        if group is None:
            raise OperationInvalid("domain has no control group")
        return group
