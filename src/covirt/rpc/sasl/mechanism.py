# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the two sides of a mechanism have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from covirt.errors import AuthFailed


class SaslClient(Protocol):
    """The side that proves who it is."""

    complete: bool

    def step(self, challenge: bytes | None) -> bytes | None:
        """The answer to a challenge, or with None the first message; raises AuthFailed if the server is false."""


class SaslServer(Protocol):
    """The side that wants a proof; `user` is who it was when `complete`."""

    complete: bool
    user: str | None

    def step(self, answer: bytes | None) -> bytes | None:
        """The next challenge, or what ends the exchange; raises AuthFailed if the proof is none."""


CheckPassword = Callable[[str, str], bool]
"""Is this the password of that user?"""


def refused() -> AuthFailed:
    """What a failed proof raises; it does not say what was wrong with it."""
    return AuthFailed("authentication failed")
