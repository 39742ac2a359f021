# SPDX-License-Identifier: LGPL-2.1-or-later
"""Roots of containers for tests: busybox and nothing else."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSYBOX = Path("/bin/busybox")
APPLETS = (
    "sh",
    "init",
    "sleep",
    "cat",
    "echo",
    "id",
    "mount",
    "ls",
    "grep",
    "dd",
    "true",
    "poweroff",
    "reboot",
    "kill",
)


def possible() -> str | None:
    """Why containers cannot be tested here, or None."""
    if os.geteuid() != 0:
        return "only root can make containers"
    return None if BUSYBOX.exists() else f"{BUSYBOX} is not installed"


@contextmanager
def open_directory() -> Iterator[Path]:
    """A directory that the users of containers can reach, too."""
    with tempfile.TemporaryDirectory(prefix="containers-", dir="/var/tmp") as name:
        directory = Path(name)
        directory.chmod(0o755)
        yield directory


def busybox_root(directory: Path, *, owner: int = 0) -> Path:
    """A root directory in which `/bin/sh` and some more work; `owner` is its root's number on the host."""
    for name in ("bin", "sbin", "etc", "proc", "sys", "dev", "tmp", "root"):
        (directory / name).mkdir(parents=True)
    shutil.copy(BUSYBOX, directory / "bin" / "busybox")
    for name in APPLETS:
        (directory / "bin" / name).symlink_to("busybox")
    (directory / "sbin" / "init").symlink_to("../bin/busybox")
    if owner:
        for parent, _, files in os.walk(directory):
            for path in (parent, *(os.path.join(parent, file) for file in files)):
                os.chown(path, owner, owner, follow_symlinks=False)
    return directory
