# SPDX-License-Identifier: LGPL-2.1-or-later
"""The driver of containers, with real ones: their whole life, through the calls that clients make."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from covirt.api.connect import host
from covirt.api.domain import console, define, info, lifecycle, memory, tuning
from covirt.api.domain.define import DomainDefineFlags, DomainUndefineFlags
from covirt.api.domain.events import DomainEventType, Lifecycle
from covirt.api.domain.lifecycle import DomainCreateFlags, DomainShutdownFlags
from covirt.api.domain.states import DomainShutoffReason, DomainState
from covirt.api.domain.tuning import DomainSchedulerParam
from covirt.api.handles import Connect, Domain
from covirt.api.params import TypedParams
from covirt.api.themes import Family
from covirt.daemon.pipeline import Session
from covirt.drivers.driver import Surroundings
from covirt.drivers.lxc.driver import LxcDriver
from covirt.drivers.lxc.guest import LxcGuest
from covirt.errors import InternalError, OperationInvalid
from covirt.host.ptys import Ptys
from covirt.model.domain.devices.chardev import PtyChardev
from covirt.runtime.loop import in_thread
from covirt.testing.containers import busybox_root, open_directory, possible
from covirt.uri import Uri

pytestmark = pytest.mark.skipif(possible() is not None, reason=possible() or "")

NONE = DomainCreateFlags.NONE


class House:
    """A driver below one directory, and calls to it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.root = busybox_root(directory / "guest")
        self.names: set[str] = set()
        self.driver: LxcDriver
        self.session: Session

    async def open(self) -> None:
        uri = Uri.parse(f"lxc:///embed?root={self.directory / 'host'}")
        self.driver = await LxcDriver.open(uri, Surroundings(privileged=True))
        self.session = Session(uri, {Family.HYPERVISOR: self.driver})

    async def abandon(self) -> None:
        """Let go as a daemon does that ends."""
        await self.driver.close()

    async def call(self, call: Any, subject: Any, *args: Any) -> Any:
        return (await self.session.perform(call, subject, args)).result

    def xml(self, command: str, *, more: str = "", devices: str = "", name: str | None = None) -> str:
        name = name or f"t{uuid.uuid4().hex[:8]}"
        self.names.add(name)
        return f"""
        <domain type='lxc'><name>{name}</name><memory unit='MiB'>64</memory>
          <os><type>exe</type><init>/bin/sh</init><initarg>-c</initarg><initarg>{command}</initarg></os>{more}
          <devices>
            <filesystem><source dir='{self.root}'/><target dir='/'/></filesystem>{devices}<console type='pty'/>
          </devices>
        </domain>"""

    async def run(self, command: str, **more: Any) -> Domain:
        found: Domain = await self.call(lifecycle.create_xml, Connect(), self.xml(command, **more), NONE)
        return found

    def guest(self, dom: Domain) -> LxcGuest:
        return self.driver.guests.find(dom)

    async def wait_off(self, dom: Domain) -> None:
        """Until it does not run, and all that follows from that is done: then a transient one is forgotten."""
        ended = (guest for guest in self.driver.guests if guest.uuid == dom.uuid)
        async with asyncio.timeout(10):
            for guest in ended:
                while not guest.removed and (guest.active or guest.run is not None or not guest.persistent):
                    await asyncio.sleep(0.01)


def groups(names: set[str]) -> list[Path]:
    """The control groups of containers; others may run their own meanwhile."""
    found = Path("/sys/fs/cgroup").glob("**/*.libvirt-lxc")
    return [path for path in found if path.name.removesuffix(".libvirt-lxc").partition("-")[2] in names]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    with open_directory() as directory:
        async for house in _house(directory):
            yield house


async def _house(directory: Path) -> AsyncIterator[House]:
    house = House(directory)
    await house.open()
    try:
        yield house
    finally:
        links = {name for guest in house.driver.guests if guest.run for name in guest.run.links}
        for guest in list(house.driver.guests):
            if guest.active:
                with contextlib.suppress(OperationInvalid):
                    await house.call(lifecycle.destroy, guest.handle)
        await house.abandon()
    assert not groups(house.names)
    assert not links & set(os.listdir("/sys/class/net"))


async def test_a_whole_life(house: House) -> None:
    events: list[Lifecycle] = []
    house.driver.bus.on(Lifecycle, events.append)
    dom = await house.call(define.define_xml_flags, Connect(), house.xml("exec sleep 60"), DomainDefineFlags(0))
    started = time.monotonic()
    await house.call(lifecycle.create, dom)
    started = time.monotonic() - started
    assert (await house.call(info.state, dom, 0)).state is DomainState.RUNNING
    assert (await house.call(info.info, dom)).max_mem == 64 << 10
    with pytest.raises(OperationInvalid, match="already running"):
        await house.call(lifecycle.create, dom)
    await house.call(lifecycle.suspend, dom)
    assert (await house.call(info.state, dom, 0)).state is DomainState.PAUSED
    await house.call(lifecycle.resume, dom)
    await house.call(memory.set_memory, dom, 32 << 10)
    stopped = time.monotonic()
    await house.call(lifecycle.destroy, dom)
    stopped = time.monotonic() - stopped
    assert (await house.call(info.state, dom, 0)).reason == DomainShutoffReason.DESTROYED
    await house.call(define.undefine_flags, dom, DomainUndefineFlags(0))
    assert [event.event for event in events] == [
        *(DomainEventType.DEFINED, DomainEventType.STARTED, DomainEventType.SUSPENDED, DomainEventType.RESUMED),
        *(DomainEventType.STOPPED, DomainEventType.UNDEFINED),
    ]
    assert started < 1, "60 ms is wanted; a busy machine gets more"
    assert stopped < 1


async def test_a_frozen_container_can_be_destroyed(house: House) -> None:
    dom = await house.run("exec sleep 60")
    await house.call(lifecycle.suspend, dom)
    await house.call(lifecycle.destroy, dom)
    assert not list(house.driver.guests)


async def test_one_that_ends_by_itself_is_gone(house: House) -> None:
    dom = await house.run("exit 0")
    await house.wait_off(dom)
    assert not list(house.driver.guests), "a transient one is forgotten"


async def test_shutdown_asks_init(house: House) -> None:
    dom = await house.run("trap 'exit 0' TERM; while true; do sleep 0.05; done")
    await asyncio.sleep(0.2)
    await house.call(lifecycle.shutdown_flags, dom, DomainShutdownFlags.SIGNAL)
    await house.wait_off(dom)


async def test_a_reboot_inside_starts_it_again(house: House) -> None:
    dom = await house.call(
        define.define_xml, Connect(), house.xml("[ -e /once ] &amp;&amp; exec sleep 60; echo &gt; /once; reboot -f")
    )
    await house.call(lifecycle.create, dom)
    async with asyncio.timeout(10):
        while not (house.root / "once").exists() or house.guest(dom).id < 2 or house.guest(dom).state != 1:
            await asyncio.sleep(0.02)
    assert house.guest(dom).persistent


async def test_limits_and_devices(house: House) -> None:
    more = "<cputune><shares>512</shares><period>100000</period><quota>50000</quota></cputune>"
    dom = await house.run("exec sleep 60", more=more)
    group = house.guest(dom).group
    assert group.read("cpu", "cpu.shares").strip() == "512"
    assert group.read("cpu", "cpu.cfs_quota_us").strip() == "50000"
    assert group.read("memory", "memory.limit_in_bytes").strip() == str(64 << 20)
    params = TypedParams()
    params.put(DomainSchedulerParam.CPU_SHARES, 256)
    await house.call(tuning.set_scheduler_parameters, dom, params)
    assert (await house.call(tuning.scheduler_parameters, dom))["cpu_shares"] == 256
    assert group.read("cpu", "cpu.shares").strip() == "256"
    assert "c 1:3 rwm" in group.read("devices", "devices.list")
    assert "a *:* rwm" not in group.read("devices", "devices.list")
    assert house.guest(dom).running.init in group.processes()


async def test_a_network_of_its_own(house: House) -> None:
    bridge = f"br{uuid.uuid4().hex[:8]}"
    links = house.driver.host.links
    await in_thread(links.make, bridge, "bridge")
    try:
        card = (
            f"<interface type='bridge'><source bridge='{bridge}'/><ip address='10.99.0.2' prefix='24'/>"
            "<guest dev='eth0'/></interface>"
        )
        dom = await house.run("busybox ip -4 addr show eth0 &gt; /net; exec sleep 60", devices=card)
        async with asyncio.timeout(5):
            while not (house.root / "net").exists() or "inet" not in (house.root / "net").read_text():
                await asyncio.sleep(0.02)
        assert "inet 10.99.0.2/24" in (house.root / "net").read_text()
        name = house.guest(dom).definition.devices.interfaces[0].target
        assert name in links.ports(bridge)
        await house.call(lifecycle.destroy, dom)
    finally:
        await in_thread(links.remove, bridge)


async def test_the_console_is_a_terminal_that_answers(house: House) -> None:
    dom = await house.run("while read line; do echo got $line; done")
    source = house.guest(dom).definition.devices.consoles[0].source
    assert isinstance(source, PtyChardev)
    assert source.path is not None
    fd = Ptys().connect(Path(source.path))
    os.write(fd, b"hello\r")
    text = b""
    async with asyncio.timeout(5):
        while b"got hello" not in text:
            with contextlib.suppress(BlockingIOError):
                text += os.read(fd, 1000)
            await asyncio.sleep(0.01)
    os.close(fd)
    assert console.open_console.number == 201


async def test_a_failed_start_says_why_and_leaves_nothing(house: House) -> None:
    text = house.xml("true").replace("/bin/sh", "/no/such/init")
    with pytest.raises(InternalError, match="guest failed to start: cannot execute /no/such/init"):
        await house.call(lifecycle.create_xml, Connect(), text, NONE)
    assert not list(house.driver.guests)
    assert not list((house.directory / "host").glob("**/*.sock"))


async def test_containers_outlive_the_daemon(house: House) -> None:
    dom = await house.call(define.define_xml, Connect(), house.xml("exec sleep 60"))
    await house.call(lifecycle.create, dom)
    init = house.guest(dom).running.init
    await house.abandon()
    os.kill(init, 0)
    await house.open()
    again = house.guest(dom)
    assert (again.running.init, again.state, again.persistent) == (init, DomainState.RUNNING, True)
    os.kill(init, signal.SIGKILL)
    await house.wait_off(dom)
    assert house.guest(dom).reason == DomainShutoffReason.SHUTDOWN


async def test_one_that_ended_unwatched_is_cleaned_up(house: House) -> None:
    dom = await house.call(define.define_xml, Connect(), house.xml("exec sleep 60"))
    await house.call(lifecycle.create, dom)
    run = house.guest(dom).running
    await house.abandon()
    os.kill(run.controller, signal.SIGKILL)
    await house.open()
    assert house.guest(dom).state is DomainState.SHUTOFF


async def test_a_killed_controller_is_noticed(house: House) -> None:
    dom = await house.run("exec sleep 60")
    os.kill(house.guest(dom).running.controller, signal.SIGKILL)
    await house.wait_off(dom)
    assert not list(house.driver.guests)


async def test_an_unprivileged_container(house: House) -> None:
    for parent, _, files in os.walk(house.root):
        for path in (parent, *(os.path.join(parent, file) for file in files)):
            os.chown(path, 100000, 100000, follow_symlinks=False)
    mapping = (
        "<idmap><uid start='0' target='100000' count='65536'/><gid start='0' target='100000' count='65536'/></idmap>"
    )
    dom = await house.run("echo me &gt; /who; exec sleep 60", more=mapping)
    async with asyncio.timeout(5):
        while not (house.root / "who").exists():
            await asyncio.sleep(0.02)
    assert (house.root / "who").stat().st_uid == 100000
    status = Path(f"/proc/{house.guest(dom).running.init}/status").read_text()
    assert "Uid:\t100000" in status


async def test_twenty_at_once(house: House) -> None:
    doms = await asyncio.gather(*(house.run("exec sleep 60") for _ in range(20)))
    assert len(house.driver.guests.active) == 20
    await asyncio.gather(*(house.call(lifecycle.destroy, dom) for dom in doms))
    assert not house.driver.guests.active


async def test_what_the_host_can(house: House) -> None:
    text = await house.call(host.get_capabilities, Connect())
    assert text.count("<os_type>exe</os_type>") == len(house.driver.circumstances.architectures)


async def test_a_configuration_of_lxc_tools(house: House) -> None:
    text = "lxc.rootfs.path = /var/lib/x\nlxc.uts.name = old\nlxc.tty.max = 1\n"
    found = await house.call(define.domain_xml_from_native, Connect(), "lxc-tools", text, 0)
    assert "<name>old</name>" in found
    assert "<source dir='/var/lib/x'/>" in found
