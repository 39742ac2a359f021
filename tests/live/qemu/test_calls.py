# SPDX-License-Identifier: LGPL-2.1-or-later
"""What one can ask and change while a real guest runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from covirt.api.domain.console import KeycodeSet
from covirt.api.domain.devices import DomainDeviceModifyFlags
from covirt.api.domain.info import DomainXMLFlags
from covirt.api.domain.jobs import DomainGetJobStatsFlags, DomainJobOperation, DomainJobType
from covirt.api.domain.lifecycle import DomainCreateFlags
from covirt.api.domain.memory import DomainMemoryModFlags, DomainMemoryStatTags
from covirt.api.domain.save import DomainSaveImageXMLFlags, DomainSaveRestoreFlags
from covirt.api.domain.states import DomainRunningReason, DomainShutoffReason, DomainState
from covirt.api.domain.stats import ConnectGetAllDomainStatsFlags, DomainStatsTypes
from covirt.api.domain.vcpu import DomainVcpuFlags
from covirt.api.qemu import DomainQemuMonitorCommandFlags
from covirt.client.objects_generated import Connection
from covirt.errors import ArgumentUnsupported, InvalidArg, OperationFailed, OperationInvalid

Document = Callable[..., str]


async def test_save_to_a_file_and_restore(conn: Connection, document: Document, tmp_path: Path) -> None:
    domain = await conn.define_xml(document())
    await domain.create()
    path = str(tmp_path / "saved")
    await domain.save(path)
    assert await domain.state() == (DomainState.SHUTOFF, DomainShutoffReason.SAVED)
    assert Path(path).read_bytes()[:16] == b"LibvirtQemudSave"
    assert "<name>vm</name>" in await conn.save_image_get_xml_desc(path, DomainSaveImageXMLFlags(0))
    await conn.restore(path)
    assert await domain.state() == (DomainState.RUNNING, DomainRunningReason.RESTORED)
    figures = await domain.job_stats(DomainGetJobStatsFlags.COMPLETED)
    assert figures.type is DomainJobType.COMPLETED
    assert figures.params["operation"] == DomainJobOperation.RESTORE


async def test_managed_save_goes_on_at_the_next_start(conn: Connection, document: Document) -> None:
    domain = await conn.define_xml(document())
    await domain.create()
    await domain.managed_save(DomainSaveRestoreFlags.PAUSED)
    assert await domain.has_managed_save_image()
    await domain.create()
    assert (await domain.state()).state is DomainState.PAUSED
    assert not await domain.has_managed_save_image()


async def test_an_incomplete_managed_save_is_dropped(conn: Connection, document: Document, root: Path) -> None:
    domain = await conn.define_xml(document())
    await domain.create()
    await domain.managed_save()
    path = root / "lib/qemu/save/vm.save"
    path.write_bytes(b"LibvirtQemudPart" + path.read_bytes()[16:])
    await domain.create()
    assert await domain.state() == (DomainState.RUNNING, DomainRunningReason.BOOTED)


async def test_counters_of_all_guests(conn: Connection, document: Document, tmp_path: Path) -> None:
    image = tmp_path / "disk.raw"
    image.write_bytes(bytes(1 << 20))
    disk = f"<disk type='file'><source file='{image}'/><target dev='vda' bus='virtio'/></disk>"
    await conn.create_xml(document("one", devices=disk))
    await conn.define_xml(document("two"))
    found = {
        record.dom.name: dict(record.params)
        for record in await conn.get_all_domain_stats([], DomainStatsTypes(0), ConnectGetAllDomainStatsFlags(0))
    }
    assert found["two"]["state.state"] == DomainState.SHUTOFF
    one = found["one"]
    assert int(one["cpu.time"]) >= int(one["cpu.user"])
    assert (one["block.count"], one["block.0.name"], one["block.0.capacity"]) == (1, "vda", 1 << 20)
    assert (one["vcpu.current"], one["balloon.maximum"]) == (1, 32768)
    domain = await conn.lookup_by_name("one")
    assert (await domain.block_info("vda")).capacity == 1 << 20
    assert (await domain.block_stats("vda")).wr_bytes == 0
    with pytest.raises(InvalidArg, match="invalid path vdz not assigned to domain"):
        await domain.block_info("vdz")
    tags = {figure.tag for figure in await domain.memory_stats()}
    assert DomainMemoryStatTags.RSS in tags


async def test_monitor_commands_in_both_languages(conn: Connection, document: Document) -> None:
    domain = await conn.create_xml(document())
    answer = json.loads(await domain.qemu_monitor_command('{"execute":"query-status"}'))
    assert answer["return"]["running"] is True
    wrong = json.loads(await domain.qemu_monitor_command('{"execute":"nonsense"}'))
    assert wrong["error"]["class"] == "CommandNotFound"
    said = await domain.qemu_monitor_command("info status", DomainQemuMonitorCommandFlags.HMP)
    assert "running" in said


async def test_picture_of_the_screen(conn: Connection, document: Document) -> None:
    screen = "<video><model type='vga'/></video><graphics type='vnc' autoport='yes'/>"
    domain = await conn.create_xml(document(devices=screen))
    kind, stream = await domain.screenshot(0)
    picture = b""
    while isinstance(piece := await stream.receive(), bytes) and piece:
        picture += piece
    await stream.finish()
    assert (kind, picture[:4]) == ("image/png", b"\x89PNG")
    assert "port='59" in await domain.xml_desc()
    await domain.send_key(KeycodeSet.LINUX, 10, [30, 42])
    await domain.inject_nmi()


async def test_numbers_of_processors_now_and_later(conn: Connection, document: Document) -> None:
    text = document(more="<vcpu current='1'>3</vcpu>")
    domain = await conn.define_xml(text)
    await domain.create()
    await domain.set_vcpus_flags(2, DomainVcpuFlags.LIVE)
    await domain.set_vcpus_flags(3, DomainVcpuFlags.CONFIG)
    assert await domain.vcpus_flags(DomainVcpuFlags.LIVE) == 2
    assert await domain.vcpus_flags(DomainVcpuFlags.CONFIG) == 3
    assert len((await domain.vcpus(3, 1)).info) == 2
    with pytest.raises(InvalidArg, match="4 > 3"):
        await domain.set_vcpus_flags(4, DomainVcpuFlags.LIVE)


async def test_memory_of_the_next_start(conn: Connection, document: Document) -> None:
    domain = await conn.define_xml(document())
    await domain.create_with_flags(DomainCreateFlags.PAUSED)
    await domain.set_memory_flags(16384, DomainMemoryModFlags.CONFIG)
    await domain.destroy()
    assert (await domain.info()).memory == 16384
    with pytest.raises(OperationInvalid, match="domain is not running"):
        await domain.set_memory_flags(16384, DomainMemoryModFlags.LIVE)


async def test_without_an_agent_it_is_said(conn: Connection, document: Document) -> None:
    domain = await conn.create_xml(document())
    with pytest.raises(ArgumentUnsupported, match="QEMU guest agent is not configured"):
        await domain.qemu_agent_command('{"execute":"guest-ping"}', 1)


async def test_reads_do_not_wait_for_a_save(conn: Connection, document: Document) -> None:
    domain = await conn.define_xml(document(memory=512))
    await domain.create()
    saving = asyncio.create_task(domain.managed_save())
    async with asyncio.timeout(5):
        while not saving.done():
            await domain.info()
            await domain.xml_desc()
            await asyncio.sleep(0)
    await saving


async def test_disks_are_plugged_in_now_and_for_the_next_start(
    conn: Connection, document: Document, tmp_path: Path
) -> None:
    image = tmp_path / "more.raw"
    image.write_bytes(bytes(1 << 20))
    domain = await conn.define_xml(document())
    await domain.create_with_flags(DomainCreateFlags.PAUSED)
    disk = f"<disk type='file'><source file='{image}'/><target dev='vdb' bus='virtio'/></disk>"
    await domain.attach_device_flags(disk, DomainDeviceModifyFlags.LIVE | DomainDeviceModifyFlags.CONFIG)
    assert "virtio-disk1" in await domain.xml_desc()
    assert "vdb" in await domain.xml_desc(DomainXMLFlags.INACTIVE)
    assert (await domain.block_info("vdb")).capacity == 1 << 20
    with pytest.raises(OperationFailed, match="target vdb already exists"):
        await domain.attach_device(disk)
    await domain.attach_device("<interface type='user'><model type='virtio'/></interface>")
    await domain.detach_device_flags(disk, DomainDeviceModifyFlags.CONFIG)
    assert "vdb" not in await domain.xml_desc(DomainXMLFlags.INACTIVE)
