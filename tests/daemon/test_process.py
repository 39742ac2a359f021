# SPDX-License-Identifier: LGPL-2.1-or-later
"""covirtd as a process: started by a user's client, by systemd, ended by signals, killed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from covirt.client.connection import Options, RemoteChannel, open_remote
from covirt.client.objects_generated import Connection
from covirt.client.transports.opening import open_socket
from covirt.client.transports.target import target_of
from covirt.errors import Error
from covirt.uri import Uri
from covirt.wire.keepalive import PING, PONG

CODE = """
import sys
from covirt.testing import scripted_driver
scripted_driver.install()
from covirt.daemon.__main__ import main
sys.exit(main())
"""
CONF = 'auth_unix_rw = "none"\nauth_unix_ro = "none"\nmax_client_requests = 100\n'


class Spawned:
    """A daemon in a process of its own."""

    def __init__(self, root: Path, *options: str, **kwargs: object) -> None:
        self.root = root
        self.sock = root / "run" / "libvirt" / "libvirt-sock"
        (root / "etc" / "libvirt").mkdir(parents=True, exist_ok=True)
        (root / "etc" / "libvirt" / "libvirtd.conf").write_text(CONF)
        notify = root / "notify"
        notify.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind(str(notify))
            ready.settimeout(20)
            env = {**os.environ, "NOTIFY_SOCKET": str(notify)}
            argv = [sys.executable, "-c", CODE, "--root", str(root), *options]
            self.process = subprocess.Popen(argv, env=env, stderr=subprocess.PIPE)
            assert ready.recv(100) == b"READY=1"

    async def connect(self, options: Options | None = None) -> Connection:
        return Connection(await open_remote(Uri.parse(f"test+unix:///default?socket={self.sock}"), options))

    def end(self) -> bytes:
        """Kill it, if it still runs, and give what it said."""
        self.process.kill()
        self.process.wait()
        assert self.process.stderr is not None
        said = b"" if self.process.stderr.closed else self.process.stderr.read()
        self.process.stderr.close()
        return said


@pytest.fixture
def spawned(tmp_path: Path) -> Iterator[Spawned]:
    daemon = Spawned(tmp_path)
    yield daemon
    daemon.end()


async def test_a_signal_ends_it_in_order(spawned: Spawned) -> None:
    conn = await spawned.connect()
    assert await conn.get_type() == "SCRIPTED"
    spawned.process.send_signal(signal.SIGTERM)
    status = await asyncio.get_running_loop().run_in_executor(None, spawned.process.wait, 20)
    assert status == 0
    assert b"Traceback" not in spawned.end()
    assert not spawned.sock.exists()
    assert not conn.channel.alive
    await conn.channel.close()


async def test_reloading_keeps_connections(spawned: Spawned) -> None:
    conn = await spawned.connect()
    spawned.process.send_signal(signal.SIGHUP)
    assert await conn.get_type() == "SCRIPTED"
    assert spawned.process.poll() is None
    await conn.channel.close()


async def test_a_killed_daemon_ends_every_call_at_once_and_the_client_comes_back(
    spawned: Spawned, tmp_path: Path
) -> None:
    from covirt.api.domain import save

    conn = await spawned.connect(Options(reconnect=True))
    guest = await conn.lookup_by_name("guest0")
    waiting = [asyncio.ensure_future(guest.call(save.managed_save, 0)) for _ in range(50)]
    await guest.is_active()
    spawned.process.kill()
    async with asyncio.timeout(2):
        results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(result, Error) for result in results)
    spawned.end()
    with pytest.raises(Error):
        await guest.is_active()
    again = Spawned(tmp_path)
    try:
        assert await guest.is_active()
        channel = conn.channel
        assert isinstance(channel, RemoteChannel)
        await channel.close()
    finally:
        again.end()


def test_a_users_daemon_is_started_on_demand(tmp_path: Path) -> None:
    program = tmp_path / "libvirtd"
    code = tmp_path / "code.py"
    code.write_text(f"import os\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n{CODE}")
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {code} --session "$@"\n')
    program.chmod(0o755)
    places = {name: str(tmp_path) for name in ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    env = {**os.environ, **places, "LIBVIRTD_PATH": str(program)}
    target = target_of(Uri.parse("test+unix:///session"), uid=1000)
    for _ in range(2):
        opened = open_socket(target, env)
        opened.sock.settimeout(20)
        opened.sock.sendall(PING)
        assert opened.sock.recv(100) == PONG
        opened.close()
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGTERM)
