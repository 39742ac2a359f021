# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which snapshots or checkpoints of a guest a list asks for."""

from __future__ import annotations

from covirt.api.domain.checkpoint import DomainCheckpointListFlags
from covirt.api.domain.snapshot import DomainSnapshotListFlags as Wanted
from covirt.drivers.common.moments import M, Moments
from covirt.model.domain.checkpoint import CheckpointDefinition
from covirt.model.domain.snapshot import SnapshotDefinition, SnapshotState

BELOW = 1
"""From one: all after it. From the guest: only those that are after none; the bit has two meanings."""


def _tree(moments: Moments[M], start: M | None, flags: int, leaves: int, inner: int) -> list[M]:
    everything = bool(flags & BELOW) == (start is not None)
    found = moments.descendants(start) if everything else moments.children(start)
    asked = flags & (leaves | inner)
    if asked in (0, leaves | inner):
        return found
    return [moment for moment in found if bool(moments.children(moment)) == (asked == inner)]


def list_snapshots(
    moments: Moments[SnapshotDefinition], flags: Wanted, start: SnapshotDefinition | None = None
) -> list[SnapshotDefinition]:
    """The snapshots after one, or of the whole guest, that match the flags; each behind its parent."""
    if flags & Wanted.NO_METADATA and not flags & Wanted.METADATA:
        return []
    found = _tree(moments, start, int(flags), int(Wanted.LEAVES), int(Wanted.NO_LEAVES))
    return [snapshot for snapshot in found if _matches(snapshot, flags)]


def _matches(snapshot: SnapshotDefinition, flags: Wanted) -> bool:
    status = {
        Wanted.INACTIVE: snapshot.state is SnapshotState.SHUTOFF,
        Wanted.DISK_ONLY: snapshot.state is SnapshotState.DISK,
        Wanted.ACTIVE: snapshot.state not in (SnapshotState.SHUTOFF, SnapshotState.DISK),
    }
    place = {Wanted.INTERNAL: not snapshot.external, Wanted.EXTERNAL: snapshot.external}
    return _asked(status, flags) and _asked(place, flags)


def _asked(group: dict[Wanted, bool], flags: Wanted) -> bool:
    told = [yes for flag, yes in group.items() if flag & flags]
    return not told or any(told)


def list_checkpoints(
    moments: Moments[CheckpointDefinition],
    flags: DomainCheckpointListFlags,
    start: CheckpointDefinition | None = None,
) -> list[CheckpointDefinition]:
    """The checkpoints after one, or of the whole guest, that match the flags; each behind its parent."""
    leaves, inner = int(DomainCheckpointListFlags.LEAVES), int(DomainCheckpointListFlags.NO_LEAVES)
    return _tree(moments, start, int(flags), leaves, inner)
