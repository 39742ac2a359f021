# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests of the libvirt module share: no errors on standard error, and programs with a process of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import libvirt

Run = Callable[[str], str]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Errors are exceptions, and nothing else."""
    libvirt.registerErrorHandler(lambda *_: None, None)
    yield
    libvirt.registerErrorHandler(None, None)


@pytest.fixture
def conn() -> Iterator[libvirt.virConnect]:
    """The default host of the test driver, in this process."""
    opened = libvirt.open("test:///default")
    yield opened
    opened.close()


@pytest.fixture
def program(project: Path) -> Run:
    """Run a program, for an event loop can be registered only once in a process."""
    path = f"{project / 'libvirt-face' / 'src'}:{project / 'src'}"

    def run(text: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", text], env={"PYTHONPATH": path}, capture_output=True, text=True,
            timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
