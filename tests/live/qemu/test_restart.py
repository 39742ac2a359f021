# SPDX-License-Identifier: LGPL-2.1-or-later
"""Guests outlive the process that started them, whatever happens to it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import covirt
from covirt.api.domain.states import DomainRunningReason, DomainState
from covirt.errors import NoSuchDomain
from covirt.testing.torture import leftovers, processes, tidy, torture

Document = Callable[..., str]

_PROGRAM = """
import asyncio, json, sys, covirt
async def main():
    root, *documents = json.loads(sys.argv[1])
    connection = await covirt.open(f"qemu:///embed?root={root}")
    defined = await connection.define_xml(documents[0])
    await defined.create()
    await connection.create_xml(documents[1])
    print(json.dumps(await defined.xml_desc()), flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def start_and_kill(root: Path, *documents: str) -> str:
    """Start guests in a process and kill it; gives the description of the first guest."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _PROGRAM, json.dumps([str(root), *documents]), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    told = await asyncio.wait_for(process.stdout.readline(), 30)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    description: str = json.loads(told)
    return description


async def test_guests_are_found_again_as_they_were(root: Path, document: Document) -> None:
    before = await start_and_kill(root, document("kept"), document("passing"))
    connection = await covirt.open(f"qemu:///embed?root={root}")
    try:
        kept, passing = await connection.lookup_by_name("kept"), await connection.lookup_by_name("passing")
        assert await kept.xml_desc() == before
        assert await kept.state() == (DomainState.RUNNING, DomainRunningReason.BOOTED)
        assert (await kept.is_persistent(), await passing.is_persistent()) == (True, False)
        await kept.suspend()
        assert (await kept.state()).state is DomainState.PAUSED
        await passing.destroy()
        with pytest.raises(NoSuchDomain):
            await connection.lookup_by_name("passing")
        await kept.destroy()
        assert not processes(root)
    finally:
        await connection.close()


async def test_a_guest_that_ended_meanwhile_is_off(root: Path, document: Document) -> None:
    await start_and_kill(root, document("kept"), document("passing"))
    for number in processes(root):
        os.kill(number, signal.SIGKILL)
    connection = await covirt.open(f"qemu:///embed?root={root}")
    assert [domain.name for domain in await connection.list_all_domains()] == ["kept"]
    assert not await (await connection.lookup_by_name("kept")).is_active()
    await connection.close()
    assert leftovers(root) == []


async def test_autostart_starts_once_after_a_boot(root: Path, document: Document) -> None:
    conn = await covirt.open(f"qemu:///embed?root={root}")
    domain = await conn.define_xml(document())
    await domain.set_autostart(True)
    await conn.close()
    (root / "run/qemu/autostarted").unlink()
    again = await covirt.open(f"qemu:///embed?root={root}")
    found = await again.lookup_by_name("vm")
    async with asyncio.timeout(20):
        while not await found.is_active():
            await asyncio.sleep(0.02)
    await found.destroy()
    await again.close()


@pytest.mark.timeout(180)
async def test_killed_at_any_moment_nothing_is_lost_or_left(root: Path) -> None:
    report = await torture(root, 12, seed=3)
    await tidy(root)
    assert report.faults == []
    assert report.steps > 0
    assert leftovers(root) == []
    assert processes(root) == []
