# SPDX-License-Identifier: LGPL-2.1-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from covirt.errors import SystemCallFailed
from covirt.host.mounts import Mounts

TABLE = """\
/dev/sda1 / ext4 rw 0 0
host:/nfs /nfs nfs4 rw,relatime 0 0
dev /nfs/blah devtmpfs rw 0 0
host:/gv0 /gluster fuse.glusterfs rw 0 0
tmpfs /a\\040b tmpfs rw 0 0
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Mounts:
    (tmp_path / "mounts").write_text(TABLE)
    return Mounts(tmp_path / "mounts")


def test_longest_directory_tells_the_mount(mounts: Mounts) -> None:
    assert [mounts.shared(path) for path in ("/nfs/x", "/nfs/blah/x", "/nfsx", "/gluster")] == [
        True,
        False,
        False,
        True,
    ]
    assert [mounts.coherent(path) for path in ("/nfs/x", "/gluster/x")] == [False, True]


def test_owner_of_the_host_may_say_that_a_directory_is_shared(mounts: Mounts) -> None:
    assert mounts.shared("/srv/images/a", ["/srv/images"])


def test_mounts_below_a_directory_come_with_the_upper_ones_first(mounts: Mounts) -> None:
    assert mounts.below("/nfs") == ["/nfs", "/nfs/blah"]
    assert mounts.below("/a b") == ["/a b"]


def test_missing_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemCallFailed, match="Failed to read"):
        Mounts(tmp_path / "none").all()
