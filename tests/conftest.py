# SPDX-License-Identifier: LGPL-2.1-or-later
"""What all tests share: where facts and corpus lie, and that live tests run one after the other."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep live tests in one process of a parallel run: they measure, and share the machine's networks and devices."""
    for item in items:
        if item.get_closest_marker("live"):
            item.add_marker(pytest.mark.xdist_group("live"))


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A directory with a short name: below pytest's own ones the path of a UNIX socket would be too long."""
    with tempfile.TemporaryDirectory(prefix="covirt-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with `facts/` and `corpus/`: `$COVIRT_SHARED`, or `shared` beside the checkout."""
    directory = Path(os.environ.get("COVIRT_SHARED") or ROOT.parent / "shared")
    if not directory.is_dir():
        pytest.skip(f"no facts and corpus in {directory}")
    return directory
