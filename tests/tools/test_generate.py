# SPDX-License-Identifier: LGPL-2.1-or-later
"""Derived text that is kept in the tree is up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_generated_files_are_not_stale(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "tools/generate.py", "--check"], cwd=project, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stdout + done.stderr
