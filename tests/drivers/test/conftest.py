# SPDX-License-Identifier: LGPL-2.1-or-later
"""Facts that tests of the test driver are held against."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


@pytest.fixture
def hypervisor_support() -> dict[str, dict[str, str]]:
    """Which driver of libvirt has which call."""
    root = Path(os.environ.get("COVIRT_SHARED") or Path(__file__).resolve().parents[4] / "shared")
    path = root / "facts" / "hypervisor_support.json"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    found: dict[str, dict[str, str]] = json.loads(path.read_text())["by_api"]
    return found
