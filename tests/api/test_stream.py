# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams: order, holes, limits, the end, and giving up."""

from __future__ import annotations

import asyncio

import pytest

from covirt.api.stream import CHUNK, LIMIT, Hole, stream_pair
from covirt.errors import InvalidStream, OperationAborted


async def test_bytes_and_holes_keep_their_order() -> None:
    one, other = stream_pair()
    await one.send(b"ab")
    await one.send_hole(4096)
    await one.send(b"c")
    await one.end()
    assert [await other.receive() for _ in range(4)] == [b"ab", Hole(4096), b"c", b""]


async def test_small_reads_take_a_piece_apart() -> None:
    one, other = stream_pair()
    await one.send(b"abc")
    assert [await other.receive(2), await other.receive(2)] == [b"ab", b"c"]


async def test_sender_waits_for_a_slow_reader() -> None:
    one, other = stream_pair()
    sending = asyncio.create_task(one.send(bytes(LIMIT + 2 * CHUNK)))
    await asyncio.sleep(0)
    assert not sending.done()
    received = 0
    while received < LIMIT + 2 * CHUNK:
        piece = await other.receive()
        assert isinstance(piece, bytes)
        received += len(piece)
    await sending


async def test_finish_waits_for_the_other_end() -> None:
    one, other = stream_pair()
    finishing = asyncio.create_task(one.finish())
    assert await other.receive() == b""
    assert not finishing.done()
    await other.finish()
    await finishing
    assert one.done


async def test_nothing_is_sent_after_the_end() -> None:
    one, _ = stream_pair()
    await one.end()
    with pytest.raises(InvalidStream):
        await one.send(b"x")


async def test_abort_wakes_both_ends() -> None:
    one, other = stream_pair()
    waiting = asyncio.create_task(other.receive())
    await asyncio.sleep(0)
    await one.abort()
    with pytest.raises(OperationAborted):
        await waiting
    with pytest.raises(OperationAborted):
        await one.receive()
