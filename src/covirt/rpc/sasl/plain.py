# SPDX-License-Identifier: LGPL-2.1-or-later
"""PLAIN (RFC 4616): name and password as they are, so only for ways that nobody can read."""

from __future__ import annotations

from covirt.rpc.sasl.mechanism import CheckPassword, refused


class PlainClient:
    """Sends name and password."""

    def __init__(self, user: str, password: str, authorize: str = "") -> None:
        """Know who to be."""
        self.complete = False
        self._message = "\0".join((authorize, user, password)).encode()

    def step(self, challenge: bytes | None) -> bytes | None:
        """The only message."""
        self.complete = True
        return self._message


class PlainServer:
    """Takes name and password."""

    def __init__(self, check: CheckPassword) -> None:
        """Know how to check a password."""
        self.complete = False
        self.user: str | None = None
        self._check = check

    def step(self, answer: bytes | None) -> bytes | None:
        """Check the only message; the client may wait for an empty challenge first."""
        if answer is None:
            return b""
        try:
            _, user, password = answer.decode().split("\0")
        except ValueError:
            raise refused() from None
        if not user or not self._check(user, password):
            raise refused()
        self.user = user
        self.complete = True
        return None
