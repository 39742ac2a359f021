# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a client shows who it is."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.connect import auth
from covirt.api.connect.auth import AuthType, SaslStep
from covirt.api.request import Request
from covirt.daemon.connection import ClientConnection

calls = CallTable()
Req = Request[ClientConnection, None]


@calls.implements(auth.auth_list)
async def auth_list(req: Req) -> list[AuthType]:
    """The ways that this client may go."""
    client = req.driver
    offered = client.authentication.offered()
    _welcome(client)
    return offered


@calls.implements(auth.auth_polkit)
async def auth_polkit(req: Req) -> bool:
    """Ask polkit about the client's process."""
    await req.driver.authentication.ask_polkit()
    _welcome(req.driver)
    return True


@calls.implements(auth.auth_sasl_init)
async def auth_sasl_init(req: Req) -> str:
    """The mechanisms for this client."""
    return ",".join(req.driver.authentication.mechanisms(req.driver.identity))


@calls.implements(auth.auth_sasl_start)
async def auth_sasl_start(req: Req, mech: str, data: bytes | None) -> SaslStep:
    """Begin."""
    step = req.driver.authentication.start(mech, data, req.driver.identity)
    _welcome(req.driver)
    return step


@calls.implements(auth.auth_sasl_step)
async def auth_sasl_step(req: Req, data: bytes | None) -> SaslStep:
    """Go on."""
    step = req.driver.authentication.step(data)
    _welcome(req.driver)
    return step


def _welcome(client: ClientConnection) -> None:
    """A client that has shown who it is may send more, and may be more."""
    if client.authentication.complete:
        client.welcome()
