# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keepalive: how long silence may last."""

from __future__ import annotations

import pytest

from covirt.errors import InternalError
from covirt.wire.keepalive import PING, Due, Keepalive


def test_messages_have_only_a_header() -> None:
    assert PING.hex() == "0000001c6b6565700000000100000001000000020000000000000000"


def test_silence_ends_after_count_plus_one_intervals() -> None:
    keepalive = Keepalive(5, 2, now=0)
    assert keepalive.deadline == 5
    assert [keepalive.due(now) for now in (4.9, 5, 9, 10, 15)] == [
        Due.NOTHING,
        Due.PING,
        Due.NOTHING,
        Due.PING,
        Due.DEAD,
    ]


def test_any_message_starts_the_count_afresh() -> None:
    keepalive = Keepalive(5, 1, now=0)
    assert keepalive.due(5) is Due.PING
    keepalive.heard(6)
    assert keepalive.deadline == 11
    assert keepalive.due(11) is Due.PING
    assert keepalive.due(16) is Due.DEAD


def test_count_zero_sends_no_ping() -> None:
    assert Keepalive(5, 0, now=0).due(5) is Due.DEAD


@pytest.mark.parametrize("interval", [0, -1])
def test_an_interval_of_zero_switches_it_off(interval: int) -> None:
    keepalive = Keepalive(interval, 5, now=0)
    assert keepalive.deadline is None
    assert keepalive.due(10**9) is Due.NOTHING


def test_the_interval_has_a_limit() -> None:
    with pytest.raises(InternalError, match="too large"):
        Keepalive(2147484, 5, now=0)
