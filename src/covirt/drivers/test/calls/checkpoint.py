# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checkpoints of pretended guests."""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import checkpoint as api
from covirt.api.domain.checkpoint import (
    DomainCheckpointCreateFlags,
    DomainCheckpointDeleteFlags,
    DomainCheckpointListFlags,
    DomainCheckpointXMLFlags,
)
from covirt.api.enums import NoFlags
from covirt.api.handles import DomainCheckpoint
from covirt.api.request import Request
from covirt.drivers.common.moment_lists import list_checkpoints
from covirt.drivers.test.guest import PretendedGuest
from covirt.drivers.test.objects import MomentPlace
from covirt.drivers.test.reading import complete_kept
from covirt.errors import InvalidArg, OperationUnsupported
from covirt.model.domain.checkpoint import CheckpointDefinition, CheckpointKind, parse_checkpoint
from covirt.xml import Context

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    GuestReq = Request[TestDriver, PretendedGuest]
    Req = Request[TestDriver, MomentPlace]

calls = CallTable()

WRITTEN = 1024
"""The bytes that every disk has had written since any checkpoint."""


def _handle(guest: PretendedGuest, checkpoint: CheckpointDefinition) -> DomainCheckpoint:
    return DomainCheckpoint(checkpoint.known_name, guest.handle)


# Finding


@calls.implements(api.list_all_checkpoints)
async def list_all_checkpoints(req: GuestReq, flags: DomainCheckpointListFlags) -> list[DomainCheckpoint]:
    """Those that match the flags."""
    return [_handle(req.guest, one) for one in list_checkpoints(req.guest.checkpoints, flags)]


@calls.implements(api.list_all_children)
async def list_all_children(req: Req, flags: DomainCheckpointListFlags) -> list[DomainCheckpoint]:
    """Those after this one that match the flags."""
    guest = req.found.guest
    return [_handle(guest, one) for one in list_checkpoints(guest.checkpoints, flags, req.found.checkpoint)]


@calls.implements(api.checkpoint_lookup_by_name)
async def checkpoint_lookup_by_name(req: GuestReq, name: str, flags: NoFlags) -> DomainCheckpoint:
    """The one of that name."""
    return _handle(req.guest, req.guest.checkpoints.get(name))


@calls.implements(api.get_parent)
async def get_parent(req: Req, flags: NoFlags) -> DomainCheckpoint:
    """The one before."""
    guest = req.found.guest
    return DomainCheckpoint(guest.checkpoints.parent_name(req.found.checkpoint), guest.handle)


@calls.implements(api.get_xml_desc)
async def get_xml_desc(req: Req, flags: DomainCheckpointXMLFlags) -> str:
    """The description, perhaps with how much was written since."""
    checkpoint = req.found.checkpoint
    if DomainCheckpointXMLFlags.SIZE in flags:
        req.found.guest.require_active()
        checkpoint = copy.deepcopy(checkpoint)
        for disk in checkpoint.disks:
            disk.size = WRITTEN if disk.checkpoint is CheckpointKind.BITMAP else None
    context = Context.SECURE if DomainCheckpointXMLFlags.SECURE in flags else Context.NONE
    return checkpoint.format(context, with_domain=DomainCheckpointXMLFlags.NO_DOMAIN not in flags)


# Coming and going


@calls.implements(
    api.checkpoint_create_xml, flags=DomainCheckpointCreateFlags.REDEFINE | DomainCheckpointCreateFlags.QUIESCE
)
async def checkpoint_create_xml(req: GuestReq, xml_desc: str, flags: DomainCheckpointCreateFlags) -> DomainCheckpoint:
    """Make one, or have one back that there was."""
    guest = req.guest
    if len(guest.snapshots):
        raise OperationUnsupported("cannot create checkpoint while snapshot exists")
    if not guest.active:
        raise OperationUnsupported("cannot create checkpoint for inactive domain")
    redefine = DomainCheckpointCreateFlags.REDEFINE in flags
    checkpoint = parse_checkpoint(xml_desc, existing=redefine)
    if redefine:
        _redefine(guest, checkpoint)
    else:
        _make(guest, checkpoint)
    return _handle(guest, checkpoint)


def _make(guest: PretendedGuest, checkpoint: CheckpointDefinition) -> None:
    checkpoint.created = int(time.time())
    checkpoint.name = checkpoint.name or str(checkpoint.created)
    checkpoint.domain = copy.deepcopy(guest.definition)
    checkpoint.domain.id = None
    checkpoint.align_disks(checkpoint.domain)
    checkpoint.parent = guest.checkpoints.current.known_name if guest.checkpoints.current else None
    guest.checkpoints.current = guest.checkpoints.add(checkpoint)


def _redefine(guest: PretendedGuest, checkpoint: CheckpointDefinition) -> None:
    checkpoints = guest.checkpoints
    checkpoints.check_parent(checkpoint)
    if checkpoint.domain is None:
        checkpoint.name_bitmaps()
    else:
        complete_kept(checkpoint.domain)
        if checkpoint.domain.uuid != guest.uuid:
            raise InvalidArg(f"definition for checkpoint {checkpoint.name} must use uuid {guest.uuid}")
        checkpoint.align_disks(checkpoint.domain)
    current = checkpoints.current
    checkpoints.replace(checkpoint)
    if current is None or checkpoint.parent == current.known_name:
        checkpoints.current = checkpoint


_Delete = DomainCheckpointDeleteFlags


@calls.implements(api.delete)
async def delete(req: Req, flags: DomainCheckpointDeleteFlags) -> None:
    """Forget it, those after it, or both."""
    only = _Delete.CHILDREN_ONLY in flags
    children = only or _Delete.CHILDREN in flags
    req.found.guest.checkpoints.delete(req.found.checkpoint, children=children, itself=not only)
