# SPDX-License-Identifier: LGPL-2.1-or-later
"""The real modules, on this machine and on copies of others."""

from __future__ import annotations

import os
import pty
from pathlib import Path

import pytest

from covirt.errors import InvalidArg, OperationInvalid, SystemCallFailed
from covirt.host import real_host
from covirt.host.cgroup_layout import escape, partition_path, read_mounts, read_placement
from covirt.host.identity import Identity
from covirt.host.kvm import Kvm, KvmProblem
from covirt.host.ownership import Ownership
from covirt.host.ptys import Ptys
from covirt.host.users import Users
from covirt.values import Mac

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def test_node_agrees_with_python() -> None:
    info = real_host().node.info()
    assert info.nodes * info.sockets * info.cores * info.threads >= (os.cpu_count() or 1)
    assert info.memory * 1024 == os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def test_users() -> None:
    users = Users()
    assert users.user("root").uid == users.user("+0").uid == users.user("0").uid == 0
    assert users.group("root") == 0
    assert users.user("+4000000").name is None
    assert users.owner("root:+7") == (0, 7)
    for bad in ("", "no such user", "+", "99999999999"):
        with pytest.raises(InvalidArg):
            users.user(bad)


def test_terminal() -> None:
    terminal = Ptys().open()
    device = Ptys().connect(terminal.device)
    os.write(device, b"a\n\x03")
    assert os.read(terminal.master, 10) == b"a\n\x03"
    assert not os.get_inheritable(terminal.master)
    os.close(device)
    terminal.close()


def test_terminal_settings_come_back() -> None:
    master, device = pty.openpty()
    import termios

    before = termios.tcgetattr(device)
    kept = Ptys().set_raw(device)
    assert termios.tcgetattr(device) != before
    Ptys().restore(device, kept)
    assert termios.tcgetattr(device) == before
    os.close(master)
    os.close(device)


@needs_root
def test_files_go_back_to_their_owner(tmp_path: Path) -> None:
    disk, files = tmp_path / "disk", Ownership()
    disk.write_text("x")
    os.chown(disk, 11, 12)
    files.take(disk, 21, 22)
    files.take(disk, 21, 22)
    assert (disk.stat().st_uid, disk.stat().st_gid) == (21, 22)
    attributes = os.listxattr(disk)
    if "trusted.libvirt.security.dac" in attributes:
        assert os.getxattr(disk, "trusted.libvirt.security.ref_dac") == b"2\0"
        with pytest.raises(OperationInvalid, match="already in use"):
            files.take(disk, 31, 32)
        files.give_back(disk)
        assert disk.stat().st_uid == 21
        files.give_back(disk)
        assert (disk.stat().st_uid, disk.stat().st_gid) == (11, 12)
        assert os.listxattr(disk) == []
    else:
        files.give_back(disk)
        assert disk.stat().st_uid == 0


@needs_root
def test_what_was_remembered_before_a_reboot_counts_no_longer(tmp_path: Path) -> None:
    disk, files = tmp_path / "disk", Ownership()
    disk.write_text("x")
    try:
        os.setxattr(disk, "trusted.libvirt.security.ref_dac", b"3\0")
        os.setxattr(disk, "trusted.libvirt.security.timestamp_dac", b"1\0")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    files.take(disk, 21, 22)
    assert os.getxattr(disk, "trusted.libvirt.security.ref_dac") == b"1\0"


def test_missing_file_cannot_be_taken(tmp_path: Path) -> None:
    with pytest.raises(SystemCallFailed, match="unable to stat"):
        Ownership().take(tmp_path / "none", 1, 1)
    Ownership().give_back(tmp_path / "none")


def test_kvm_reasons(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("flags\t: fpu sse\n")
    state = Kvm(tmp_path / "kvm", tmp_path).state()
    assert state.problem is KvmProblem.NO_CPU_SUPPORT
    (tmp_path / "cpuinfo").write_text("flags\t: fpu svm\n")
    state = Kvm(tmp_path / "kvm", tmp_path).state()
    assert state.problem is KvmProblem.NO_MODULE
    assert state.hint == "load the module kvm_amd"
    (tmp_path / "kvm").touch()
    assert Kvm(tmp_path / "kvm", tmp_path).state().problem is KvmProblem.BROKEN


def test_identity(tmp_path: Path) -> None:
    uuid = "12345678-1234-1234-1234-123456789abc"
    product = tmp_path / "sys/devices/virtual/dmi/id/product_uuid"
    product.parent.mkdir(parents=True)
    product.write_text(f"{uuid}\n")
    assert str(Identity(tmp_path).uuid()) == uuid
    product.write_text("ffffffff-ffff-ffff-ffff-ffffffffffff\n")
    assert Identity(tmp_path).uuid() == Identity(tmp_path).uuid()
    assert str(Identity(tmp_path).uuid(uuid)) == uuid
    assert Identity(hostname=lambda: "a.example").hostname() == "a.example"


@needs_root
@pytest.mark.live
def test_tap_on_a_bridge() -> None:
    links = real_host().links
    bridge = links.free_name("cvtest")
    links.make_bridge(bridge, mac=Mac.parse("52:54:00:12:34:56"), delay=0)
    try:
        tap = links.make_tap("cvtap%d", queues=2)
        links.set_mac(tap.name, Mac.parse("fe:54:00:12:34:57"))
        links.set_mtu(tap.name, 1400)
        links.attach(tap.name, bridge)
        links.set_up(tap.name)
        assert links.bridge_of(tap.name) == bridge
        assert links.ports(bridge) == [tap.name]
        assert (links.mtu(tap.name), links.up(tap.name)) == (1400, True)
        assert str(links.mac(bridge)) == "52:54:00:12:34:56"
        tap.close()
        assert not links.exists(tap.name)
    finally:
        links.remove(bridge)


def test_link_errors_name_the_link() -> None:
    with pytest.raises(SystemCallFailed, match="Cannot set interface MTU on 'nosuchlink'"):
        real_host().links.set_mtu("nosuchlink", 1400)


def test_groups_of_both_versions_at_once() -> None:
    mounts = read_mounts(
        "cgroup /cg/cpu,cpuacct cgroup rw,cpuacct,cpu 0 0\ncgroup2 /cg/unified cgroup2 rw 0 0\n", lambda path: True
    )
    assert mounts.legacy == {"cpu": Path("/cg/cpu,cpuacct"), "cpuacct": Path("/cg/cpu,cpuacct")}
    assert mounts.links == {"cpu": Path("/cg/cpu"), "cpuacct": Path("/cg/cpuacct")}
    placement = read_placement("3:cpuacct,cpu:/a/libvirt/x\n0::/b/emulator\n", mounts)
    assert placement.legacy == {"cpu": "/a", "cpuacct": "/a"}
    assert placement.unified == "/b"
    assert placement.below("c").unified == "/b/c"


def test_names_that_the_kernel_uses_are_escaped() -> None:
    assert partition_path("/machine/web/a.b", ["cpu"]) == "/machine/web.partition/a.b"
    assert escape("cpu.vm", ["cpu"]) == "_cpu.vm"
    assert escape("_vm", []) == "__vm"
    assert escape("cgroup.vm", []) == "_cgroup.vm"
