# SPDX-License-Identifier: LGPL-2.1-or-later
"""Work ends with its owner."""

from __future__ import annotations

import asyncio

import pytest

from covirt.runtime.tasks import Tasks


async def test_closing_cancels_and_waits() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(0.01)
            ended.append("work")

    async with Tasks("guest vm1") as tasks:
        tasks.start(work(), "watch")
        await asyncio.sleep(0)
        assert tasks.names == ["guest vm1: watch"]
    assert ended == ["work"]
    with pytest.raises(RuntimeError, match="guest vm1 has ended"):
        tasks.start(work(), "late")


async def test_failure_does_not_disturb_siblings() -> None:
    async def fail() -> None:
        raise ValueError

    tasks = Tasks("guest vm1")
    sibling = tasks.start(asyncio.sleep(0.01, "done"), "sibling")
    tasks.start(fail(), "fail")
    assert await sibling == "done"
    await tasks.wait()
    await tasks.close()


async def test_owner_may_be_closed_by_one_of_its_tasks() -> None:
    tasks = Tasks("connection 1")
    other = tasks.start(asyncio.sleep(100), "other")
    await tasks.start(tasks.close(), "closer")
    assert other.cancelled()
