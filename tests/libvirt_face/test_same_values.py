# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same session with libvirt's own binding and with ours, each against a fresh real libvirtd: the same values."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from covirt.testing.private_libvirtd import installed, private_libvirtd

pytestmark = [
    pytest.mark.live,
    pytest.mark.xdist_group("live"),
    pytest.mark.skipif(not installed(), reason="no libvirtd that may be run"),
]

SESSION = Path(__file__).with_name("session.py")
THEIRS = "/usr/bin/python3"
ANY_ORDER = {"conn.listAllDevices", "devices"}
"""Lists whose order is that of a hash table."""
CHANGING = {"block stats"}
"""Figures that the test driver computes from the time."""
DIFFERENT = {"dom.securityLabelList"}
"""libvirt's client raises an error without a cause for a guest that has no labels; we give the empty list."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def run(python: str, path: str) -> dict[str, Any]:
    """The values that a session gives; random UUIDs and the directory of the daemon are blotted out."""
    with private_libvirtd() as directory:
        uri = f"test+unix:///default?socket={directory}/libvirt-sock"
        env = {"PYTHONPATH": path, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(directory)}
        done = subprocess.run([python, str(SESSION), uri], env=env, capture_output=True, text=True)
        if "No module named 'libvirt'" in done.stderr:
            pytest.skip("libvirt's Python module is not installed")
        assert done.returncode == 0, done.stderr
        assert not done.stderr
        found: dict[str, Any] = json.loads(_UUID.sub("UUID", done.stdout).replace(str(directory), "RUN"))
    return {label: sorted(map(str, value)) if label in ANY_ORDER else value for label, value in found.items()}


def test_the_same_values(project: Path) -> None:
    theirs = run(THEIRS, "")
    ours = run(sys.executable, f"{project / 'libvirt-face' / 'src'}:{project / 'src'}")
    assert ours.keys() == theirs.keys()
    assert len(ours) > 300
    for label in theirs.keys() - CHANGING - DIFFERENT:
        assert ours[label] == theirs[label], label
