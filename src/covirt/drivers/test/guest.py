# SPDX-License-Identifier: LGPL-2.1-or-later
"""A guest of the test driver: what a hypervisor and an agent would know of it."""

from __future__ import annotations

from dataclasses import dataclass

from covirt.drivers.common.guest import Guest
from covirt.drivers.common.moments import Moments
from covirt.errors import NoSuchDomainCheckpoint, NoSuchDomainSnapshot
from covirt.model.domain.checkpoint import CheckpointDefinition
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.snapshot import SnapshotDefinition

FIRST_TIME = 627319920
"""The guests' clocks stand here, in November 1989, until they are set."""

MOUNT_POINTS = ("/", "/boot")


@dataclass(slots=True)
class Polling:
    """How a thread for disks polls."""

    max_ns: int = 32768
    grow: int = 0
    shrink: int = 0


class PretendedGuest(Guest):
    """A guest that is only said to run."""

    def __init__(self, definition: DomainDefinition) -> None:
        """A guest that does not run."""
        super().__init__(definition)
        self.frozen: set[str] = set()
        """The file systems that hold still."""
        self.seconds = FIRST_TIME
        self.nanoseconds = 0
        self.snapshots: Moments[SnapshotDefinition] = Moments("snapshot", NoSuchDomainSnapshot)
        self.checkpoints: Moments[CheckpointDefinition] = Moments("checkpoint", NoSuchDomainCheckpoint)
        self.polling: dict[int, Polling] = {}
        """The threads for disks, by their numbers."""

    def note_io_threads(self) -> None:
        """Its threads for disks poll as they usually do."""
        self.polling = {thread.id: Polling() for thread in self.definition.iothreads.threads}

    @property
    def snapshot_count(self) -> int:
        """How many snapshots of it are known."""
        return len(self.snapshots)

    @property
    def checkpoint_count(self) -> int:
        """How many checkpoints of it are known."""
        return len(self.checkpoints)
