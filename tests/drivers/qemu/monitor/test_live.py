# SPDX-License-Identifier: LGPL-2.1-or-later
"""The monitor client with a real QEMU that inherits the listening socket."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from covirt.drivers.qemu.monitor import CommandNotFound, Monitor, MonitorEnded, QmpEvent

QEMU = shutil.which("qemu-system-x86_64")
pytestmark = [pytest.mark.live, pytest.mark.skipif(QEMU is None, reason="qemu-system-x86_64 is not installed")]


@pytest.fixture
async def path(tmp_path: Path) -> AsyncIterator[Path]:
    where = tmp_path / "monitor.sock"
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(where))
    listening.listen(1)
    number = listening.fileno()
    process = await asyncio.create_subprocess_exec(
        str(QEMU),
        *("-S", "-nodefaults", "-no-user-config", "-display", "none", "-machine", "none"),
        *("-chardev", f"socket,id=charmonitor,fd={number},server=on,wait=off"),
        *("-mon", "chardev=charmonitor,id=monitor,mode=control"),
        pass_fds=[number],
    )
    listening.close()
    yield where
    if process.returncode is None:
        process.terminate()
    await process.wait()


async def test_commands_events_and_the_end(path: Path) -> None:
    monitor = await Monitor.connect(path, name="vm1")
    with monitor.events.subscribe(QmpEvent) as events:
        assert (await monitor.execute("query-status"))["status"] == "prelaunch"
        with pytest.raises(CommandNotFound):
            await monitor.execute("no-such-command")
        await monitor.execute("quit")
        assert (await anext(events)).name == "SHUTDOWN"
    assert isinstance(await monitor.wait_closed(), MonitorEnded)


async def test_guest_is_found_again_after_we_were_gone(path: Path) -> None:
    async with await Monitor.connect(path) as first:
        await first.execute("object-add", {"qom-type": "iothread", "id": "io1"})
    async with await Monitor.connect(path) as again:
        assert [thread["id"] for thread in await again.execute("query-iothreads")] == ["io1"]


async def test_descriptors_reach_qemu(path: Path, tmp_path: Path) -> None:
    target = os.open(tmp_path / "log", os.O_RDWR | os.O_CREAT)
    async with await Monitor.connect(path) as monitor:
        added = (monitor.execute("add-fd", {"fdset-id": number}, fds=[target]) for number in range(8))
        others = (monitor.execute("query-status") for _ in range(50))
        await asyncio.gather(*added, *others)
        assert sorted(entry["fdset-id"] for entry in await monitor.execute("query-fdsets")) == list(range(8))
    os.close(target)
