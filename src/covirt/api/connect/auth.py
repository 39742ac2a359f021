# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a client shows who it is, before a connection is open."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from covirt.api import limits
from covirt.api.call import Calls
from covirt.api.enums import Number
from covirt.api.handles import Connect
from covirt.api.layout import Max, NilChars
from covirt.api.themes import CONNECTION

call = Calls(CONNECTION)


class ConnectCredentialType(Number, prefix="VIR_CRED_"):
    """What a person may be asked for."""

    USERNAME = 1
    AUTHNAME = 2
    LANGUAGE = 3
    CNONCE = 4
    PASSPHRASE = 5
    ECHOPROMPT = 6
    NOECHOPROMPT = 7
    REALM = 8
    EXTERNAL = 9


class SaslStep(NamedTuple):
    """How far the SASL exchange is, and the server's data."""

    complete: bool
    data: Annotated[bytes | None, NilChars(limits.AUTH_SASL_DATA)]


class AuthType(Number, prefix="REMOTE_AUTH_"):
    """The ways in which a client shows who it is."""

    NONE = 0
    SASL = 1
    POLKIT = 2


@call(66, high=True, needs_auth=False, daemon=True, since="0.3.0")
def auth_list(conn: Connect) -> Annotated[list[AuthType], Max(limits.AUTH_TYPE_LIST)]:
    """List the ways in which this client may show who it is."""


@call(67, high=True, needs_auth=False, daemon=True, since="0.3.0")
def auth_sasl_init(conn: Connect) -> str:
    """List the SASL mechanisms that the daemon offers, separated by commas."""


@call(68, high=True, needs_auth=False, daemon=True, since="0.3.0")
def auth_sasl_start(
    conn: Connect, mech: str, data: Annotated[bytes | None, NilChars(limits.AUTH_SASL_DATA)]
) -> SaslStep:
    """Begin with a SASL mechanism and its first data."""


@call(69, high=True, needs_auth=False, daemon=True, since="0.3.0")
def auth_sasl_step(conn: Connect, data: Annotated[bytes | None, NilChars(limits.AUTH_SASL_DATA)]) -> SaslStep:
    """Go on with the client's next SASL data."""


@call(70, high=True, needs_auth=False, daemon=True, since="0.4.1")
def auth_polkit(conn: Connect) -> bool:
    """Be identified by the process on the other end of the socket."""
