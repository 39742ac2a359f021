# SPDX-License-Identifier: LGPL-2.1-or-later
"""Snapshots of pretended guests."""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING

from covirt.api.binding import CallTable
from covirt.api.domain import snapshot as api
from covirt.api.domain.events import (
    DomainEventStartedDetailType,
    DomainEventStoppedDetailType,
    DomainEventSuspendedDetailType,
    DomainEventType,
)
from covirt.api.domain.snapshot import (
    DomainSnapshotCreateFlags,
    DomainSnapshotDeleteFlags,
    DomainSnapshotListFlags,
    DomainSnapshotRevertFlags,
    DomainSnapshotXMLFlags,
)
from covirt.api.domain.states import DomainPausedReason, DomainRunningReason, DomainShutoffReason, DomainState
from covirt.api.enums import NoFlags
from covirt.api.handles import DomainSnapshot
from covirt.api.request import Request
from covirt.drivers.common.moment_lists import list_snapshots
from covirt.drivers.test.guest import PretendedGuest
from covirt.drivers.test.life import start, stop
from covirt.drivers.test.objects import MomentPlace
from covirt.drivers.test.reading import complete_kept
from covirt.errors import InvalidArg, OperationInvalid, OperationUnsupported, SnapshotRevertRisky
from covirt.model.domain.devices.disk_parts import SnapshotLocation
from covirt.model.domain.snapshot import OldSnapshot, SnapshotDefinition, SnapshotState, parse_snapshot
from covirt.xml import Context

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

    GuestReq = Request[TestDriver, PretendedGuest]
    Req = Request[TestDriver, MomentPlace]

calls = CallTable()

# Finding


def _handle(guest: PretendedGuest, snapshot: SnapshotDefinition) -> DomainSnapshot:
    return DomainSnapshot(snapshot.known_name, guest.handle)


@calls.implements(api.list_all_snapshots)
async def list_all_snapshots(req: GuestReq, flags: DomainSnapshotListFlags) -> list[DomainSnapshot]:
    """Those that match the flags."""
    return [_handle(req.guest, one) for one in list_snapshots(req.guest.snapshots, flags)]


@calls.implements(api.snapshot_num)
async def snapshot_num(req: GuestReq, flags: DomainSnapshotListFlags) -> int:
    """How many match the flags."""
    return len(list_snapshots(req.guest.snapshots, flags))


@calls.implements(api.snapshot_list_names)
async def snapshot_list_names(req: GuestReq, flags: DomainSnapshotListFlags) -> list[str]:
    """The names of those that match the flags."""
    return [one.known_name for one in list_snapshots(req.guest.snapshots, flags)]


def _children(req: Req, flags: DomainSnapshotListFlags) -> list[SnapshotDefinition]:
    return list_snapshots(req.found.guest.snapshots, flags, req.found.snapshot)


@calls.implements(api.list_all_children)
async def list_all_children(req: Req, flags: DomainSnapshotListFlags) -> list[DomainSnapshot]:
    """Those after this one that match the flags."""
    return [_handle(req.found.guest, one) for one in _children(req, flags)]


@calls.implements(api.num_children)
async def num_children(req: Req, flags: DomainSnapshotListFlags) -> int:
    """How many after this one match the flags."""
    return len(_children(req, flags))


@calls.implements(api.list_children_names)
async def list_children_names(req: Req, flags: DomainSnapshotListFlags) -> list[str]:
    """The names of those after this one that match the flags."""
    return [one.known_name for one in _children(req, flags)]


@calls.implements(api.snapshot_lookup_by_name)
async def snapshot_lookup_by_name(req: GuestReq, name: str, flags: NoFlags) -> DomainSnapshot:
    """The one of that name."""
    return _handle(req.guest, req.guest.snapshots.get(name))


@calls.implements(api.has_current_snapshot)
async def has_current_snapshot(req: GuestReq, flags: NoFlags) -> bool:
    """Whether the guest stands on one."""
    return req.guest.snapshots.current is not None


@calls.implements(api.snapshot_current)
async def snapshot_current(req: GuestReq, flags: NoFlags) -> DomainSnapshot:
    """The one that the guest stands on."""
    return _handle(req.guest, req.guest.snapshots.require_current())


@calls.implements(api.get_parent)
async def get_parent(req: Req, flags: NoFlags) -> DomainSnapshot:
    """The one before."""
    guest = req.found.guest
    return DomainSnapshot(guest.snapshots.parent_name(req.found.snapshot), guest.handle)


@calls.implements(api.is_current)
async def is_current(req: Req, flags: NoFlags) -> bool:
    """Whether the guest stands on it."""
    return req.found.guest.snapshots.current is req.found.snapshot


@calls.implements(api.has_metadata)
async def has_metadata(req: Req, flags: NoFlags) -> bool:
    """All that are known have."""
    return bool(req.found.snapshot)


@calls.implements(api.get_xml_desc)
async def get_xml_desc(req: Req, flags: DomainSnapshotXMLFlags) -> str:
    """The description."""
    snapshot = req.found.snapshot
    if isinstance(snapshot, OldSnapshot):
        snapshot.uuid = req.found.guest.uuid
    return snapshot.format(Context.SECURE if DomainSnapshotXMLFlags.SECURE in flags else Context.NONE)


# Making

_Create = DomainSnapshotCreateFlags
_KNOWN = (
    _Create.REDEFINE
    | _Create.CURRENT
    | _Create.HALT
    | _Create.QUIESCE
    | _Create.ATOMIC
    | _Create.LIVE
    | _Create.VALIDATE
)


@calls.implements(api.snapshot_create_xml, flags=_KNOWN)
async def snapshot_create_xml(req: GuestReq, xml_desc: str, flags: DomainSnapshotCreateFlags) -> DomainSnapshot:
    """Take one, or have one back that there was."""
    guest = req.guest
    if len(guest.checkpoints):
        raise OperationUnsupported("cannot create snapshot while checkpoint exists")
    if not guest.persistent and _Create.HALT in flags:
        raise OperationInvalid("cannot halt after transient domain snapshot")
    redefine = _Create.REDEFINE in flags
    snapshot = parse_snapshot(xml_desc, existing=redefine, validate=_Create.VALIDATE in flags)
    if redefine:
        _redefine(guest, snapshot)
    else:
        _take(guest, snapshot)
    if not redefine or _Create.CURRENT in flags:
        guest.snapshots.current = snapshot
    handle = _handle(guest, snapshot)
    if _Create.HALT in flags and guest.active:
        await stop(req.driver, guest, DomainShutoffReason.FROM_SNAPSHOT, DomainEventStoppedDetailType.FROM_SNAPSHOT)
    return handle


def _take(guest: PretendedGuest, snapshot: SnapshotDefinition) -> None:
    """The guest as it is now."""
    if any(disk.snapshot is SnapshotLocation.MANUAL for disk in snapshot.disks):
        raise OperationUnsupported("'manual' snapshot mode is not supported by the test driver")
    snapshot.created = int(time.time())
    snapshot.name = snapshot.name or str(snapshot.created)
    snapshot.domain = copy.deepcopy(guest.definition)
    snapshot.domain.id = None
    snapshot.state = SnapshotState(guest.state.name.lower())
    if snapshot.memory is SnapshotLocation.EXTERNAL:
        usual = SnapshotLocation.EXTERNAL
    else:
        usual = SnapshotLocation.INTERNAL
        off = snapshot.state is SnapshotState.SHUTOFF
        snapshot.memory = SnapshotLocation.NO if off else SnapshotLocation.INTERNAL
    snapshot.align_disks(snapshot.domain, usual)
    snapshot.parent = guest.snapshots.current.known_name if guest.snapshots.current else None
    guest.snapshots.add(snapshot)


def _redefine(guest: PretendedGuest, snapshot: SnapshotDefinition) -> None:
    """One that there was, or a change of one that there is."""
    name = snapshot.known_name
    if snapshot.domain is not None:
        complete_kept(snapshot.domain)
    guest.snapshots.check_parent(snapshot)
    before = guest.snapshots.find(name)
    if snapshot.domain is not None and snapshot.domain.uuid != guest.uuid:
        raise InvalidArg(f"definition for snapshot {name} must use uuid {guest.uuid}")
    if before is not None and before.state is not None and snapshot.state is not None:
        if before.state.online is not snapshot.state.online:
            raise InvalidArg(f"cannot change between online and offline snapshot state in snapshot {name}")
        if (before.state is SnapshotState.DISK) is not (snapshot.state is SnapshotState.DISK):
            raise InvalidArg(f"cannot change between disk only and full system in snapshot {name}")
    outside = snapshot.state is SnapshotState.DISK or snapshot.external
    definition = snapshot.domain or (before.domain if before else None)
    if definition is not None:
        snapshot.align_disks(definition, SnapshotLocation.EXTERNAL if outside else SnapshotLocation.INTERNAL)
    guest.snapshots.replace(snapshot)


# Going back


_Revert = DomainSnapshotRevertFlags


@calls.implements(api.revert_to_snapshot, flags=_Revert.RUNNING | _Revert.PAUSED | _Revert.FORCE)
async def revert_to_snapshot(req: Req, flags: DomainSnapshotRevertFlags) -> None:
    """Have the guest as it was then; what runs ends first, and what ran then runs again."""
    driver, guest, snapshot = req.driver, req.found.guest, req.found.snapshot
    online = snapshot.state is not None and snapshot.state.online
    asked = flags & (_Revert.RUNNING | _Revert.PAUSED)
    if not guest.persistent and not online and not asked:
        raise OperationInvalid("transient domain needs to request run or pause to revert to inactive snapshot")
    if snapshot.domain is None:
        raise SnapshotRevertRisky(f"snapshot '{snapshot.known_name}' lacks domain '{guest.name}' rollback info")
    guest.snapshots.current = None
    if guest.active:
        guest.end(DomainShutoffReason.FROM_SNAPSHOT)
        driver.publish_lifecycle(guest.handle, DomainEventType.STOPPED, DomainEventStoppedDetailType.FROM_SNAPSHOT)
    guest.definition = copy.deepcopy(snapshot.domain)
    if online or asked:
        start(driver, guest, DomainRunningReason.FROM_SNAPSHOT)
        driver.publish_lifecycle(guest.handle, DomainEventType.STARTED, DomainEventStartedDetailType.FROM_SNAPSHOT)
    if _Revert.PAUSED in flags or (snapshot.state is SnapshotState.PAUSED and _Revert.RUNNING not in flags):
        guest.set_state(DomainState.PAUSED, DomainPausedReason.FROM_SNAPSHOT)
        driver.publish_lifecycle(guest.handle, DomainEventType.SUSPENDED, DomainEventSuspendedDetailType.FROM_SNAPSHOT)
    guest.snapshots.current = snapshot


@calls.implements(api.delete, flags=DomainSnapshotDeleteFlags.CHILDREN | DomainSnapshotDeleteFlags.CHILDREN_ONLY)
async def delete(req: Req, flags: DomainSnapshotDeleteFlags) -> None:
    """Forget it, those after it, or both."""
    only = DomainSnapshotDeleteFlags.CHILDREN_ONLY in flags
    children = only or DomainSnapshotDeleteFlags.CHILDREN in flags
    req.found.guest.snapshots.delete(req.found.snapshot, children=children, itself=not only)
