# SPDX-License-Identifier: LGPL-2.1-or-later
"""A daemon in this process with the scripted driver behind it, and ways to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from covirt.client.connection import Options, RemoteChannel, open_remote
from covirt.client.objects_generated import Connection
from covirt.daemon.daemon import Daemon
from covirt.daemon.settings import AuthName, DaemonSettings
from covirt.testing.scripted_driver import ScriptedDriver
from covirt.uri import Uri

SETTINGS = DaemonSettings(auth_unix_ro=AuthName.NONE, auth_unix_rw=AuthName.NONE)


class Running:
    """A daemon and ways to it."""

    def __init__(self, daemon: Daemon, root: Path) -> None:
        """Know a daemon that has been started below a root."""
        self.daemon = daemon
        self.root = root
        self.run = root / "run" / "libvirt"
        self.channels: list[RemoteChannel] = []

    @property
    def driver(self) -> ScriptedDriver:
        """The driver that clients have opened."""
        (alive,) = self.daemon.pool._alive.values()
        assert isinstance(alive.driver, ScriptedDriver)
        return alive.driver

    def uri(self, name: str = "libvirt-sock", path: str = "/default", query: str = "") -> str:
        """The URI of a socket."""
        return f"test+unix://{path}?socket={self.run / name}{query}"

    async def connect(self, uri: str | None = None, options: Options | None = None) -> Connection:
        """Connect with our own client."""
        channel = await open_remote(Uri.parse(uri or self.uri()), options)
        self.channels.append(channel)
        return Connection(channel)

    async def raw(self, name: str = "libvirt-sock") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect without any client."""
        return await asyncio.open_unix_connection(self.run / name)

    async def command(self, *argv: str) -> tuple[int, str]:
        """Run a program and give its status and all that it said."""
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        output, _ = await process.communicate()
        return process.returncode or 0, output.decode()

    async def virsh(self, *argv: str) -> str:
        """What libvirt's own shell says."""
        return (await self.command("virsh", "-c", self.uri(), *argv))[1].strip()


Start = Callable[..., Awaitable[Running]]
