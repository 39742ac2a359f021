# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a client opens a driver and what the daemon itself can do for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from covirt.api.binding import CallTable
from covirt.api.connect import open as declared
from covirt.api.connect.open import ConnectFlags, ConnectIdentityParam, ConnectionClosed, DriverFeature
from covirt.api.enums import NoFlags
from covirt.api.params import TypedParams
from covirt.api.request import Request
from covirt.api.themes import Family
from covirt.daemon.client_state import HypervisorState
from covirt.daemon.connection import ClientConnection, Transport
from covirt.errors import AccessDenied, InternalError
from covirt.rpc.codec import event_codec_of
from covirt.wire.server import event

calls = CallTable()
Req = Request[ClientConnection, None]

_OURS = {
    DriverFeature.FD_PASSING,
    DriverFeature.PROGRAM_KEEPALIVE,
    DriverFeature.REMOTE_EVENT_CALLBACK,
    DriverFeature.REMOTE_CLOSE_CALLBACK,
}


def state_of(req: Request[Any, Any]) -> HypervisorState:
    """What the hypervisor server keeps for the client."""
    return cast(HypervisorState, req.driver.state)


@calls.implements(declared.open)
async def open(req: Req, name: str | None, flags: ConnectFlags) -> None:
    """Open a driver."""
    state = state_of(req)
    await state.open(name or "", read_only=bool(int(flags) & ConnectFlags.RO))
    try:
        await state.authorize(req.call, req.args, req.subject)
    except AccessDenied:
        await state.close()
        raise


@calls.implements(declared.close)
async def close(req: Req) -> None:
    """End the connection when the reply is sent."""
    req.driver.close_soon()


@calls.implements(declared.supports_feature)
async def supports_feature(req: Req, feature: DriverFeature) -> bool:
    """What the daemon can do, and for the rest what the driver can."""
    if feature is DriverFeature.PROGRAM_KEEPALIVE:
        req.driver.start_keepalive()
    if feature in _OURS:
        return True
    answer = await state_of(req).session.perform(declared.supports_feature, req.subject, (feature,))
    return bool(answer.result)


@calls.implements(declared.is_secure)
async def is_secure(req: Req) -> bool:
    """Can nobody on the way read what is said?"""
    return req.driver.origin.transport is not Transport.TCP


@calls.implements(declared.set_identity)
async def set_identity(req: Req, params: TypedParams, flags: NoFlags) -> None:
    """Calls are made for somebody else from now on; only the one who may do anything can say so."""
    client = req.driver
    await state_of(req).authorize(req.call, req.args, req.subject)
    wanted = dict(params)
    names = {
        "user_name": ConnectIdentityParam.USER_NAME,
        "user_id": ConnectIdentityParam.UNIX_USER_ID,
        "group_name": ConnectIdentityParam.GROUP_NAME,
        "group_id": ConnectIdentityParam.UNIX_GROUP_ID,
        "process_id": ConnectIdentityParam.PROCESS_ID,
        "process_time": ConnectIdentityParam.PROCESS_TIME,
        "sasl_user": ConnectIdentityParam.SASL_USER_NAME,
        "x509_name": ConnectIdentityParam.X509_DISTINGUISHED_NAME,
        "selinux_context": ConnectIdentityParam.SELINUX_CONTEXT,
    }
    values: dict[str, Any] = {field: wanted.get(str(name)) for field, name in names.items()}
    client.identity = replace(client.identity, **values)
    state_of(req).session.client = client.identity


@calls.implements(declared.register_close_callback)
async def register_close_callback(req: Req) -> None:
    """Be told when the driver loses its hypervisor."""
    state = state_of(req)
    if state.close_listening is not None:
        raise InternalError("A close callback is already registered")
    driver = state.session.drivers[Family.HYPERVISOR]
    declaration = ConnectionClosed.declared
    program, version = declaration.theme.program.value
    codec, client = event_codec_of(declaration), req.driver

    def tell(happened: ConnectionClosed) -> None:
        client.send(event(program, version, declaration.number, codec.encode, (0, happened)))

    state.close_listening = driver.bus.on(ConnectionClosed, tell)


@calls.implements(declared.unregister_close_callback)
async def unregister_close_callback(req: Req) -> None:
    """Be told no more."""
    state = state_of(req)
    if state.close_listening is None:
        raise InternalError("the callback was not registered")
    state.close_listening.close()
    state.close_listening = None
