# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a client shows who it is: not at all, by SASL, or by asking polkit about its process."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from covirt.api.connect.auth import AuthType, SaslStep
from covirt.api.request import ClientIdentity
from covirt.daemon.connection import Origin, Transport
from covirt.daemon.sasl_users import SaslUsers
from covirt.errors import AuthFailed, ErrorDomain
from covirt.rpc.sasl.external import ExternalServer
from covirt.rpc.sasl.mechanism import SaslServer
from covirt.rpc.sasl.plain import PlainServer
from covirt.rpc.sasl.scram import ScramServer
from covirt.runtime.log import get

log = get("daemon.auth")


class Polkit(Protocol):
    """Who knows whether a process may do something."""

    async def allows(self, action: str, identity: ClientIdentity, *, interactive: bool = True) -> bool:
        """May this process do this?"""


@dataclass(frozen=True, slots=True)
class SaslPolicy:
    """What SASL needs to know: users, who of them may connect, and how strong the way must be."""

    users: SaslUsers
    allowed: Sequence[str] | None = None
    min_ssf: int = 56

    def admits(self, user: str) -> bool:
        """May this user connect?"""
        return self.allowed is None or any(fnmatch.fnmatchcase(user, pattern) for pattern in self.allowed)


class Authentication:
    """One client's way from a stranger to somebody."""

    def __init__(
        self,
        method: AuthType,
        origin: Origin,
        identity: ClientIdentity,
        *,
        sasl: SaslPolicy | None = None,
        polkit: Polkit | None = None,
    ) -> None:
        """Begin as a stranger, unless nothing is asked."""
        self.method = method
        self.complete = method is AuthType.NONE
        self.identity = identity
        self._origin = origin
        self._sasl = sasl
        self._polkit = polkit
        self._exchange: SaslServer | None = None

    def offered(self) -> list[AuthType]:
        """The methods for this client; root needs no polkit."""
        if self.method is AuthType.POLKIT and self.identity.user_id == 0:
            self.complete = True
            return [AuthType.NONE]
        return [self.method]

    # Polkit

    async def ask_polkit(self) -> None:
        """Ask whether the client's process may use the socket that it came by."""
        self._expect(AuthType.POLKIT)
        action = "org.libvirt.unix.monitor" if self._origin.read_only else "org.libvirt.unix.manage"
        if self._polkit is None or not await self._polkit.allows(action, self.identity):
            log.warning("polkit refuses a client", client=self.identity, action=action)
            raise AuthFailed("authentication failed", domain=ErrorDomain.RPC)
        self.complete = True

    # SASL

    def mechanisms(self, identity: ClientIdentity) -> list[str]:
        """Those that are safe enough for this way; on plain TCP only what encrypts, unless that is not asked for."""
        self._expect(AuthType.SASL)
        assert self._sasl is not None
        if self._origin.transport is Transport.TCP and self._sasl.min_ssf > 0:
            return []
        found = ["SCRAM-SHA-256", "SCRAM-SHA-1"]
        if self._origin.transport is not Transport.TCP:
            found.append("PLAIN")
        if identity.x509_name:
            found.append("EXTERNAL")
        return found

    def start(self, mechanism: str, data: bytes | None, identity: ClientIdentity) -> SaslStep:
        """Begin an exchange."""
        if mechanism not in self.mechanisms(identity) or self._exchange is not None:
            raise AuthFailed("authentication failed", domain=ErrorDomain.RPC)
        assert self._sasl is not None
        users = self._sasl.users
        if mechanism == "PLAIN":
            self._exchange = PlainServer(users.check)
        elif mechanism == "EXTERNAL":
            self._exchange = ExternalServer(identity.x509_name)
        else:
            self._exchange = ScramServer("sha256" if mechanism.endswith("256") else "sha1", users.find)
        return self.step(data)

    def step(self, data: bytes | None) -> SaslStep:
        """Go on with the exchange; a failure ends it for good."""
        self._expect(AuthType.SASL)
        if self._exchange is None:
            raise AuthFailed("authentication failed", domain=ErrorDomain.RPC)
        try:
            answer = self._exchange.step(data)
        except AuthFailed:
            log.warning("a client could not show who it is", address=self._origin.address)
            raise AuthFailed("authentication failed", domain=ErrorDomain.RPC) from None
        if self._exchange.complete:
            self._succeed(self._exchange.user or "")
        return SaslStep(self._exchange.complete, answer)

    def _succeed(self, user: str) -> None:
        assert self._sasl is not None
        if not self._sasl.admits(user):
            log.warning("a SASL user is not on the list", user=user)
            raise AuthFailed("authentication failed", domain=ErrorDomain.RPC)
        self.identity = replace(self.identity, sasl_user=user)
        self.complete = True

    def _expect(self, method: AuthType) -> None:
        if self.method is not method or self.complete:
            log.warning("a client tried a way that is not offered", method=method.name)
            raise AuthFailed("authentication failed", domain=ErrorDomain.RPC)
