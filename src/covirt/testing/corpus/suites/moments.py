# SPDX-License-Identifier: LGPL-2.1-or-later
"""Snapshots and checkpoints of guests, read and written back."""

from __future__ import annotations

from covirt.model.domain.checkpoint import CheckpointDisk, CheckpointKind, parse_checkpoint
from covirt.model.domain.snapshot import OldSnapshot, SnapshotState, parse_snapshot
from covirt.testing.corpus.manifest import Case
from covirt.values import Uuid
from covirt.xml import Context


def run(case: Case) -> object:
    """Carry out one case."""
    if case.suite == "qemudomaincheckpointxml2xml":
        return _checkpoint(case)
    flags = case.options.get("flags", [])
    snapshot = parse_snapshot(case.text(), existing="redefine" in flags)
    snapshot.created = case.options["creation_time"] or snapshot.created
    if "running" in flags:
        snapshot.state = SnapshotState.RUNNING
    if "internal" not in flags:
        snapshot.active = None
    uuid = case.options.get("uuid")
    if uuid is not None and snapshot.domain is None:
        return OldSnapshot(**{name: getattr(snapshot, name) for name in _KEPT}, uuid=Uuid.parse(uuid)).format(
            Context.SECURE
        )
    return snapshot.format(Context.SECURE)


_KEPT = (
    *("name", "description", "state", "parent", "created", "memory", "memory_file"),
    *("disks", "revert_disks", "inactive_domain", "cookie", "active"),
)


def _checkpoint(case: Case) -> object:
    flags = case.options.get("flags", [])
    checkpoint = parse_checkpoint(case.text(), existing="redefine" in flags, validate="invalid" in flags)
    checkpoint.created = case.options["creation_time"] or checkpoint.created
    checkpoint.name = checkpoint.name or str(checkpoint.created)
    if "parent" in flags:
        checkpoint.parent = "1525111885"
    if "vda_bitmap" in flags:
        checkpoint.disks = checkpoint.disks or [CheckpointDisk(name="vda", checkpoint=CheckpointKind.BITMAP)]
        checkpoint.name_bitmaps()
    return checkpoint.format(Context.SECURE)
