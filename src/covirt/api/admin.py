# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon itself: its servers, clients and workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.handles import Connect, Handle
from covirt.api.layout import Listed, Long, Max, UInt, ULong, Width
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import ADMIN

call = Calls(ADMIN)


class AdmConnectDaemonShutdownFlags(Flags, prefix="VIR_DAEMON_SHUTDOWN_"):
    """How the daemon shuts down."""

    PRESERVE = 1


class ClientTransport(Number, prefix="VIR_CLIENT_TRANS_"):
    """How a client is connected."""

    UNIX = 0
    TCP = 1
    TLS = 2


class ClientInfoParam(ParamName, prefix="VIR_CLIENT_INFO_"):
    """What is known of a client."""

    READONLY = "readonly", ParamType.BOOLEAN
    SASL_USER_NAME = "sasl_user_name", ParamType.STRING
    SELINUX_CONTEXT = "selinux_context", ParamType.STRING
    SOCKET_ADDR = "sock_addr", ParamType.STRING
    UNIX_GROUP_ID = "unix_group_id", ParamType.INT
    UNIX_GROUP_NAME = "unix_group_name", ParamType.STRING
    UNIX_PROCESS_ID = "unix_process_id", ParamType.INT
    UNIX_USER_ID = "unix_user_id", ParamType.INT
    UNIX_USER_NAME = "unix_user_name", ParamType.STRING
    X509_DISTINGUISHED_NAME = "tls_x509_dname", ParamType.STRING


class ServerClientsParam(ParamName, prefix="VIR_SERVER_CLIENTS_"):
    """Limits and numbers of clients."""

    CURRENT = "nclients", ParamType.UINT
    MAX = "nclients_max", ParamType.UINT
    UNAUTH_CURRENT = "nclients_unauth", ParamType.UINT
    UNAUTH_MAX = "nclients_unauth_max", ParamType.UINT


class ThreadPoolParam(ParamName, prefix="VIR_THREADPOOL_"):
    """Limits and numbers of workers."""

    JOB_QUEUE_DEPTH = "jobQueueDepth", ParamType.UINT
    WORKERS_CURRENT = "nWorkers", ParamType.UINT
    WORKERS_FREE = "freeWorkers", ParamType.UINT
    WORKERS_MAX = "maxWorkers", ParamType.UINT
    WORKERS_MIN = "minWorkers", ParamType.UINT
    WORKERS_PRIORITY = "prioWorkers", ParamType.UINT


@dataclass(frozen=True, slots=True)
class AdminServer(Handle):
    """A server of the daemon."""

    name: str

    def __str__(self) -> str:
        return f"server '{self.name}'"


@dataclass(frozen=True, slots=True)
class AdminClient(Handle):
    """A client of a server; `timestamp` is when it connected, in seconds."""

    server: AdminServer
    id: ULong
    timestamp: Long
    transport: Annotated[ClientTransport, Width.UINT]

    def __str__(self) -> str:
        return f"client {self.id} of {self.server}"


class LogOutputs(NamedTuple):
    """Where the log goes, and how many ways that are."""

    outputs: str
    number: UInt


class LogFilters(NamedTuple):
    """What is logged of which source, and how many rules that are."""

    filters: str | None
    number: UInt


@call(1, "virAdmConnectOpen", daemon=True, since="2.0.0")
def open(conn: Connect, flags: NoFlags) -> None:
    """Open the daemon's own interface."""


@call(2, "virAdmConnectClose", daemon=True, since="2.0.0")
def close(conn: Connect) -> None:
    """End the connection."""


@call(3, "virAdmConnectGetLibVersion", daemon=True, since="2.0.0")
def get_lib_version(conn: Connect) -> ULong:
    """Get the version of the daemon's library."""


@call(4, "virAdmConnectListServers", daemon=True, since="2.0.0")
def list_servers(
    conn: Connect, flags: NoFlags
) -> Annotated[list[AdminServer], Listed(limits.ADMIN_SERVER_LIST, need=Width.UINT)]:
    """List the daemon's servers."""


@call(5, "virAdmConnectLookupServer", daemon=True, since="2.0.0")
def lookup_server(conn: Connect, name: str, flags: NoFlags) -> AdminServer:
    """Find a server by its name."""


@call(6, "virAdmServerGetThreadPoolParameters", daemon=True, since="2.0.0")
def threadpool_parameters(
    server: AdminServer, flags: NoFlags
) -> Annotated[TypedParams, Max(limits.ADMIN_SERVER_PARAMETERS)]:
    """Get limits and numbers of a server's workers."""


@call(7, "virAdmServerSetThreadPoolParameters", daemon=True, since="2.0.0")
def set_threadpool_parameters(
    server: AdminServer, params: Annotated[TypedParams, Max(limits.ADMIN_SERVER_PARAMETERS)], flags: NoFlags
) -> None:
    """Change limits of a server's workers."""


@call(8, "virAdmServerListClients", daemon=True, since="2.0.0")
def list_clients(
    server: AdminServer, flags: NoFlags
) -> Annotated[list[AdminClient], Listed(limits.ADMIN_CLIENT_LIST, need=Width.UINT)]:
    """List the clients of a server."""


@call(9, "virAdmServerLookupClient", daemon=True, since="2.0.0")
def lookup_client(server: AdminServer, id: ULong, flags: NoFlags) -> AdminClient:
    """Find a client by its number."""


@call(10, "virAdmClientGetInfo", daemon=True, since="2.0.0")
def client_info(client: AdminClient, flags: NoFlags) -> Annotated[TypedParams, Max(limits.ADMIN_CLIENT_INFO)]:
    """Tell what is known of a client."""


@call(11, "virAdmClientClose", daemon=True, since="2.0.0")
def close_client(client: AdminClient, flags: NoFlags) -> None:
    """End a client's connection."""


@call(12, "virAdmServerGetClientLimits", daemon=True, since="2.0.0")
def client_limits(
    server: AdminServer, flags: NoFlags
) -> Annotated[TypedParams, Max(limits.ADMIN_SERVER_CLIENT_LIMITS)]:
    """Get limits and numbers of a server's clients."""


@call(13, "virAdmServerSetClientLimits", daemon=True, since="2.0.0")
def set_client_limits(
    server: AdminServer, params: Annotated[TypedParams, Max(limits.ADMIN_SERVER_CLIENT_LIMITS)], flags: NoFlags
) -> None:
    """Change how many clients a server may have."""


@call(14, "virAdmConnectGetLoggingOutputs", daemon=True, since="3.0.0")
def logging_outputs(conn: Connect, flags: NoFlags) -> LogOutputs:
    """Tell where the log goes."""


@call(15, "virAdmConnectGetLoggingFilters", daemon=True, since="3.0.0")
def logging_filters(conn: Connect, flags: NoFlags) -> LogFilters:
    """Tell what is logged."""


@call(16, "virAdmConnectSetLoggingOutputs", daemon=True, since="3.0.0")
def set_logging_outputs(conn: Connect, outputs: str | None, flags: NoFlags) -> None:
    """Say where the log goes; nothing means the usual place."""


@call(17, "virAdmConnectSetLoggingFilters", daemon=True, since="3.0.0")
def set_logging_filters(conn: Connect, filters: str | None, flags: NoFlags) -> None:
    """Say what is logged; nothing means no rules."""


@call(18, "virAdmServerUpdateTlsFiles", daemon=True, since="2.0.0")
def update_tls_files(server: AdminServer, flags: NoFlags) -> None:
    """Read keys and certificates again."""


@call(19, "virAdmConnectSetDaemonTimeout", daemon=True, since="8.6.0")
def set_daemon_timeout(conn: Connect, timeout: UInt, flags: NoFlags) -> None:
    """Say after how many idle seconds the daemon ends; 0 means never."""


@call(20, "virAdmConnectDaemonShutdown", daemon=True, since="11.2.0")
def daemon_shutdown(conn: Connect, flags: AdmConnectDaemonShutdownFlags) -> None:
    """End the daemon."""
