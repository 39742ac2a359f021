# SPDX-License-Identifier: LGPL-2.1-or-later
"""The loop and the detector of what blocks it."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from covirt.runtime.loop import BlockingDetector, in_thread, run


def test_run_gives_the_result() -> None:
    async def main() -> str:
        return f"{await in_thread(lambda x: x + 1, 4)} {threading.current_thread().name}"

    assert run(main()) == "5 MainThread"


async def test_blocking_call_is_found_with_its_place() -> None:
    detector = BlockingDetector(0.05)
    with detector.watch():
        await asyncio.sleep(0)
        time.sleep(0.3)
        await asyncio.sleep(0)
    with pytest.raises(AssertionError, match=r"time\.sleep\(0\.3\)"):
        detector.check()


async def test_quick_work_is_no_blockage() -> None:
    detector = BlockingDetector(0.2)
    with detector.watch():
        for _ in range(100):
            await asyncio.sleep(0)
        await in_thread(time.sleep, 0.3)
    detector.check()
