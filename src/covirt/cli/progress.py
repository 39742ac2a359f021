# SPDX-License-Identifier: LGPL-2.1-or-later
"""How far a long job on a domain is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from covirt.client.objects_generated import Domain
from covirt.errors import Error

if TYPE_CHECKING:
    from covirt.cli.shell import Shell

T = TypeVar("T")
REFRESH = 0.5


async def watched(shell: Shell, label: str, domain: Domain, job: Awaitable[T], *, show: bool) -> T:
    """Do a job and show its progress; a person at a terminal sees it without asking. Cancelling ends the job."""
    if not (show or sys.stderr.isatty()) or shell.settings.json:
        return await job
    display = asyncio.create_task(_display(label, domain), name=f"progress of {label}")
    try:
        result = await job
        _print(label, 100.0)
        return result
    except asyncio.CancelledError:
        await domain.abort_job()
        raise
    finally:
        display.cancel()
        await asyncio.gather(display, return_exceptions=True)


async def _display(label: str, domain: Domain) -> None:
    while True:
        await asyncio.sleep(REFRESH)
        try:
            info = await domain.job_info()
        except Error:
            continue
        if info.data_total:
            _print(label, done(info.data_remaining, info.data_total))


def done(remaining: int, total: int) -> float:
    """How much is done, in percent; it is only 100 when nothing remains."""
    return min(100.0 - remaining * 100.0 / total, 99.99) if remaining else 100.0


def _print(label: str, percent: float) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"\r{label}: [{int(percent * 100) / 100:5.2f} %]")
    sys.stderr.flush()
