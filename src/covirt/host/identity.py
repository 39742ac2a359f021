# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who this machine is: its name and its UUID."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

from covirt.errors import ErrorDomain, InternalError, InvalidArg, SystemCallFailed
from covirt.values import Uuid


class Identity:
    """The name and UUID of this machine."""

    def __init__(self, root: Path = Path("/"), hostname: Callable[[], str] = socket.gethostname) -> None:
        """Files are read below `root`."""
        self._root, self._hostname = root, hostname

    def hostname(self) -> str:
        """The name of this host, with its domain where it can be found; may ask the network, so call it in a thread.

        As in libvirt a name with a dot is taken as it is, and `localhost` is never what others call us.
        """
        name = self._hostname()
        if "." in name or name == "localhost":
            return name
        try:
            found = socket.getaddrinfo(name, None, flags=socket.AI_CANONNAME)
        except OSError:
            return name
        full = found[0][3] if found else ""
        return full if full and not full.startswith("localhost") else name

    def uuid(self, configured: str | None = None, source: str = "smbios") -> Uuid:
        """The UUID of this host: the configured one, or the one of the firmware or of the system's installation.

        One that is all the same digit is a maker's mistake; then a random one serves for as long as the process.
        """
        if configured is not None:
            uuid = Uuid.parse(configured)
            if _looks_unset(uuid):
                raise InternalError(f"invalid host UUID: {configured}", domain=ErrorDomain.CONF)
            return uuid
        for path in self._sources(source):
            try:
                uuid = Uuid.parse((self._root / path).read_text().strip())
            except (OSError, InvalidArg):
                continue
            if not _looks_unset(uuid):
                return uuid
        return _random_for_this_process()

    def machine_id(self) -> str:
        """The identity of the system's installation."""
        try:
            return (self._root / "etc/machine-id").read_text().strip()
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, "cannot read the machine's identity") from error

    def _sources(self, source: str) -> tuple[str, ...]:
        if source == "machine-id":
            return ("etc/machine-id",)
        return ("sys/devices/virtual/dmi/id/product_uuid", "sys/class/dmi/id/product_uuid")


def _looks_unset(uuid: Uuid) -> bool:
    return len(set(bytes(uuid))) == 1


_made: dict[int, Uuid] = {}


def _random_for_this_process() -> Uuid:
    return _made.setdefault(os.getpid(), Uuid.random())
