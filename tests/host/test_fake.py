# SPDX-License-Identifier: LGPL-2.1-or-later
"""The machine in memory, and that it keeps up with the real one."""

from __future__ import annotations

import inspect
import os
from dataclasses import fields
from pathlib import Path

import pytest

from covirt.errors import ConfigUnsupported, OperationInvalid, SystemCallFailed
from covirt.host import Host
from covirt.host.fake import fake_host
from covirt.host.fake.kvm import FakeKvm
from covirt.host.fake.links import FakeLinks
from covirt.host.fake.ownership import FakeOwnership
from covirt.host.kvm import KvmProblem, KvmState
from covirt.values import Mac

READ_ONLY_TWINS = {"node"}
"""Parts whose real code reads invented files."""


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return fake_host(tmp_path)


@pytest.mark.parametrize("part", sorted({one.name for one in fields(Host)} - READ_ONLY_TWINS))
def test_twin_has_all_that_the_real_one_has(part: str, host: Host) -> None:
    twin = type(getattr(host, part))
    real = twin.__mro__[1]
    assert real.__module__ == f"covirt.host.{twin.__module__.rpartition('.')[2]}"
    for name, method in inspect.getmembers(real, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.signature(getattr(twin, name)) == inspect.signature(method), name


def test_node_is_the_invented_one(host: Host) -> None:
    info = host.node.info()
    assert (info.model, info.cpus, info.cores, info.memory, info.mhz) == ("x86_64", 4, 4, 8 << 20, 2000)
    (cell,) = host.node.topology.cells()
    assert len(cell.places) == 4
    assert cell.distances == {0: 10}
    assert host.node.cpus.times(3).user == host.node.cpus.times().user == 1_000_000_000


def test_files_are_lent_and_given_back() -> None:
    files, disk = FakeOwnership(), Path("/disk")
    files.chown(disk, 5, 5)
    files.take(disk, 7, 8)
    files.take(disk, 7, 8)
    with pytest.raises(OperationInvalid):
        files.take(disk, 9, 9)
    files.give_back(disk)
    assert files.owner(disk) == (7, 8)
    files.give_back(disk)
    assert files.owner(disk) == (5, 5)


def test_links() -> None:
    links = FakeLinks()
    links.make_bridge("br0", mac=Mac.parse("52:54:00:00:00:09"))
    tap = links.make_tap("vnet%d", queues=2)
    assert tap.name == "vnet0"
    assert len(tap.fds) == 2
    links.attach(tap.name, "br0")
    assert links.ports("br0") == ["vnet0"]
    assert links.free_name() == "vnet1"
    with pytest.raises(SystemCallFailed):
        links.attach(tap.name, "br1")
    tap.close()


def test_kvm_says_why_not() -> None:
    kvm = FakeKvm(KvmState(KvmProblem.NO_PERMISSION, "no", "join the group"))
    with pytest.raises(ConfigUnsupported, match="no permission to open the device") as caught:
        kvm.require()
    assert caught.value.hint == "join the group"


def test_guest_has_a_group(host: Host) -> None:
    group = host.cgroups.guest("qemu", "1-vm", partition="/machine/web")
    assert group.placement.unified == "/machine/web.partition/1-vm.libvirt-qemu"
    group.put(42)
    group.write("cpu", "cpu.weight", 200)
    assert group.processes() == [42]
    assert group.read("cpu", "cpu.weight") == "200"
    group.remove()
    assert not group.exists


def test_terminal_carries_bytes(host: Host) -> None:
    pty = host.ptys.open(blocking=True)
    guest = host.ptys.connect(pty.device)
    os.write(guest, b"hello")
    assert os.read(pty.master, 10) == b"hello"
    os.close(guest)
    pty.close()
    host.ptys.close()  # type: ignore[attr-defined]
