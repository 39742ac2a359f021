# SPDX-License-Identifier: LGPL-2.1-or-later
"""Events reach who listens, and nobody waits for them."""

from __future__ import annotations

import asyncio

from covirt.runtime.bus import Bus, Overflow


async def test_events_come_in_order_to_who_wants_them() -> None:
    bus = Bus()
    with bus.subscribe(int, lambda number: number % 2 == 0) as even, bus.subscribe(str) as words:
        for event in (1, 2, "a", 3, 4):
            bus.publish(event)
        assert [await anext(even), await anext(even)] == [2, 4]
        assert await anext(words) == "a"


async def test_reader_waits_for_the_next_event() -> None:
    bus = Bus()
    with bus.subscribe(int) as numbers:
        waiting = asyncio.create_task(anext(numbers))
        await asyncio.sleep(0)
        bus.publish(7)
        assert await waiting == 7


async def test_slow_reader_loses_the_oldest_and_learns_it() -> None:
    bus = Bus()
    with bus.subscribe(int, limit=2) as numbers:
        for number in range(5):
            bus.publish(number)
        assert [await anext(numbers), await anext(numbers)] == [3, 4]
        assert numbers.dropped == 3


async def test_slow_reader_may_be_closed_instead() -> None:
    bus = Bus()
    numbers = bus.subscribe(int, limit=2, overflow=Overflow.CLOSE)
    for number in range(5):
        bus.publish(number)
    assert [number async for number in numbers] == [0, 1]
    assert numbers.overflowed


async def test_closing_ends_readers() -> None:
    bus = Bus()
    numbers = bus.subscribe(int)
    bus.publish(1)
    bus.close()
    bus.publish(2)
    assert [number async for number in numbers] == [1]


def test_failing_listener_harms_nobody() -> None:
    def fail(number: int) -> None:
        raise ValueError

    bus, seen = Bus(), list[int]()
    bus.on(int, fail)
    bus.on(int, seen.append)
    bus.publish(1)
    assert seen == [1]
