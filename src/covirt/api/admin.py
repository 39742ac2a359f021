# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon itself: its servers, clients and workers."""

from __future__ import annotations

from covirt.api.enums import Flags, Number
from covirt.api.params import ParamName, ParamType


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
