# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names and passwords: asked of the caller, or found in libvirt's auth file."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from covirt.api.connect.auth import ConnectCredentialType
from covirt.errors import AuthFailed, ErrorDomain


@dataclass(slots=True)
class Wanted:
    """One thing that somebody wants to know; `result` is filled in by the one who answers."""

    type: ConnectCredentialType
    prompt: str
    challenge: str = ""
    default: str | None = None
    result: str | None = None


Ask = Callable[[list[Wanted]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Where names and passwords come from: what is given, then the auth file, then a question."""

    user: str | None = None
    password: str | None = None
    ask: Ask | None = None
    file: Path | None = None
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def from_file(self, service: str, host: str, name: str) -> str | None:
        """What the auth file says about a host, or about all hosts."""
        path = self.file or _default_file(self.env)
        if path is None:
            return None
        groups = _groups(path.read_text())
        for section in (f"auth-{service}-{host}", f"auth-{service}-default"):
            found = groups.get(section, {}).get("credentials")
            if found is not None:
                return groups.get(f"credentials-{found}", {}).get(name)
        return None

    async def find(self, service: str, host: str, *, user: str | None = None) -> tuple[str, str]:
        """Name and password for a service on a host."""
        name = (
            self.user or user or self.from_file(service, host, "authname") or self.from_file(service, host, "username")
        )
        password = self.password or self.from_file(service, host, "password")
        if (name is None or password is None) and self.ask is not None:
            wanted = [Wanted(ConnectCredentialType.AUTHNAME, f"Enter username for {host}", default=name)] * (
                name is None
            )
            wanted += [Wanted(ConnectCredentialType.PASSPHRASE, f"Enter password for {host}")] * (password is None)
            await self.ask(wanted)
            for item in wanted:
                if item.type is ConnectCredentialType.AUTHNAME:
                    name = item.result or item.default
                else:
                    password = item.result
        if name is None or password is None:
            raise AuthFailed("No usable credentials were given", domain=ErrorDomain.REMOTE)
        return name, password


def _default_file(env: Mapping[str, str]) -> Path | None:
    """The auth file that libvirt looks for."""
    if stated := env.get("LIBVIRT_AUTH_FILE"):
        return Path(stated)
    config = env.get("XDG_CONFIG_HOME") or str(Path(env.get("HOME", "/")) / ".config")
    for path in (Path(config) / "libvirt" / "auth.conf", Path("/etc/libvirt/auth.conf")):
        if path.exists():
            return path
    return None


def _groups(text: str) -> dict[str, dict[str, str]]:
    """The groups of a key file."""
    groups: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            current = groups.setdefault(line[1:-1], {})
        elif "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            current[name.strip()] = value.strip()
    return groups
