# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a client shows a daemon who it is."""

from __future__ import annotations

from covirt.api.connect import auth
from covirt.api.connect.auth import AuthType
from covirt.api.handles import Connect
from covirt.client.conversation import Conversation
from covirt.client.credentials import Credentials
from covirt.client.transports.target import Target
from covirt.errors import AuthFailed, ErrorDomain, NoSupport
from covirt.rpc.sasl.external import ExternalClient
from covirt.rpc.sasl.mechanism import SaslClient
from covirt.rpc.sasl.plain import PlainClient
from covirt.rpc.sasl.scram import ScramClient

_CONNECT = Connect()
PREFERRED = ("SCRAM-SHA-256", "SCRAM-SHA-1", "EXTERNAL", "PLAIN")


async def authenticate(conversation: Conversation, target: Target, credentials: Credentials) -> None:
    """Do what the daemon asks for; one of several ways may be named by the URI."""
    try:
        offered = (await conversation.ask(auth.auth_list, _CONNECT, ())).result
    except NoSupport:
        return  # a daemon from before there was a list asks for nothing
    wanted, _, mechanism = (target.auth or "").partition(".")
    kinds = [kind for kind in offered if not wanted or getattr(kind, "name", "").lower() == wanted]
    if not kinds and offered:
        raise AuthFailed(f"requested authentication type {wanted} rejected", domain=ErrorDomain.REMOTE)
    match kinds[:1]:
        case [AuthType.SASL]:
            await _sasl(conversation, target, credentials, mechanism or None)
        case [AuthType.POLKIT]:
            await conversation.ask(auth.auth_polkit, _CONNECT, ())
        case [AuthType.NONE] | []:
            return
        case [other]:
            raise AuthFailed(f"unsupported authentication type {other}", domain=ErrorDomain.REMOTE)


async def _sasl(conversation: Conversation, target: Target, credentials: Credentials, mechanism: str | None) -> None:
    offered = (await conversation.ask(auth.auth_sasl_init, _CONNECT, ())).result.split(",")
    if mechanism and mechanism not in offered:
        raise AuthFailed(f"SASL mechanism {mechanism} not supported by server", domain=ErrorDomain.REMOTE)
    usable = [name for name in PREFERRED if name in offered and mechanism in (None, name)]
    if not usable:
        raise AuthFailed(f"no usable SASL mechanism among {', '.join(offered)}", domain=ErrorDomain.REMOTE)
    exchange = await _client(usable[0], target, credentials)
    try:
        step = (await conversation.ask(auth.auth_sasl_start, _CONNECT, (usable[0], exchange.step(None)))).result
        while not step.complete:
            answer = exchange.step(step.data)
            step = (await conversation.ask(auth.auth_sasl_step, _CONNECT, (answer,))).result
        if not exchange.complete:
            exchange.step(step.data)
    except AuthFailed as error:
        raise AuthFailed(str(error.detail or error), domain=ErrorDomain.RPC) from error
    if not exchange.complete:
        raise AuthFailed("the server stopped before it showed who it is", domain=ErrorDomain.RPC)


async def _client(mechanism: str, target: Target, credentials: Credentials) -> SaslClient:
    if mechanism == "EXTERNAL":
        return ExternalClient()
    user, password = await credentials.find("libvirt", target.host or "localhost", user=target.user)
    if mechanism == "PLAIN":
        return PlainClient(user, password)
    return ScramClient("sha256" if mechanism.endswith("256") else "sha1", user, password)
