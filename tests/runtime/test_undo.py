# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes that fail half way leave nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from covirt.runtime.undo import Undo


@pytest.fixture
def taken() -> list[str]:
    return []


async def test_steps_are_taken_back_in_reverse(taken: list[str]) -> None:
    async def later(label: str) -> None:
        await asyncio.sleep(0)
        taken.append(label)

    @asynccontextmanager
    async def helper() -> AsyncIterator[int]:
        yield 5
        taken.append("helper")

    @contextmanager
    def link() -> Iterator[int]:
        yield 6
        taken.append("link")

    with pytest.raises(ValueError, match="no"):  # noqa: PT012
        async with Undo("start vm1") as undo:
            undo.push("file", taken.append, "file")
            undo.push("group", later, "group")
            assert await undo.enter(helper(), "helper") == 5
            assert await undo.enter(link()) == 6
            assert undo.steps == ["file", "group", "helper", "_GeneratorContextManager"]
            raise ValueError("no")
    assert taken == ["link", "helper", "group", "file"]


async def test_kept_change_stays(taken: list[str]) -> None:
    async with Undo("start vm1") as undo:
        undo.push("file", taken.append, "file")
        undo.keep()
    assert taken == []


async def test_unkept_change_goes_even_without_an_error(taken: list[str]) -> None:
    async with Undo("start vm1") as undo:
        undo.push("file", taken.append, "file")
    assert taken == ["file"]


async def test_failing_step_does_not_stop_the_others(taken: list[str]) -> None:
    def fail() -> None:
        raise OSError("busy")

    with pytest.raises(ValueError, match="no") as caught:  # noqa: PT012
        async with Undo("start vm1") as undo:
            undo.push("first", taken.append, "first")
            undo.push("second", fail)
            raise ValueError("no")
    assert taken == ["first"]
    assert "while taking back 'second' of 'start vm1'" in caught.value.__notes__[0]
    with pytest.raises(ExceptionGroup, match="could not be taken back"):
        async with Undo("start vm1") as undo:
            undo.push("second", fail)


async def test_cancellation_does_not_stop_it(taken: list[str]) -> None:
    going = asyncio.Event()

    async def slow() -> None:
        going.set()
        await asyncio.sleep(0.05)
        taken.append("slow")

    async def change() -> None:
        async with Undo("start vm1") as undo:
            undo.push("first", taken.append, "first")
            undo.push("slow", slow)
            raise ValueError

    task = asyncio.create_task(change())
    await going.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert taken == ["slow", "first"]
