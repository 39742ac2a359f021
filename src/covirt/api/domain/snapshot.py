# SPDX-License-Identifier: LGPL-2.1-or-later
"""Snapshots: kept states of a domain, in a tree."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.access import when
from covirt.api.call import Calls, Job, exclusive, requires
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Domain, DomainSnapshot
from covirt.api.layout import Listed, UpTo, Width
from covirt.api.themes import SNAPSHOT

call = Calls(SNAPSHOT)


class DomainSnapshotCreateFlags(Flags, prefix="VIR_DOMAIN_SNAPSHOT_CREATE_"):
    """How to take a snapshot."""

    REDEFINE = 1
    CURRENT = 1 << 1
    NO_METADATA = 1 << 2
    HALT = 1 << 3
    DISK_ONLY = 1 << 4
    REUSE_EXT = 1 << 5
    QUIESCE = 1 << 6
    ATOMIC = 1 << 7
    LIVE = 1 << 8
    VALIDATE = 1 << 9


class DomainSnapshotXMLFlags(Flags, prefix="VIR_DOMAIN_SNAPSHOT_XML_"):
    """What the description of a snapshot holds."""

    SECURE = 1


class DomainSnapshotListFlags(Flags, prefix="VIR_DOMAIN_SNAPSHOT_LIST_"):
    """Which snapshots to list."""

    DESCENDANTS = 1
    ROOTS = 1
    METADATA = 1 << 1
    LEAVES = 1 << 2
    NO_LEAVES = 1 << 3
    NO_METADATA = 1 << 4
    INACTIVE = 1 << 5
    ACTIVE = 1 << 6
    DISK_ONLY = 1 << 7
    INTERNAL = 1 << 8
    EXTERNAL = 1 << 9
    TOPOLOGICAL = 1 << 10


class DomainSnapshotRevertFlags(Flags, prefix="VIR_DOMAIN_SNAPSHOT_REVERT_"):
    """How to go back to a snapshot."""

    RUNNING = 1
    PAUSED = 1 << 1
    FORCE = 1 << 2
    RESET_NVRAM = 1 << 3


class DomainSnapshotDeleteFlags(Flags, prefix="VIR_DOMAIN_SNAPSHOT_DELETE_"):
    """What to delete of a snapshot."""

    CHILDREN = 1
    METADATA_ONLY = 1 << 1
    CHILDREN_ONLY = 1 << 2


@call(
    185,
    "virDomainSnapshotCreateXML",
    acl=("domain:snapshot", when("domain:fs_freeze", all_set=DomainSnapshotCreateFlags.QUIESCE)),
    rules=(
        requires(DomainSnapshotCreateFlags.CURRENT, DomainSnapshotCreateFlags.REDEFINE),
        exclusive(DomainSnapshotCreateFlags.REDEFINE, DomainSnapshotCreateFlags.NO_METADATA),
        exclusive(DomainSnapshotCreateFlags.REDEFINE, DomainSnapshotCreateFlags.HALT),
    ),
    since="0.8.0",
)
def snapshot_create_xml(dom: Domain, xml_desc: str, flags: DomainSnapshotCreateFlags) -> DomainSnapshot:
    """Take a snapshot as XML describes it."""


@call(
    186,
    "virDomainSnapshotGetXMLDesc",
    acl=("domain:read", when("domain:read_secure", all_set=DomainSnapshotXMLFlags.SECURE)),
    high=True,
    since="0.8.0",
)
def get_xml_desc(snap: DomainSnapshot, flags: DomainSnapshotXMLFlags) -> str:
    """Describe the snapshot as XML."""


@call(187, "virDomainSnapshotNum", acl="domain:read", high=True, since="0.8.0")
def snapshot_num(dom: Domain, flags: DomainSnapshotListFlags) -> int:
    """Count the snapshots of a domain."""


@call(188, "virDomainSnapshotListNames", acl="domain:read", high=True, since="0.8.0")
def snapshot_list_names(
    dom: Domain, flags: DomainSnapshotListFlags
) -> Annotated[list[str], UpTo(limits.DOMAIN_SNAPSHOT_LIST)]:
    """List the names of the snapshots of a domain."""


@call(274, "virDomainListAllSnapshots", acl="domain:read", high=True, since="0.9.13")
def list_all_snapshots(
    dom: Domain, flags: DomainSnapshotListFlags
) -> Annotated[list[DomainSnapshot], Listed(limits.DOMAIN_SNAPSHOT_LIST, count=Width.INT)]:
    """List the snapshots of a domain that match the flags."""


@call(246, "virDomainSnapshotNumChildren", acl="domain:read", high=True, since="0.9.7")
def num_children(snap: DomainSnapshot, flags: DomainSnapshotListFlags) -> int:
    """Count the snapshots that were taken after this one."""


@call(247, "virDomainSnapshotListChildrenNames", acl="domain:read", high=True, since="0.9.7")
def list_children_names(
    snap: DomainSnapshot, flags: DomainSnapshotListFlags
) -> Annotated[list[str], UpTo(limits.DOMAIN_SNAPSHOT_LIST)]:
    """List the names of the snapshots that were taken after this one."""


@call(275, "virDomainSnapshotListAllChildren", acl="domain:read", high=True, since="0.9.13")
def list_all_children(
    snap: DomainSnapshot, flags: DomainSnapshotListFlags
) -> Annotated[list[DomainSnapshot], Listed(limits.DOMAIN_SNAPSHOT_LIST, count=Width.INT)]:
    """List the snapshots that were taken after this one."""


@call(189, "virDomainSnapshotLookupByName", acl="domain:read", high=True, since="0.8.0")
def snapshot_lookup_by_name(dom: Domain, name: str, flags: NoFlags) -> DomainSnapshot:
    """Find a snapshot by its name."""


@call(190, "virDomainHasCurrentSnapshot", acl="domain:read", since="0.8.0")
def has_current_snapshot(dom: Domain, flags: NoFlags) -> bool:
    """Tell whether the domain stands on a snapshot."""


@call(191, "virDomainSnapshotCurrent", acl="domain:read", since="0.8.0")
def snapshot_current(dom: Domain, flags: NoFlags) -> DomainSnapshot:
    """Get the snapshot that the domain stands on."""


@call(244, "virDomainSnapshotGetParent", acl="domain:read", high=True, since="0.9.7")
def get_parent(snap: DomainSnapshot, flags: NoFlags) -> DomainSnapshot:
    """Get the snapshot before this one."""


@call(271, "virDomainSnapshotIsCurrent", acl="domain:read", since="0.9.13")
def is_current(snap: DomainSnapshot, flags: NoFlags) -> bool:
    """Tell whether the domain stands on this snapshot."""


@call(272, "virDomainSnapshotHasMetadata", acl="domain:read", since="0.9.13")
def has_metadata(snap: DomainSnapshot, flags: NoFlags) -> bool:
    """Tell whether the snapshot is recorded here, not only in the disk images."""


@call(
    192,
    "virDomainRevertToSnapshot",
    acl="domain:snapshot",
    rules=(exclusive(DomainSnapshotRevertFlags.RUNNING, DomainSnapshotRevertFlags.PAUSED),),
    since="0.8.0",
)
def revert_to_snapshot(snap: DomainSnapshot, flags: DomainSnapshotRevertFlags) -> None:
    """Take the domain back to a snapshot."""


@call(
    193,
    "virDomainSnapshotDelete",
    acl="domain:snapshot",
    job=Job.MODIFY,
    rules=(exclusive(DomainSnapshotDeleteFlags.CHILDREN, DomainSnapshotDeleteFlags.CHILDREN_ONLY),),
    since="0.8.0",
)
def delete(snap: DomainSnapshot, flags: DomainSnapshotDeleteFlags) -> None:
    """Delete a snapshot, perhaps with those after it."""
