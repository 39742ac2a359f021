# SPDX-License-Identifier: LGPL-2.1-or-later
"""The users that SASL knows, in a file: one `USER:DIGEST:ITERATIONS:SALT:STOREDKEY:SERVERKEY` on each line.

The file has no passwords, only what proves them (RFC 5802). `python -m covirt.daemon.sasl_users FILE USER` asks for
a password and writes the user.
"""

from __future__ import annotations

import base64
import getpass
import hmac
import os
import sys
from pathlib import Path

from covirt.rpc.sasl.scram import ScramSecret

DIGESTS = ("sha256", "sha1")


class SaslUsers:
    """The users of a file, read again when it has changed."""

    def __init__(self, path: Path) -> None:
        """Read nothing yet; a missing file has no users."""
        self.path = path
        self._seen: tuple[int, int] | None = None
        self._secrets: dict[tuple[str, str], ScramSecret] = {}

    def find(self, user: str, digest: str) -> ScramSecret | None:
        """The secret of a user for a digest."""
        self._refresh()
        return self._secrets.get((user, digest))

    def check(self, user: str, password: str) -> bool:
        """Is this the user's password?"""
        secret = self.find(user, DIGESTS[0])
        if secret is None:
            return False
        again = ScramSecret.of(password, DIGESTS[0], secret.salt, secret.iterations)
        return hmac.compare_digest(again.stored_key, secret.stored_key)

    def put(self, user: str, password: str) -> None:
        """Write a user, in place of an older entry."""
        self._refresh()
        for digest in DIGESTS:
            self._secrets[user, digest] = ScramSecret.of(password, digest)
        lines = [_line(user, digest, secret) for (user, digest), secret in sorted(self._secrets.items())]
        fresh = self.path.with_name(self.path.name + ".new")
        with open(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write("".join(lines))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    def _refresh(self) -> None:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            self._secrets, self._seen = {}, None
            return
        seen = (status.st_mtime_ns, status.st_ino)
        if seen == self._seen:
            return
        self._secrets = {}
        for line in self.path.read_text().splitlines():
            user, digest, iterations, *keys = line.split(":")
            salt, stored, server = (base64.b64decode(key) for key in keys)
            self._secrets[user, digest] = ScramSecret(salt, int(iterations), stored, server)
        self._seen = seen


def _line(user: str, digest: str, secret: ScramSecret) -> str:
    keys = (base64.b64encode(key).decode() for key in (secret.salt, secret.stored_key, secret.server_key))
    return ":".join((user, digest, str(secret.iterations), *keys)) + "\n"


def main() -> None:
    """Write one user; the password comes from the terminal, or from standard input."""
    path, user = sys.argv[1:]
    if ":" in user:
        sys.exit("a user's name cannot have a colon")
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    SaslUsers(Path(path)).put(user, password)


if __name__ == "__main__":
    main()
