# SPDX-License-Identifier: LGPL-2.1-or-later
"""EXTERNAL (RFC 4422): the way itself, a certificate, has already shown who the client is."""

from __future__ import annotations

from covirt.rpc.sasl.mechanism import refused


class ExternalClient:
    """Says nothing more."""

    def __init__(self) -> None:
        """Nothing to know."""
        self.complete = False

    def step(self, challenge: bytes | None) -> bytes | None:
        """The empty message."""
        self.complete = True
        return b""


class ExternalServer:
    """Believes the certificate."""

    def __init__(self, name: str | None) -> None:
        """Know who the certificate says it is, if there is one."""
        self.complete = False
        self.user: str | None = None
        self._name = name

    def step(self, answer: bytes | None) -> bytes | None:
        """Nobody may claim to be somebody else."""
        if answer is None:
            return b""
        if self._name is None or answer not in (b"", self._name.encode()):
            raise refused()
        self.user = self._name
        self.complete = True
        return None
