# SPDX-License-Identifier: LGPL-2.1-or-later
"""virt-install, unmodified, creates a guest through our module."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

PYTHON = "/usr/bin/python3"
PROGRAM = shutil.which("virt-install")


def versions_agree() -> bool:
    """Can the system's Python use what is installed for ours?"""
    if PROGRAM is None or not Path(PYTHON).exists():
        return False
    told = subprocess.run([PYTHON, "--version"], capture_output=True, text=True).stdout.split()[-1]
    return tuple(map(int, told.split(".")[:2])) == sys.version_info[:2]


@pytest.mark.skipif(not versions_agree(), reason="no virt-install for this version of Python")
def test_a_guest_of_the_test_driver(project: Path, tmp_path: Path) -> None:
    assert PROGRAM is not None
    paths = [project / "libvirt-face" / "src", project / "src", sysconfig.get_path("purelib")]
    argv = [PYTHON, PROGRAM, "--connect", "test:///default", "--name", "made", "--memory", "64", "--disk", "none",
            "--import", "--osinfo", "generic", "--noautoconsole"]  # fmt: skip
    env = {"PYTHONPATH": ":".join(map(str, paths)), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    assert "Domain creation completed" in done.stdout
