# SPDX-License-Identifier: LGPL-2.1-or-later
"""Our command lines beside those of the libvirt that is installed, on the QEMU that is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from covirt.testing.private_libvirtd import installed

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("live")]


@pytest.mark.skipif(not installed(), reason="needs libvirtd and namespaces")
def test_every_difference_to_the_installed_libvirt_is_explained(project: Path) -> None:
    argv = [sys.executable, str(project / "tools" / "compare_argv.py")]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "options agree" in done.stdout
