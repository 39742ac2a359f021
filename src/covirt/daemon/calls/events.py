# SPDX-License-Identifier: LGPL-2.1-or-later
"""Subscriptions of clients: by number for those of today, one of each kind for old ones."""

from __future__ import annotations

from covirt.api import qemu
from covirt.api.binding import CallTable
from covirt.api.connect import events as declared
from covirt.api.handles import Domain, Handle, Network, NodeDevice, Secret, StoragePool
from covirt.api.qemu import ConnectDomainQemuMonitorEventRegisterFlags
from covirt.api.request import Request
from covirt.api.themes import Family
from covirt.daemon.calls.opening import state_of
from covirt.daemon.connection import ClientConnection
from covirt.errors import ErrorDomain, InternalError

calls = CallTable()
Req = Request[ClientConnection, None]

_LIFECYCLE = 0


async def _add(req: Req, family: Family, event_id: int, subject: Handle | None) -> int:
    state = state_of(req)
    await state.authorize(req.call, req.args, req.subject)
    return state.subscriptions.add(family, event_id, subject)


def _remove(req: Req, family: Family, number: int) -> None:
    state = state_of(req)
    state.session  # noqa: B018 - raises when nothing is open
    state.subscriptions.remove(family, number)


# Domains


@calls.implements(declared.domain_event_callback_register_any)
async def domain_event_callback_register_any(req: Req, event_id: int, dom: Domain | None) -> int:
    """Subscribe."""
    return await _add(req, Family.HYPERVISOR, event_id, dom)


@calls.implements(declared.domain_event_callback_deregister_any)
async def domain_event_callback_deregister_any(req: Req, callback_id: int) -> None:
    """Take back."""
    _remove(req, Family.HYPERVISOR, callback_id)


@calls.implements(declared.domain_event_register_any)
async def domain_event_register_any(req: Req, event_id: int) -> None:
    """Subscribe as an old client."""
    _add_legacy(req, event_id)


@calls.implements(declared.domain_event_deregister_any)
async def domain_event_deregister_any(req: Req, event_id: int) -> None:
    """Take back as an old client."""
    state_of(req).subscriptions.remove_legacy(event_id)


@calls.implements(declared.domain_event_register)
async def domain_event_register(req: Req) -> bool:
    """Subscribe as the oldest clients do."""
    _add_legacy(req, _LIFECYCLE)
    return True


@calls.implements(declared.domain_event_deregister)
async def domain_event_deregister(req: Req) -> bool:
    """Take back as the oldest clients do."""
    state_of(req).subscriptions.remove_legacy(_LIFECYCLE)
    return False


def _add_legacy(req: Req, event_id: int) -> None:
    subscriptions = state_of(req).subscriptions
    if subscriptions.legacy_number(event_id) is not None:
        raise InternalError(f"domain event {event_id} already registered", domain=ErrorDomain.RPC)
    subscriptions.add(Family.HYPERVISOR, event_id, None, legacy=True)


# The other kinds of objects


@calls.implements(declared.network_event_register_any)
async def network_event_register_any(req: Req, event_id: int, net: Network | None) -> int:
    """Subscribe."""
    return await _add(req, Family.NETWORK, event_id, net)


@calls.implements(declared.network_event_deregister_any)
async def network_event_deregister_any(req: Req, callback_id: int) -> None:
    """Take back."""
    _remove(req, Family.NETWORK, callback_id)


@calls.implements(declared.storage_pool_event_register_any)
async def storage_pool_event_register_any(req: Req, event_id: int, pool: StoragePool | None) -> int:
    """Subscribe."""
    return await _add(req, Family.STORAGE, event_id, pool)


@calls.implements(declared.storage_pool_event_deregister_any)
async def storage_pool_event_deregister_any(req: Req, callback_id: int) -> None:
    """Take back."""
    _remove(req, Family.STORAGE, callback_id)


@calls.implements(declared.node_device_event_register_any)
async def node_device_event_register_any(req: Req, event_id: int, dev: NodeDevice | None) -> int:
    """Subscribe."""
    return await _add(req, Family.NODEDEV, event_id, dev)


@calls.implements(declared.node_device_event_deregister_any)
async def node_device_event_deregister_any(req: Req, callback_id: int) -> None:
    """Take back."""
    _remove(req, Family.NODEDEV, callback_id)


@calls.implements(declared.secret_event_register_any)
async def secret_event_register_any(req: Req, event_id: int, secret: Secret | None) -> int:
    """Subscribe."""
    return await _add(req, Family.SECRET, event_id, secret)


@calls.implements(declared.secret_event_deregister_any)
async def secret_event_deregister_any(req: Req, callback_id: int) -> None:
    """Take back."""
    _remove(req, Family.SECRET, callback_id)


# QEMU's own


@calls.implements(qemu.qemu_monitor_event_register)
async def qemu_monitor_event_register(
    req: Req, dom: Domain | None, event: str | None, flags: ConnectDomainQemuMonitorEventRegisterFlags
) -> int:
    """Subscribe to what the monitor says, all of it or events of one name."""
    state = state_of(req)
    await state.authorize(req.call, req.args, req.subject)
    return state.subscriptions.add_monitor(dom, event, flags)


@calls.implements(qemu.qemu_monitor_event_deregister)
async def qemu_monitor_event_deregister(req: Req, callback_id: int) -> None:
    """Take back."""
    state_of(req).subscriptions.remove_monitor(callback_id)
