# SPDX-License-Identifier: LGPL-2.1-or-later
"""Huge pages, capabilities, system call filters."""

from __future__ import annotations

from pathlib import Path

from covirt.host.capabilities import Capability, effective, system_calls_can_be_filtered
from covirt.host.hugepages import HugePageMount, huge_page_mounts, transparent_page_size


def test_huge_page_mounts(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 5 kB\nHugepagesize:       2048 kB\n")
    (tmp_path / "mounts").write_text(
        "hugetlbfs /dev/hugepages hugetlbfs rw,relatime 0 0\n"
        "none /dev/hugepages1G hugetlbfs rw,pagesize=1024M 0 0\n"
        "tmpfs /tmp tmpfs rw,pagesize=7 0 0\n"
    )
    assert huge_page_mounts(tmp_path) == [
        HugePageMount(Path("/dev/hugepages"), 2048, True),
        HugePageMount(Path("/dev/hugepages1G"), 1048576, False),
    ]


def test_kernel_without_huge_pages(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 5 kB\n")
    (tmp_path / "mounts").write_text("none /huge hugetlbfs rw 0 0\n")
    assert huge_page_mounts(tmp_path) == []
    assert transparent_page_size(tmp_path) is None


def test_capabilities(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tx\nCapEff:\t0000000000001400\n")
    assert effective(status) == {Capability.NET_BIND_SERVICE, Capability.NET_ADMIN}
    assert not system_calls_can_be_filtered(status)
    assert isinstance(effective(), frozenset)
