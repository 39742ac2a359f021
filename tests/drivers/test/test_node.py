# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hosts that files describe, and what only we can see of a pretended host: events, files, streams."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import covirt
from covirt.api.domain.define import DomainUndefineFlags
from covirt.api.domain.devices import DomainDeviceModifyFlags
from covirt.api.domain.events import DeviceAdded, DeviceRemoved, DomainEventType, Lifecycle
from covirt.api.domain.states import DomainState
from covirt.drivers.test.calls import CALLS
from covirt.drivers.test.calls.save import MAGIC
from covirt.errors import InternalError, InvalidArg, NoSupport, XmlDetail, XmlError

NODE = """
<node>
  <cpu><nodes>1</nodes><sockets>1</sockets><cores>2</cores><threads>1</threads><mhz>1000</mhz><model>old</model></cpu>
  <memory>4096</memory>
  <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
    <name>off</name><memory>1024</memory><os><type>hvm</type></os>
    <test:runstate>5</test:runstate>
    <test:domainsnapshot>
      <name>first</name><state>shutoff</state><creationTime>5</creationTime><active>1</active>
    </test:domainsnapshot>
  </domain>
  <domain file='guest.xml'/>
  <pool type='dir'>
    <name>p</name><target><path>/p</path></target><volume><name>v</name><capacity>10</capacity></volume>
  </pool>
</node>
"""
GUEST = (
    "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'><name>beside</name>"
    "<memory>1024</memory><os><type>hvm</type></os><test:transient/></domain>"
)


@pytest.fixture
def node(tmp_path: Path) -> Path:
    (tmp_path / "guest.xml").write_text(GUEST)
    path = tmp_path / "node.xml"
    path.write_text(NODE)
    return path


async def test_a_file_describes_host_guests_and_pools(node: Path) -> None:
    async with await covirt.open(f"test://{node}") as conn:
        info = await conn.get_info()
        assert (info.model, info.memory, info.cpus) == ("old", 4096, 2)
        off, beside = await conn.lookup_by_name("off"), await conn.lookup_by_name("beside")
        assert (await off.state()).state is DomainState.SHUTOFF
        assert (await beside.state()).state is DomainState.RUNNING
        assert not await beside.is_persistent()
        assert (await off.snapshot_current()).handle.name == "first"
        pool = await conn.storage_pool_lookup_by_name("p")
        assert await pool.list_volumes() == ["v"]


async def test_each_connection_to_a_file_has_its_own_host(node: Path) -> None:
    async with await covirt.open(f"test://{node}") as one, await covirt.open(f"test://{node}") as other:
        await (await one.lookup_by_name("off")).undefine_flags(DomainUndefineFlags.SNAPSHOTS_METADATA)
        assert await other.lookup_by_name("off")


async def test_connections_to_the_default_host_share_it() -> None:
    async with await covirt.open("test:///default") as one, await covirt.open("test:///default") as other:
        await (await one.lookup_by_name("test")).suspend()
        assert (await (await other.lookup_by_name("test")).state()).state is DomainState.PAUSED


@pytest.mark.parametrize("bad", ["<node><cpu><mhz>fast</mhz></cpu></node>", "<host/>", "<node"])
async def test_a_bad_file_is_refused(tmp_path: Path, bad: str) -> None:
    (tmp_path / "node.xml").write_text(bad)
    with pytest.raises((XmlError, XmlDetail)):
        await covirt.open(f"test://{tmp_path}/node.xml")


async def test_a_uri_without_path_is_refused() -> None:
    with pytest.raises(InvalidArg, match="supply a path or use test:///default"):
        await covirt.open("test:///")


async def test_a_saved_guest_comes_back_from_libvirts_form(tmp_path: Path) -> None:
    path = str(tmp_path / "saved")
    async with await covirt.open("test:///default") as conn:
        dom = await conn.lookup_by_name("test")
        await dom.save(path)
        raw = (tmp_path / "saved").read_bytes()
        assert raw.startswith(MAGIC + (len(raw) - 19).to_bytes(4, "little") + b"<domain type='test'")
        await conn.restore(path)
        assert (await dom.state()).state is DomainState.RUNNING
        (tmp_path / "saved").write_bytes(b"x" * 40)
        with pytest.raises(InternalError, match="mismatched header magic"):
            await conn.restore(path)


async def test_lifecycle_and_devices_are_told() -> None:
    async with await covirt.open("test:///default") as conn:
        dom = await conn.lookup_by_name("test")
        async with (
            conn.events(Lifecycle, dom) as life,
            conn.events(DeviceAdded, dom) as added,
            conn.events(DeviceRemoved, dom) as removed,
        ):
            disk = "<disk type='file'><source file='/x'/><target dev='vdb' bus='virtio'/></disk>"
            await dom.attach_device(disk)
            await dom.detach_device_alias("virtio-disk1", DomainDeviceModifyFlags.LIVE)
            await dom.destroy()
            await dom.create()
            async with asyncio.timeout(5):
                assert (await anext(added)).dev_alias == "virtio-disk1"
                assert (await anext(removed)).dev_alias == "virtio-disk1"
                assert [(await anext(life)).event for _ in range(2)] == [
                    DomainEventType.STOPPED,
                    DomainEventType.STARTED,
                ]


async def test_a_screen_is_a_picture() -> None:
    async with await covirt.open("test:///default") as conn:
        kind, stream = await (await conn.lookup_by_name("test")).screenshot(0)
        assert kind == "image/png"
        first = await stream.receive()
        assert isinstance(first, bytes)
        assert first.startswith(b"\x89PNG")


async def test_what_libvirts_test_driver_lacks_is_not_supported() -> None:
    async with await covirt.open("test:///default") as conn:
        with pytest.raises(NoSupport):
            await (await conn.lookup_by_name("test")).job_info()


def test_every_call_of_libvirts_test_driver_is_there(hypervisor_support: dict[str, dict[str, str]]) -> None:
    have = {binding.call.api for binding in CALLS}
    elsewhere = {
        "virConnectOpen",
        "virConnectClose",
        "virConnectIsAlive",
        "virConnectIsEncrypted",
        "virConnectIsSecure",
    }
    missing = {
        api
        for api, drivers in hypervisor_support.items()
        if "test" in drivers and api not in have and "Event" not in api and api not in elsewhere
    }
    assert missing == {"virDomainCreateLinux"}, "an older name of virDomainCreateXML"
