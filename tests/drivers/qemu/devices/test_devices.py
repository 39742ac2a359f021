# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU is told of single devices."""

from __future__ import annotations

import json
from typing import Any

import pytest

from covirt.drivers.qemu.devices.boot import boot_index
from covirt.drivers.qemu.devices.chardev import backend
from covirt.drivers.qemu.devices.image import detect_zeroes
from covirt.drivers.qemu.devices.interface import wants_vhost_net
from covirt.errors import ConfigUnsupported, InternalError
from covirt.model.common.sockets import Reconnect
from covirt.model.domain.devices.chardev import Chardev, SocketMode, TcpChardev, UdpChardev, UdpEnd, UnixChardev
from covirt.model.domain.devices.disk_parts import DiskDetectZeroes, DiskDiscard
from covirt.testing.starting import define, options, ready


def devices(xml: str, **more: Any) -> list[dict[str, Any]]:
    lines = options(xml, **more)
    return [json.loads(line.split(" ", 1)[1]) for line in lines if line.startswith("-device ")]


def chardev(source: Chardev, *, flat: bool, device: str | None = None) -> dict[str, Any]:
    build, _ = ready()
    build.prepared.descriptors["serial0"] = 9
    return dict(backend(build, source, "charserial0", device, flat=flat)[1])


def test_socket_flat_and_structured() -> None:
    source = UnixChardev(mode=SocketMode.BIND, path="/s")
    assert chardev(source, flat=True) == {"path": "/s", "server": True, "wait": False}
    assert chardev(source, flat=False) == {
        "addr": {"type": "unix", "data": {"path": "/s"}},
        "server": True,
        "wait": False,
    }


def test_socket_by_descriptor_has_no_path() -> None:
    source = UnixChardev(mode=SocketMode.BIND, path="/s")
    assert chardev(source, flat=True, device="serial0")["fd"] == "9"


def test_connection_says_how_it_is_made_anew() -> None:
    source = TcpChardev(host="h", service="1", reconnect=Reconnect(enabled=True, timeout=3))
    assert chardev(source, flat=True) == {"host": "h", "port": "1", "reconnect": 3}
    source = TcpChardev(host="h", service="1", reconnect=Reconnect(enabled=False))
    assert chardev(source, flat=True)["reconnect"] == 0


def test_udp_has_both_ends_in_the_flat_form() -> None:
    source = UdpChardev(ends=[UdpEnd(mode=SocketMode.CONNECT, host="h", service="1")])
    assert chardev(source, flat=True) == {"host": "h", "port": "1", "localaddr": "", "localport": "0"}
    assert "local" not in chardev(source, flat=False)


def test_kinds_of_boot_devices_give_places_to_the_first_of_each() -> None:
    disk = "<disk type='file' device='{}'><driver type='raw'/><source file='/a'/><target dev='{}' bus='{}'/></disk>"
    xml = disk.format("disk", "vda", "virtio") + disk.format("disk", "vdb", "virtio")
    guest = define(xml + disk.format("cdrom", "hdc", "ide"))
    places = {drive.target: boot_index(guest, drive) for drive in guest.devices.disks}
    assert places == {"vda": 1, "vdb": None, "hdc": None}


def test_zeroes_become_holes_only_where_holes_go_through() -> None:
    assert detect_zeroes(None, DiskDetectZeroes.UNMAP) is DiskDetectZeroes.ON
    assert detect_zeroes(DiskDiscard.UNMAP, DiskDetectZeroes.UNMAP) is DiskDetectZeroes.UNMAP
    assert detect_zeroes(None, None) is None


def test_disk_says_serial_number_with_blanks_escaped() -> None:
    xml = """<disk type='file'><driver type='raw' cache='writethrough'/><source file='/a'/>
        <target dev='vda' bus='virtio'/><serial>a b</serial></disk>"""
    (disk,) = (device for device in devices(xml) if device["id"] == "virtio-disk0")
    assert disk["serial"] == "a\\ b"
    assert disk["write-cache"] == "off"
    assert disk["driver"] == "virtio-blk-pci"


def test_card_of_the_host_is_a_host_device() -> None:
    xml = """<interface type='hostdev'><mac address='52:54:00:00:00:01'/>
        <source><address type='pci' domain='0' bus='3' slot='7' function='1'/></source></interface>"""
    (card,) = (device for device in devices(xml, flags=["vfio-pci"]) if device["id"] == "hostdev0")
    assert card["driver"] == "vfio-pci"
    assert card["host"] == "0000:03:07.1"


def test_tap_tells_its_descriptors() -> None:
    xml = """<interface type='ethernet'><mac address='52:54:00:00:00:01'/><model type='virtio'/>
        <driver queues='2'/></interface>"""
    lines = options(xml, taps={"net0": [5, 6]}, vhost_nets={"net0": [7, 8]})
    (line,) = (line for line in lines if line.startswith("-netdev "))
    assert json.loads(line.split(" ", 1)[1]) == {
        "type": "tap",
        "fds": "5:6",
        "vhost": True,
        "vhostfds": "7:8",
        "id": "hostnet0",
    }


def test_kernel_serves_virtio_cards_of_kvm_guests() -> None:
    xml = "<interface type='ethernet'><model type='{}'/><driver name='{}'/></interface>"
    virtio = define(xml.format("virtio", "vhost")).devices.interfaces[0]
    other = define(xml.format("virtio", "qemu")).devices.interfaces[0]
    assert wants_vhost_net(virtio, "x86_64", kvm=True)
    assert not wants_vhost_net(virtio, "x86_64", kvm=False)
    assert not wants_vhost_net(other, "x86_64", kvm=True)


def test_scripts_belong_to_taps() -> None:
    xml = "<interface type='user'><model type='virtio'/><script path='/s'/></interface>"
    with pytest.raises(ConfigUnsupported, match="scripts are not supported on interfaces of type user"):
        options(xml)


def test_missing_secret_is_our_mistake() -> None:
    build, _ = ready()
    with pytest.raises(InternalError, match="was not prepared"):
        build.secret("nothing")
