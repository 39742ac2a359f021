# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon's own interface, for virt-admin."""

from __future__ import annotations

from typing import Any, cast

from covirt.api import admin as declared
from covirt.api.admin import (
    AdmConnectDaemonShutdownFlags,
    AdminClient,
    AdminServer,
    ClientInfoParam,
    ClientTransport,
    LogFilters,
    LogOutputs,
    ServerClientsParam,
    ThreadPoolParam,
)
from covirt.api.binding import CallTable
from covirt.api.enums import NoFlags
from covirt.api.params import ParamName, TypedParams
from covirt.api.request import Request
from covirt.daemon.admin_state import AdminState
from covirt.daemon.connection import ClientConnection, Transport
from covirt.daemon.server import Server
from covirt.errors import ErrorDomain, InternalError, InvalidArg, NoSuchClient, NoSuchServer
from covirt.version import LIBVIRT_VERSION

calls = CallTable()
Req = Request[ClientConnection, None]


def _state(req: Request[Any, Any]) -> AdminState:
    """What the admin server keeps for the client; raises unless it has been opened."""
    state = cast(AdminState, req.driver.state)
    if not state.opened:
        raise InternalError("daemon object not initialized", domain=ErrorDomain.ADMIN)
    return state


def _server(req: Request[Any, Any], handle: AdminServer) -> Server:
    found = _state(req).control.servers.get(handle.name)
    if found is None:
        raise NoSuchServer(f"No server named '{handle.name}'")
    return found


def _client(req: Request[Any, Any], server: AdminServer, number: int) -> ClientConnection:
    found = _server(req, server).clients.get(number)
    if found is None:
        raise NoSuchClient(f"No client with matching ID '{number}'")
    return found


def _handle(server: AdminServer, client: ClientConnection) -> AdminClient:
    return AdminClient(server, client.id, client.since, ClientTransport(client.origin.transport.value))


# The daemon


@calls.implements(declared.open)
async def open(req: Req, flags: NoFlags) -> None:
    """Open the interface."""
    cast(AdminState, req.driver.state).opened = True


@calls.implements(declared.close)
async def close(req: Req) -> None:
    """End the connection when the reply is sent."""
    req.driver.close_soon()


@calls.implements(declared.get_lib_version)
async def get_lib_version(req: Req) -> int:
    """The version that clients are told."""
    return LIBVIRT_VERSION


@calls.implements(declared.daemon_shutdown)
async def daemon_shutdown(req: Req, flags: AdmConnectDaemonShutdownFlags) -> None:
    """End the daemon; guests run on in any case."""
    _state(req).control.shut_down()


@calls.implements(declared.set_daemon_timeout)
async def set_daemon_timeout(req: Req, timeout: int, flags: NoFlags) -> None:
    """Set the idle timeout."""
    _state(req).control.set_timeout(timeout)


# Logs


@calls.implements(declared.logging_outputs)
async def logging_outputs(req: Req, flags: NoFlags) -> LogOutputs:
    """Tell where the log goes."""
    text = _state(req).control.logs.outputs
    return LogOutputs(text, len(text.split()))


@calls.implements(declared.logging_filters)
async def logging_filters(req: Req, flags: NoFlags) -> LogFilters:
    """Tell what is logged."""
    text = _state(req).control.logs.filters
    return LogFilters(text or None, len(text.split()))


@calls.implements(declared.set_logging_outputs)
async def set_logging_outputs(req: Req, outputs: str | None, flags: NoFlags) -> None:
    """Say where the log goes."""
    _state(req).control.logs.change(outputs=outputs or "")


@calls.implements(declared.set_logging_filters)
async def set_logging_filters(req: Req, filters: str | None, flags: NoFlags) -> None:
    """Say what is logged."""
    _state(req).control.logs.change(filters=filters or "")


# Servers


@calls.implements(declared.list_servers)
async def list_servers(req: Req, flags: NoFlags) -> list[AdminServer]:
    """All servers."""
    return [AdminServer(name) for name in _state(req).control.servers]


@calls.implements(declared.lookup_server)
async def lookup_server(req: Req, name: str, flags: NoFlags) -> AdminServer:
    """One server."""
    handle = AdminServer(name)
    _server(req, handle)
    return handle


@calls.implements(declared.threadpool_parameters)
async def threadpool_parameters(req: Req, flags: NoFlags) -> TypedParams:
    """Limits and numbers; a call that is being answered counts as a worker."""
    server = _server(req, cast(AdminServer, req.subject))
    limits, busy = server.limits, server.active_calls
    return TypedParams.of(
        {
            ThreadPoolParam.WORKERS_MIN: limits.min_workers,
            ThreadPoolParam.WORKERS_MAX: limits.max_workers,
            ThreadPoolParam.WORKERS_CURRENT: max(limits.min_workers, busy),
            ThreadPoolParam.WORKERS_FREE: max(limits.min_workers - busy, 0),
            ThreadPoolParam.WORKERS_PRIORITY: limits.prio_workers,
            ThreadPoolParam.JOB_QUEUE_DEPTH: 0,
        }
    )


@calls.implements(declared.set_threadpool_parameters)
async def set_threadpool_parameters(req: Req, params: TypedParams, flags: NoFlags) -> None:
    """Change limits."""
    limits = _server(req, cast(AdminServer, req.subject)).limits
    names: dict[ParamName, str] = {
        ThreadPoolParam.WORKERS_MIN: "min_workers",
        ThreadPoolParam.WORKERS_MAX: "max_workers",
        ThreadPoolParam.WORKERS_PRIORITY: "prio_workers",
    }
    wanted = _chosen(params, names)
    low = wanted.get("min_workers", limits.min_workers)
    high = wanted.get("max_workers", limits.max_workers)
    if low > high:
        raise InvalidArg("minWorkers must not be larger than maxWorkers", domain=ErrorDomain.ADMIN)
    for field, value in wanted.items():
        setattr(limits, field, value)


@calls.implements(declared.client_limits)
async def client_limits(req: Req, flags: NoFlags) -> TypedParams:
    """Limits and numbers of clients."""
    server = _server(req, cast(AdminServer, req.subject))
    return TypedParams.of(
        {
            ServerClientsParam.MAX: server.limits.max_clients,
            ServerClientsParam.CURRENT: len(server.clients),
            ServerClientsParam.UNAUTH_MAX: server.limits.max_anonymous_clients,
            ServerClientsParam.UNAUTH_CURRENT: server.unauthenticated,
        }
    )


@calls.implements(declared.set_client_limits)
async def set_client_limits(req: Req, params: TypedParams, flags: NoFlags) -> None:
    """Change how many there may be."""
    server = _server(req, cast(AdminServer, req.subject))
    names: dict[ParamName, str] = {
        ServerClientsParam.MAX: "max_clients",
        ServerClientsParam.UNAUTH_MAX: "max_anonymous_clients",
    }
    wanted = _chosen(params, names)
    most = wanted.get("max_clients", server.limits.max_clients)
    if wanted.get("max_anonymous_clients", server.limits.max_anonymous_clients) > most:
        raise InvalidArg(
            "The overall maximum number of clients must be greater than the maximum number of clients waiting for"
            " authentication",
            domain=ErrorDomain.ADMIN,
        )
    for field, value in wanted.items():
        setattr(server.limits, field, value)
    server.check_limits()


def _chosen(params: TypedParams, names: dict[ParamName, str]) -> dict[str, int]:
    """The new values of limits by the names of their fields; what is no limit is refused."""
    fields = {str(name): field for name, field in names.items()}
    found: dict[str, int] = {}
    for name, value in params.items():
        if name not in fields:
            raise InvalidArg(f"parameter '{name}' not supported", domain=ErrorDomain.ADMIN)
        found[fields[name]] = int(value)
    return found


@calls.implements(declared.update_tls_files)
async def update_tls_files(req: Req, flags: NoFlags) -> None:
    """Read keys and certificates again."""
    _server(req, cast(AdminServer, req.subject))
    _state(req).control.reload_tls()


# Clients


@calls.implements(declared.list_clients)
async def list_clients(req: Req, flags: NoFlags) -> list[AdminClient]:
    """All clients of a server."""
    handle = cast(AdminServer, req.subject)
    return [_handle(handle, client) for client in _server(req, handle).clients.values()]


@calls.implements(declared.lookup_client)
async def lookup_client(req: Req, id: int, flags: NoFlags) -> AdminClient:
    """One client."""
    handle = cast(AdminServer, req.subject)
    return _handle(handle, _client(req, handle, id))


@calls.implements(declared.client_info)
async def client_info(req: Req, flags: NoFlags) -> TypedParams:
    """What is known of a client."""
    handle = cast(AdminClient, req.subject)
    client = _client(req, handle.server, handle.id)
    who = client.identity
    local = client.origin.transport is Transport.UNIX
    return TypedParams.of(
        {
            ClientInfoParam.READONLY: client.origin.read_only,
            ClientInfoParam.UNIX_USER_ID: who.user_id if local else None,
            ClientInfoParam.UNIX_USER_NAME: who.user_name if local else None,
            ClientInfoParam.UNIX_GROUP_ID: who.group_id if local else None,
            ClientInfoParam.UNIX_GROUP_NAME: who.group_name if local else None,
            ClientInfoParam.UNIX_PROCESS_ID: who.process_id if local else None,
            ClientInfoParam.SOCKET_ADDR: None if local else client.origin.address,
            ClientInfoParam.SASL_USER_NAME: who.sasl_user,
            ClientInfoParam.X509_DISTINGUISHED_NAME: who.x509_name,
            ClientInfoParam.SELINUX_CONTEXT: who.selinux_context,
        }
    )


@calls.implements(declared.close_client)
async def close_client(req: Req, flags: NoFlags) -> None:
    """End a client's connection."""
    handle = cast(AdminClient, req.subject)
    _client(req, handle.server, handle.id).close_soon()
