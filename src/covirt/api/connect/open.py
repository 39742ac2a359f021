# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a connection begins and ends, and what it is connected to."""

from __future__ import annotations

from typing import Annotated

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Flags, NoFlags, Number
from covirt.api.event import Event, event
from covirt.api.handles import Connect
from covirt.api.layout import Max, ULong
from covirt.api.params import ParamName, ParamType, TypedParams
from covirt.api.themes import CONNECTION, HOST

call = Calls(HOST)
connection_call = Calls(CONNECTION)


class ConnectCloseReason(Number, prefix="VIR_CONNECT_CLOSE_REASON_"):
    """Why a connection ended."""

    ERROR = 0
    EOF = 1
    KEEPALIVE = 2
    CLIENT = 3


class ConnectFlags(Flags, prefix="VIR_CONNECT_"):
    """How to connect."""

    RO = 1
    NO_ALIASES = 1 << 1


class ConnectIdentityParam(ParamName, prefix="VIR_CONNECT_IDENTITY_"):
    """Who a call is made for."""

    GROUP_NAME = "group-name", ParamType.STRING
    PROCESS_ID = "process-id", ParamType.LLONG
    PROCESS_TIME = "process-time", ParamType.ULLONG
    SASL_USER_NAME = "sasl-user-name", ParamType.STRING
    SELINUX_CONTEXT = "selinux-context", ParamType.STRING
    UNIX_GROUP_ID = "unix-group-id", ParamType.ULLONG
    UNIX_USER_ID = "unix-user-id", ParamType.ULLONG
    USER_NAME = "user-name", ParamType.STRING
    X509_DISTINGUISHED_NAME = "x509-distinguished-name", ParamType.STRING


class DriverFeature(Number, prefix="VIR_DRV_FEATURE_"):
    """What one side of a connection may ask the other whether it can."""

    MIGRATION_V1 = 1
    REMOTE = 2
    MIGRATION_V2 = 3
    MIGRATION_P2P = 4
    MIGRATION_DIRECT = 5
    MIGRATION_V3 = 6
    MIGRATE_CHANGE_PROTECTION = 7
    FD_PASSING = 8
    TYPED_PARAM_STRING = 9
    PROGRAM_KEEPALIVE = 10
    XML_MIGRATABLE = 11
    MIGRATION_OFFLINE = 12
    MIGRATION_PARAMS = 13
    REMOTE_EVENT_CALLBACK = 14
    REMOTE_CLOSE_CALLBACK = 15
    NETWORK_UPDATE_HAS_CORRECT_ORDER = 16


@connection_call(1, "virConnectOpen", acl="connect:getattr", high=True, daemon=True, since="0.0.3")
def open(conn: Connect, name: str | None, flags: ConnectFlags) -> None:
    """Open a hypervisor by its URI; none lets the daemon choose."""


@connection_call(2, "virConnectClose", high=True, daemon=True, since="0.0.3")
def close(conn: Connect) -> None:
    """End the connection."""


@call(3, "virConnectGetType", acl="connect:getattr", high=True, since="0.0.3")
def get_type(conn: Connect) -> str:
    """Get the name of the hypervisor driver, such as QEMU."""


@call(4, "virConnectGetVersion", acl="connect:getattr", high=True, since="0.0.3")
def get_version(conn: Connect) -> ULong:
    """Get the version of the hypervisor as major * 1,000,000 + minor * 1,000 + release."""


@connection_call(157, "virConnectGetLibVersion", acl="connect:getattr", high=True, since="0.7.3")
def get_lib_version(conn: Connect) -> ULong:
    """Get the version of the library on the other side, in the same form."""


@call(59, "virConnectGetHostname", acl="connect:getattr", high=True, since="0.3.0")
def get_hostname(conn: Connect) -> str:
    """Get the name of the host."""


@call(110, "virConnectGetURI", acl="connect:getattr", high=True, since="0.3.0")
def get_uri(conn: Connect) -> str:
    """Get the URI that the connection really uses."""


@connection_call(149, "virConnectIsSecure", high=True, daemon=True, since="0.7.3")
def is_secure(conn: Connect) -> bool:
    """Tell whether nobody on the way can read what is said."""


@connection_call(60, "virConnectSupportsFeature", acl="connect:getattr", high=True, internal=True, since="0.3.0")
def supports_feature(conn: Connect, feature: DriverFeature) -> bool:
    """Tell whether the driver has one of the numbered features."""


@call(419, "virConnectSetIdentity", acl="connect:write", daemon=True, read_only=True, since="5.8.0")
def set_identity(
    conn: Connect, params: Annotated[TypedParams, Max(limits.CONNECT_IDENTITY_PARAMS)], flags: NoFlags
) -> None:
    """Tell on whose behalf the calls of this connection are made."""


@connection_call(360, "virConnectRegisterCloseCallback", acl="connect:getattr", high=True, daemon=True, since="0.10.0")
def register_close_callback(conn: Connect) -> None:
    """Ask to be told when the driver loses its hypervisor."""


@connection_call(
    361, "virConnectUnregisterCloseCallback", acl="connect:getattr", high=True, daemon=True, since="0.10.0"
)
def unregister_close_callback(conn: Connect) -> None:
    """Ask no more to be told of it."""


@event(362, id=None, theme=CONNECTION, callback=False)
class ConnectionClosed(Event):
    """The driver lost its hypervisor."""

    reason: ConnectCloseReason
