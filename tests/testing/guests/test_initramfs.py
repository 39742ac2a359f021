# SPDX-License-Identifier: LGPL-2.1-or-later
import shutil
import subprocess
from pathlib import Path

import pytest

from covirt.testing.guests.initramfs import Initramfs


def sample() -> Initramfs:
    root = Initramfs()
    root.file("etc/rc", "#!/bin/sh\n", executable=True)
    root.link("init", "etc/rc")
    root.character_device("dev/console", 5, 1)
    return root


def test_archive_begins_with_parents_and_ends_with_trailer() -> None:
    archive = sample().archive()
    assert archive.index(b"etc\0") < archive.index(b"etc/rc\0")
    assert archive.startswith(b"070701")
    assert b"TRAILER!!!\0" in archive
    assert len(archive) % 4 == 0


def test_same_tree_gives_same_bytes() -> None:
    assert sample().archive() == sample().archive()


@pytest.mark.skipif(shutil.which("cpio") is None, reason="cpio is not installed")
def test_cpio_reads_it(tmp_path: Path) -> None:
    listing = subprocess.run(["cpio", "-tv", "--quiet"], input=sample().archive(), capture_output=True, check=True)
    lines = listing.stdout.decode().splitlines()
    assert lines[1].startswith("-rwxr-xr-x")
    assert lines[2].endswith("init -> etc/rc")
    assert lines[4].startswith("crw-------")
