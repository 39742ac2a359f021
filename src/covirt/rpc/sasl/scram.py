# SPDX-License-Identifier: LGPL-2.1-or-later
"""SCRAM (RFC 5802, RFC 7677): a proof that shows the password to nobody, from either side, without channel binding."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass

from covirt.rpc.sasl.mechanism import refused

_ITERATIONS_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class ScramSecret:
    """What a server keeps of a password."""

    salt: bytes
    iterations: int
    stored_key: bytes
    server_key: bytes

    @classmethod
    def of(cls, password: str, digest: str, salt: bytes | None = None, iterations: int = 4096) -> ScramSecret:
        """Derive it from a password."""
        salt = os.urandom(16) if salt is None else salt
        client_key, server_key = _keys(password, digest, salt, iterations)
        return cls(salt, iterations, hashlib.new(digest, client_key).digest(), server_key)


FindSecret = Callable[[str, str], ScramSecret | None]
"""The secret of a user for a digest; None if there is no such user."""


class ScramClient:
    """Proves that it knows a password, and checks that the server does too."""

    def __init__(self, digest: str, user: str, password: str, nonce: str | None = None) -> None:
        """Know who to be."""
        self.complete = False
        self._digest, self._password = digest, password
        self._nonce = nonce or _new_nonce()
        self._first = f"n={user.replace('=', '=3D').replace(',', '=2C')},r={self._nonce}"
        self._expected: bytes | None = None

    def step(self, challenge: bytes | None) -> bytes | None:
        """First message, proof, and the check of the server's signature."""
        if challenge is None or (not challenge and self._expected is None):
            return f"n,,{self._first}".encode()
        if self._expected is None:
            return self._prove(challenge)
        fields = _fields(challenge)
        if not hmac.compare_digest(_unbase64(fields.get("v", "")), self._expected):
            raise refused()
        self.complete = True
        return None

    def _prove(self, challenge: bytes) -> bytes:
        fields = _fields(challenge)
        try:
            nonce, salt, iterations = fields["r"], _unbase64(fields["s"]), int(fields["i"])
        except (KeyError, ValueError):
            raise refused() from None
        if not nonce.startswith(self._nonce) or not 0 < iterations <= _ITERATIONS_MAX:
            raise refused()
        client_key, server_key = _keys(self._password, self._digest, salt, iterations)
        bare = f"c=biws,r={nonce}"
        signed = f"{self._first},{challenge.decode()},{bare}".encode()
        signature = hmac.digest(hashlib.new(self._digest, client_key).digest(), signed, self._digest)
        self._expected = hmac.digest(server_key, signed, self._digest)
        return f"{bare},p={base64.b64encode(_xor(client_key, signature)).decode()}".encode()


class ScramServer:
    """Wants a proof, and signs to show that it knows the secret."""

    def __init__(self, digest: str, find: FindSecret, nonce: str | None = None) -> None:
        """Know where secrets are."""
        self.complete = False
        self.user: str | None = None
        self._digest, self._find = digest, find
        self._nonce = nonce or _new_nonce()
        self._first = self._challenge = ""
        self._header = ""
        self._claimed: str | None = None
        self._secret: ScramSecret | None = None
        self._done = False

    def step(self, answer: bytes | None) -> bytes | None:
        """Challenge, and the check of the proof."""
        if self._done:
            self.complete = True
            return None
        if answer is None:
            return b""
        return self._open(answer) if not self._challenge else self._check(answer)

    def _open(self, answer: bytes) -> bytes:
        """Take the user's name and give salt and nonce; a stranger gets some too, and fails later."""
        try:
            binding, authorize, bare = answer.decode().split(",", 2)
            fields = _fields(bare.encode())
            user, nonce = fields["n"].replace("=2C", ",").replace("=3D", "="), fields["r"]
        except (ValueError, KeyError):
            raise refused() from None
        if binding not in ("n", "y") or "m" in fields:
            raise refused()
        self._header, self._first, self._claimed = f"{binding},{authorize},", bare, user
        self._nonce = nonce + self._nonce
        self._secret = self._find(user, self._digest)
        shown = self._secret or ScramSecret(_decoy(user), 4096, b"", b"")
        self._challenge = f"r={self._nonce},s={base64.b64encode(shown.salt).decode()},i={shown.iterations}"
        return self._challenge.encode()

    def _check(self, answer: bytes) -> bytes:
        fields = _fields(answer)
        bare, _, proof = answer.decode().rpartition(",p=")
        if self._secret is None or fields.get("r") != self._nonce:
            raise refused()
        if _unbase64(fields.get("c", "")) != self._header.encode():
            raise refused()
        signed = f"{self._first},{self._challenge},{bare}".encode()
        signature = hmac.digest(self._secret.stored_key, signed, self._digest)
        given = _unbase64(proof)
        if len(given) != len(signature):
            raise refused()
        key = hashlib.new(self._digest, _xor(given, signature)).digest()
        if not hmac.compare_digest(key, self._secret.stored_key):
            raise refused()
        self.user = self._claimed
        self._done = True
        return f"v={base64.b64encode(hmac.digest(self._secret.server_key, signed, self._digest)).decode()}".encode()


_DECOY_KEY = os.urandom(32)


def _decoy(user: str) -> bytes:
    """The salt of somebody who does not exist; always the same, as a real one would be."""
    return hmac.digest(_DECOY_KEY, user.encode(), "sha256")[:16]


def _new_nonce() -> str:
    return base64.b64encode(os.urandom(18)).decode()


def _keys(password: str, digest: str, salt: bytes, iterations: int) -> tuple[bytes, bytes]:
    salted = hashlib.pbkdf2_hmac(digest, password.encode(), salt, iterations)
    return hmac.digest(salted, b"Client Key", digest), hmac.digest(salted, b"Server Key", digest)


def _fields(message: bytes) -> dict[str, str]:
    try:
        pairs = [part.partition("=") for part in message.decode().split(",")]
    except UnicodeDecodeError:
        raise refused() from None
    return {name: value for name, _, value in pairs}


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise refused() from None


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
