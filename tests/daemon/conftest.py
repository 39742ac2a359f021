# SPDX-License-Identifier: LGPL-2.1-or-later
"""A daemon in this process, with the scripted driver behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from covirt import drivers
from covirt.daemon.daemon import Daemon, Setup
from covirt.daemon.settings import DaemonSettings
from covirt.testing import scripted_driver
from covirt.testing.running_daemon import SETTINGS, Running, Start


@pytest.fixture
async def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    """Start daemons with given settings; they end with the test."""
    monkeypatch.setattr(drivers, "TABLE", drivers.TABLE)
    scripted_driver.install()
    started: list[Running] = []

    async def begin(settings: DaemonSettings = SETTINGS, **setup: object) -> Running:
        root = tmp_path / f"root{len(started)}"
        daemon = Daemon(Setup(root=root, privileged=True, **setup), settings)  # type: ignore[arg-type]
        await daemon.start()
        started.append(Running(daemon, root))
        return started[-1]

    yield begin
    for running in started:
        for channel in running.channels:
            await channel.close()
        await running.daemon.close()


@pytest.fixture
async def running(start: Start) -> Running:
    """A daemon with the usual settings."""
    return await start()
