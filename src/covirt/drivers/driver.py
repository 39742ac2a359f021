# SPDX-License-Identifier: LGPL-2.1-or-later
"""What every driver is: a name, the calls it answers, the objects it finds, the events it publishes."""

from __future__ import annotations

import os
from collections.abc import Hashable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from covirt.api.binding import CallTable
from covirt.api.call import Call, Job
from covirt.api.handles import Handle
from covirt.api.themes import Family
from covirt.errors import ErrorDomain
from covirt.runtime.bus import Bus
from covirt.uri import Uri


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where a driver lives: under which root, and whether it may do what only root may."""

    root: Path | None = None
    privileged: bool = field(default_factory=lambda: os.geteuid() == 0)


class Driver:
    """Base of all drivers; one instance may serve many connections."""

    name: ClassVar[str]
    """What a client is told as the connection's type, such as QEMU."""

    prefix: ClassVar[str]
    """The beginning of the C names in errors, such as qemu in qemuDomainCreate."""

    error_domain: ClassVar[ErrorDomain]
    families: ClassVar[frozenset[Family]] = frozenset({Family.HYPERVISOR})
    calls: ClassVar[CallTable]

    def __init__(self) -> None:
        """Start without listeners."""
        self.bus = Bus()

    @classmethod
    def shared(cls, uri: Uri, surroundings: Surroundings) -> Hashable:
        """Connections for which this gives the same are served by one instance; None means one for each."""
        return (uri.scheme, uri.path, surroundings)

    @classmethod
    async def open(cls, uri: Uri, surroundings: Surroundings) -> Driver:
        """Make an instance that is ready to answer calls; a URI that is not for this driver is refused."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of everything when the last connection is gone; what runs runs on."""

    async def find(self, handle: Handle) -> Any:
        """The object behind a handle; raises the error of its kind when there is none."""
        raise NotImplementedError

    def hold(self, found: Any, job: Job, call: Call[Any, ..., Any]) -> AbstractAsyncContextManager[Any]:
        """The job in which a call works on what was found; without jobs it is none."""
        return nullcontext()

    def function(self, call: Call[Any, ..., Any]) -> str:
        """The name that errors give to this driver's part of a call."""
        name = call.spelled.removeprefix("vir")
        return self.prefix + name if self.prefix else name[:1].lower() + name[1:]
