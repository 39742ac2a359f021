# SPDX-License-Identifier: LGPL-2.1-or-later
"""Typed commands: what they ask, and what they make of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from covirt.drivers.qemu.monitor.commands import block, character, cpus, jobs, lifecycle, memory, migration
from covirt.drivers.qemu.monitor.commands.cpus import Cpu, HotpluggableCpu
from covirt.drivers.qemu.monitor.commands.vcpus import combine
from covirt.drivers.qemu.monitor.errors import CommandFailed, UnexpectedReply
from covirt.errors import OperationInvalid


class Qemu:
    """Answers every command with the next reply, and remembers what it was asked."""

    def __init__(self, *replies: Any) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[str, Mapping[str, object] | None]] = []

    async def __call__(self, command: str, arguments: Mapping[str, object] | None = None) -> Any:
        self.asked.append((command, arguments))
        reply = self.replies.pop(0) if self.replies else {}
        if isinstance(reply, Exception):
            raise reply
        return reply


async def test_arguments_that_are_not_given_are_not_sent() -> None:
    qemu = Qemu()
    await jobs.mirror(qemu, "copy", "vda", "target", shallow=True)
    sent = {"job-id": "copy", "device": "vda", "target": "target", "sync": "top"}
    assert qemu.asked == [("blockdev-mirror", {**sent, "auto-finalize": True, "auto-dismiss": False})]


async def test_migration_parameters_that_are_none_are_not_sent() -> None:
    qemu = Qemu()
    await migration.set_parameters(qemu, {})
    assert qemu.asked == []


async def test_block_statistics_follow_the_chain_and_the_nodes() -> None:
    counts = {"rd_bytes": 1, "wr_bytes": 2, "rd_operations": 3, "wr_operations": 4}
    base = {"node-name": "base", "stats": {**counts, "rd_bytes": 9}}
    disk = {
        "device": "drive-vda",
        "qdev": "/machine/vda",
        "node-name": "top",
        "stats": counts,
        "parent": {"stats": {"wr_highest_offset": 512}},
        "backing": base,
    }
    other = {"node-name": "other", "stats": counts}
    found = await block.statistics(Qemu([disk], [base, other]))
    assert set(found) == {"drive-vda", "/machine/vda", "top", "drive-vda.1", "base", "other"}
    assert (found["top"].highest_write, found["base"].read_bytes, found["other"].flush_time) == (512, 9, None)


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        (lifecycle.status, {}),
        (lifecycle.version, {"qemu": {}}),
        (cpus.cpus, {}),
        (cpus.hotpluggable_cpus, [{"type": "cpu"}]),
        (cpus.io_threads, [{"id": "iothreadx", "thread-id": 1}]),
        (block.disks, [{"device": "drive-a"}]),
        (block.statistics, [{"device": "drive-a"}]),
        (character.character_devices, [{"label": "serial0"}]),
        (memory.balloon, {"actual": "much"}),
        (jobs.jobs, [{"id": "job"}]),
        (migration.capabilities, [{}]),
    ],
)
async def test_answer_of_the_wrong_shape_is_refused(command: Any, reply: Any) -> None:
    with pytest.raises(UnexpectedReply):
        await command(Qemu(reply))


async def test_guest_without_balloon_has_no_balloon_size() -> None:
    refusal = CommandFailed("query-balloon", "DeviceNotActive", "No balloon device has been activated")
    assert await memory.balloon(Qemu(refusal)) is None


async def test_memory_statistics_leave_out_what_was_never_collected() -> None:
    stats = {"stat-swap-in": 2048, "stat-free-memory": 2**64 - 1, "stat-major-faults": 7}
    found = await memory.statistics(Qemu({"stats": stats, "last-update": 5}), "/machine/balloon")
    assert found == {"swap_in": 2, "major_fault": 7, "last_update": 5}


async def test_memory_statistics_before_the_first_update_are_refused() -> None:
    refusal = CommandFailed("qom-get", "GenericError", "guest hasn't updated any stats yet")
    with pytest.raises(OperationInvalid):
        await memory.statistics(Qemu(refusal), "/machine/balloon")


def _core(number: int, path: str | None) -> HotpluggableCpu:
    return HotpluggableCpu(type="core", vcpus=2, qom_path=path, alias=None, properties={"core-id": number})


def test_cores_with_several_cpus_are_one_place() -> None:
    running = [Cpu(number, 100 + number, f"/m/a/thread[{number}]", False) for number in range(2)]
    found = combine([_core(8, None), _core(0, "/m/a")], running, 4)
    assert [(vcpu.online, vcpu.hotpluggable, vcpu.enable_order) for vcpu in found] == [
        (True, False, 1),
        (True, False, 0),
        (False, True, 0),
        (False, True, 0),
    ]
    assert [vcpu.cpu.thread if vcpu.cpu else 0 for vcpu in found] == [100, 101, 0, 0]


@pytest.mark.parametrize("maximum", [2, 6])
def test_places_that_do_not_make_the_domains_cpus_are_ignored(maximum: int) -> None:
    running = [Cpu(0, 100, "/m/a/thread[0]", False)]
    found = combine([_core(0, "/m/a"), _core(8, None)], running, maximum)
    assert [vcpu.place for vcpu in found] == [None] * maximum
    assert found[0].cpu == running[0]
