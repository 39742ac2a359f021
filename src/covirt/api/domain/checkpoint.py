# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checkpoints: points since which disks remember what was written."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.access import when
from covirt.api.call import Calls, Job, exclusive, requires
from covirt.api.enums import Flags, NoFlags
from covirt.api.handles import Domain, DomainCheckpoint
from covirt.api.layout import Listed, Width
from covirt.api.themes import CHECKPOINT

call = Calls(CHECKPOINT)


class DomainCheckpointCreateFlags(Flags, prefix="VIR_DOMAIN_CHECKPOINT_CREATE_"):
    """How to make a checkpoint."""

    REDEFINE = 1
    QUIESCE = 1 << 1
    REDEFINE_VALIDATE = 1 << 2


class DomainCheckpointXMLFlags(Flags, prefix="VIR_DOMAIN_CHECKPOINT_XML_"):
    """What the description of a checkpoint holds."""

    SECURE = 1
    NO_DOMAIN = 1 << 1
    SIZE = 1 << 2


class DomainCheckpointListFlags(Flags, prefix="VIR_DOMAIN_CHECKPOINT_LIST_"):
    """Which checkpoints to list."""

    DESCENDANTS = 1
    ROOTS = 1
    TOPOLOGICAL = 1 << 1
    LEAVES = 1 << 2
    NO_LEAVES = 1 << 3


class DomainCheckpointDeleteFlags(Flags, prefix="VIR_DOMAIN_CHECKPOINT_DELETE_"):
    """What to delete of a checkpoint."""

    CHILDREN = 1
    METADATA_ONLY = 1 << 1
    CHILDREN_ONLY = 1 << 2


@call(
    411,
    "virDomainCheckpointCreateXML",
    acl=("domain:checkpoint", when("domain:fs_freeze", all_set=DomainCheckpointCreateFlags.QUIESCE)),
    job=Job.MODIFY,
    rules=(
        exclusive(DomainCheckpointCreateFlags.REDEFINE, DomainCheckpointCreateFlags.QUIESCE),
        requires(DomainCheckpointCreateFlags.REDEFINE_VALIDATE, DomainCheckpointCreateFlags.REDEFINE),
    ),
    since="5.6.0",
)
def checkpoint_create_xml(dom: Domain, xml_desc: str, flags: DomainCheckpointCreateFlags) -> DomainCheckpoint:
    """Make a checkpoint as XML describes it."""


@call(
    412,
    "virDomainCheckpointGetXMLDesc",
    acl=("domain:read", when("domain:read_secure", all_set=DomainCheckpointXMLFlags.SECURE)),
    since="5.6.0",
)
def get_xml_desc(checkpoint: DomainCheckpoint, flags: DomainCheckpointXMLFlags) -> str:
    """Describe the checkpoint as XML."""


@call(413, "virDomainListAllCheckpoints", acl="domain:read", high=True, since="5.6.0")
def list_all_checkpoints(
    dom: Domain, flags: DomainCheckpointListFlags
) -> Annotated[list[DomainCheckpoint], Listed(limits.DOMAIN_CHECKPOINT_LIST, count=Width.INT)]:
    """List the checkpoints of a domain that match the flags."""


@call(414, "virDomainCheckpointListAllChildren", acl="domain:read", high=True, since="5.6.0")
def list_all_children(
    checkpoint: DomainCheckpoint, flags: DomainCheckpointListFlags
) -> Annotated[list[DomainCheckpoint], Listed(limits.DOMAIN_CHECKPOINT_LIST, count=Width.INT)]:
    """List the checkpoints that were made after this one."""


@call(415, "virDomainCheckpointLookupByName", acl="domain:read", high=True, since="5.6.0")
def checkpoint_lookup_by_name(dom: Domain, name: str, flags: NoFlags) -> DomainCheckpoint:
    """Find a checkpoint by its name."""


@call(416, "virDomainCheckpointGetParent", acl="domain:read", high=True, since="5.6.0")
def get_parent(checkpoint: DomainCheckpoint, flags: NoFlags) -> DomainCheckpoint:
    """Get the checkpoint before this one."""


@call(
    417,
    "virDomainCheckpointDelete",
    acl="domain:checkpoint",
    job=Job.MODIFY,
    rules=(exclusive(DomainCheckpointDeleteFlags.CHILDREN, DomainCheckpointDeleteFlags.CHILDREN_ONLY),),
    since="5.6.0",
)
def delete(checkpoint: DomainCheckpoint, flags: DomainCheckpointDeleteFlags) -> None:
    """Delete a checkpoint, perhaps with those after it."""
