# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where daemons listen and where certificates lie, unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from covirt.client.transports.target import Mode, Target, Transport
from covirt.errors import OperationUnsupported

SYSTEM_RUN = Path("/var/run/libvirt")
_SYSTEM_CA = Path("/etc/pki/CA")
_SYSTEM_PKI = Path("/etc/pki/libvirt")


@dataclass(frozen=True, slots=True)
class Daemon:
    """A UNIX socket, and the program that would serve it."""

    socket: Path
    program: str


def session_run(env: Mapping[str, str]) -> Path:
    """The directory of a user's own daemons."""
    runtime = env.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / "libvirt"
    cache = env.get("XDG_CACHE_HOME") or str(Path(env.get("HOME", "/")) / ".cache")
    return Path(cache) / "libvirt"


def daemon_of(
    target: Target, env: Mapping[str, str], exists: Callable[[Path], bool] = Path.exists, run: Path = SYSTEM_RUN
) -> Daemon:
    """The daemon that a target means: its driver's own if that one listens, else the one for all drivers."""
    if target.socket:
        return Daemon(Path(target.socket), "libvirtd")
    local = target.transport is Transport.UNIX
    if target.mode is Mode.DIRECT and not local:
        raise OperationUnsupported(f"Cannot use direct socket mode for {target.transport} transport")
    legacy = Daemon(_socket(target, env, "libvirt", run), "libvirtd")
    direct = Daemon(_socket(target, env, f"virt{target.driver}d", run), f"virt{target.driver}d")
    if target.mode is Mode.LEGACY or not local or target.driver is None:
        return legacy
    if target.mode is Mode.DIRECT or exists(direct.socket):
        return direct
    return legacy


def _socket(target: Target, env: Mapping[str, str], prefix: str, run: Path) -> Path:
    if target.session:
        return session_run(env) / f"{prefix}-sock"
    return run / f"{prefix}-{'sock-ro' if target.read_only else 'sock'}"


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of a TLS client."""

    ca: Path
    crl: Path
    key: Path
    cert: Path

    @classmethod
    def of(cls, target: Target, uid: int, home: Path, exists: Callable[[Path], bool] = Path.exists) -> Certificates:
        """Those of the URI, else the user's own, else the system's."""
        if target.pkipath:
            return cls._in(Path(target.pkipath))
        system = cls(
            _SYSTEM_CA / "cacert.pem",
            _SYSTEM_CA / "cacrl.pem",
            _SYSTEM_PKI / "private" / "clientkey.pem",
            _SYSTEM_PKI / "clientcert.pem",
        )
        if uid == 0:
            return system
        own = cls._in(home / ".pki" / "libvirt")
        both = exists(own.key) and exists(own.cert)
        return cls(
            own.ca if exists(own.ca) else system.ca,
            own.crl if exists(own.crl) else system.crl,
            own.key if both else system.key,
            own.cert if both else system.cert,
        )

    @classmethod
    def _in(cls, path: Path) -> Certificates:
        return cls(path / "cacert.pem", path / "cacrl.pem", path / "clientkey.pem", path / "clientcert.pem")
