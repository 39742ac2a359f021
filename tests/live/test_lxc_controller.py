# SPDX-License-Identifier: LGPL-2.1-or-later
"""Controllers with real namespaces: what a container sees, what it may not do, how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from covirt.drivers.lxc.controller.plan import MountPlan, Plan
from covirt.drivers.lxc.nursery import Nursery
from covirt.host.ptys import Ptys
from covirt.runtime.process import Supervisor
from covirt.testing.containers import busybox_root, open_directory, possible

pytestmark = pytest.mark.skipif(possible() is not None, reason=possible() or "")

PTYS = Ptys()
USERS = [(0, 100000, 65536)]
ALL = list(range(64))


@dataclass
class Container:
    """One that was started, with what was heard of it and read from its consoles."""

    pid: int
    path: Path
    devices: list[Path]
    events: asyncio.StreamReader
    writer: asyncio.StreamWriter
    init: int = -1
    readers: list[int] = field(default_factory=list)
    output: bytearray = field(default_factory=bytearray)

    async def event(self) -> dict[str, Any]:
        line = await asyncio.wait_for(self.events.readline(), 20)
        found: dict[str, Any] = json.loads(line or b"{}")
        return found

    async def end(self) -> dict[str, Any]:
        """How it ended, once all that it wrote last has been read."""
        found = await self.event()
        await asyncio.sleep(0.01)
        return found


class Nest:
    """Starts containers for one test, and ends what it left running."""

    def __init__(self, directory: Path, nursery: Nursery) -> None:
        self.directory, self._nursery = directory, nursery
        self.containers: list[Container] = []
        self._count = 0

    async def start(self, command: str, **more: Any) -> Container:
        """Run a shell command as init."""
        self._count += 1
        place = self.directory / str(self._count)
        owner = USERS[0][1] if more.get("users") else 0
        staging = place / "staging"
        staging.mkdir(parents=True)
        root = more.pop("root", None) or str(busybox_root(place / "root", owner=owner))
        argv = more.pop("argv", ["/bin/sh", "-c", command])
        defaults = {"capabilities": ALL, "private_network": True, "consoles": 1, "env": {"PATH": "/bin"}}
        plan = Plan(
            name=f"t{self._count}",
            hostname="inside",
            root=root,
            staging=str(staging),
            argv=argv,
            **{**defaults, **more},
        )
        container = await self._start(plan, place / "monitor")
        self.containers.append(container)
        return container

    async def _start(self, plan: Plan, path: Path) -> Container:
        ptys = [PTYS.open() for _ in range(plan.consoles)]
        log = os.open(path.with_name("log"), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))
            listening.listen()
            pid = await self._nursery.start(plan, listening, log, [pty.master for pty in ptys])
        os.close(log)
        container = Container(pid, path, [pty.device for pty in ptys], *await asyncio.open_unix_connection(path))
        for pty in ptys[:1]:
            fd = PTYS.connect(pty.device)
            container.readers.append(fd)
            asyncio.get_running_loop().add_reader(fd, self._read, container, fd)
        for pty in ptys:
            pty.close()
        found = await container.event()
        if found.get("event") == "failed":
            container.writer.close()
            await container.writer.wait_closed()
            raise RuntimeError(found["reason"])
        container.init = found["pid"]
        return container

    def _read(self, container: Container, fd: int) -> None:
        try:
            data = os.read(fd, 65536)
        except OSError:
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(fd)
        container.output += data

    async def close(self) -> None:
        for one in self.containers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGKILL)
            one.writer.close()
            await one.writer.wait_closed()
            for fd in one.readers:
                asyncio.get_running_loop().remove_reader(fd)
                os.close(fd)


@pytest.fixture
async def nest() -> AsyncIterator[Nest]:
    supervisor = Supervisor(spares=0)
    nursery = Nursery(supervisor)
    with open_directory() as directory:
        nest = Nest(directory, nursery)
        yield nest
        await nest.close()
    await nursery.close()
    await supervisor.close()


@pytest.fixture(params=["host's users", "own users"])
def mapping(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Whether the container has users of its own."""
    return {"users": USERS, "groups": USERS} if request.param == "own users" else {}


async def wait_gone(pid: int) -> None:
    """Until a process that is not our child has ended."""
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    loop, gone = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(pidfd, gone.set)
    await asyncio.wait_for(gone.wait(), 10)
    loop.remove_reader(pidfd)
    os.close(pidfd)


# What it sees


async def test_a_container_is_apart_and_its_end_is_told(nest: Nest, mapping: dict[str, Any]) -> None:
    container = await nest.start("echo pid $$; id -u; cat /proc/sys/kernel/hostname; ls /dev/tty1; exit 7", **mapping)
    assert await container.end() == {"event": "ended", "how": "exit", "status": 7}
    assert container.output.decode().split() == ["pid", "1", "0", "inside", "/dev/tty1"]
    await wait_gone(container.pid)


async def test_file_systems_of_its_own(nest: Nest, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "here").write_text("bound")
    mounts = [
        MountPlan(kind="bind", source=str(tmp_path / "data"), target="/mnt/data", read_only=True),
        MountPlan(kind="ram", target="/mnt/ram", size=1 << 20),
    ]
    command = "cat /mnt/data/here; echo x > /mnt/data/no; echo y > /mnt/ram/yes && grep -c mnt /proc/mounts"
    container = await nest.start(command, mounts=mounts)
    await container.end()
    assert "bound" in container.output.decode()
    assert "Read-only file system" in container.output.decode()
    assert container.output.decode().split()[-1] == "2"
    assert not (tmp_path / "data" / "no").exists()


async def test_what_fails_is_said(nest: Nest) -> None:
    with pytest.raises(RuntimeError, match=r"cannot execute /no/init: .*No such file"):
        await nest.start("", argv=["/no/init"])


# What it may not


async def test_the_host_is_out_of_reach(nest: Nest, mapping: dict[str, Any]) -> None:
    container = await nest.start(
        "echo 1 > /proc/sys/vm/panic_on_oom; echo b > /proc/sysrq-trigger; mkdir /sys/fs/x; "
        "for i in /proc/1/root/../../etc/hostname /proc/kcore; do cat $i | dd count=1 2>/dev/null; done; "
        "kill -9 2000000; echo end",
        **mapping,
    )
    await container.end()
    text = container.output.decode()
    assert text.count("Read-only file system") >= 2
    assert "end" in text
    assert "'/proc/1/root/../../etc/hostname': No such file" in text


async def test_no_nodes_without_the_capability(nest: Nest) -> None:
    without = [number for number in ALL if number != 27]
    container = await nest.start("busybox mknod /tmp/disk b 8 0 || echo refused", capabilities=without)
    await container.end()
    assert "refused" in container.output.decode()


async def test_links_of_the_root_lead_nowhere_outside(nest: Nest, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    root = busybox_root(tmp_path / "evil")
    for name in ("proc", "sys", "dev"):
        (root / name).rmdir()
        (root / name).symlink_to(outside)
    (root / "mnt").symlink_to(outside)
    mounts = [MountPlan(kind="ram", target="/mnt/ram", size=4096)]
    with contextlib.suppress(RuntimeError):
        await nest.start("true", root=str(root), mounts=mounts)
    assert list(outside.iterdir()) == []


async def test_nothing_mounted_is_seen_outside(nest: Nest) -> None:
    before = Path("/proc/self/mounts").read_text()
    container = await nest.start("busybox mount -t tmpfs x /tmp; echo mounted; sleep 60")
    while b"mounted" not in container.output:
        await asyncio.sleep(0.01)
    assert Path("/proc/self/mounts").read_text() == before


# How it ends


async def test_closed_standard_output_is_not_the_end(nest: Nest) -> None:
    container = await nest.start("exec 0<&- 1>&- 2>&-; sleep 1; exit 3")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(container.events.readline(), 0.5)
    assert (await container.end())["status"] == 3


async def test_a_mebibyte_and_an_immediate_exit(nest: Nest) -> None:
    container = await nest.start("busybox stty raw; dd if=/dev/zero bs=65536 count=16 2>/dev/null")
    await container.end()
    assert len(container.output) == 1 << 20


@pytest.mark.parametrize(("command", "how"), [("busybox reboot -f", "reboot"), ("busybox poweroff -f", "shutdown")])
async def test_reboot_and_power_off_inside(nest: Nest, mapping: dict[str, Any], command: str, how: str) -> None:
    container = await nest.start(f"{command}; sleep 10", **mapping)
    assert (await container.end())["how"] == how


async def test_a_killed_controller_takes_its_container_along(nest: Nest) -> None:
    container = await nest.start("sleep 60")
    os.kill(container.pid, signal.SIGKILL)
    await wait_gone(container.init)


async def test_who_comes_back_is_told_what_runs(nest: Nest) -> None:
    container = await nest.start("sleep 60")
    container.writer.close()
    reader, writer = await asyncio.open_unix_connection(container.path)
    told = json.loads(await reader.readline())
    assert (told["event"], told["pid"]) == ("running", container.init)
    os.kill(container.init, signal.SIGKILL)
    assert json.loads(await reader.readline())["signal"] == signal.SIGKILL
    writer.close()


# What it costs


async def test_sixteen_consoles_idle_and_small(nest: Nest) -> None:
    shell = "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do echo hello $i > /dev/tty$i; done; sleep 60"
    container = await nest.start(shell, consoles=16)
    for number, device in enumerate(container.devices[1:], 2):
        fd = PTYS.connect(device)
        await _until(lambda fd=fd: _has(fd))  # type: ignore[misc]
        assert os.read(fd, 100).decode().split() == ["hello", str(number)]
        os.close(fd)
    await asyncio.sleep(0.2)
    before = _ticks(container.pid)
    await asyncio.sleep(2)
    assert _ticks(container.pid) - before < 1
    status = Path(f"/proc/{container.pid}/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    assert resident < 24 * 1024, "1.5 times libvirt's controller would be 30 MiB"


def _has(fd: int) -> bool:
    import select

    return bool(select.select([fd], [], [], 0)[0])


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
