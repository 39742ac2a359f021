# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line as a whole: its order, what is always there, what a user adds."""

from __future__ import annotations

import json

import pytest

from covirt.drivers.qemu.command.context import PassedFile
from covirt.errors import ConfigUnsupported
from covirt.testing.starting import options, prepared, ready

DISK = "<disk type='file'><driver type='{format}'/><source file='/a'/><target dev='{target}' bus='virtio'/></disk>"


def blockdevs(lines: list[str]) -> list[dict[str, object]]:
    return [json.loads(line.split(" ", 1)[1]) for line in lines if line.startswith("-blockdev ")]


def test_plain_guest() -> None:
    lines = options()
    assert lines == [
        "-name guest=guest,debug-threads=on",
        "-S",
        '-object {"qom-type":"secret","id":"masterKey0","format":"raw","file":"/run/guest/master-key.aes"}',
        "-machine pc-i440fx-9.2,usb=off,dump-guest-core=off,memory-backend=pc.ram,acpi=off",
        "-accel tcg",
        "-m size=262144k",
        '-object {"qom-type":"memory-backend-ram","id":"pc.ram","size":268435456}',
        "-overcommit mem-lock=off",
        "-smp 1,sockets=1,cores=1,threads=1",
        "-uuid c7a5fdbd-edaf-9455-926a-d65c16db1809",
        "-display none",
        "-no-user-config",
        "-nodefaults",
        "-chardev socket,id=charmonitor,path=/run/guest/monitor.sock,server=on,wait=off",
        "-mon chardev=charmonitor,id=monitor,mode=control",
        "-rtc base=utc",
        "-no-shutdown",
        "-boot strict=on",
        '-audiodev {"id":"audio1","driver":"none"}',
        "-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
        "-msg timestamp=on",
    ]


def test_monitor_by_descriptor() -> None:
    line = next(line for line in options(descriptors={"monitor": 7}) if "charmonitor" in line)
    assert line == "-chardev socket,id=charmonitor,fd=7,server=on,wait=off"


def test_images_are_numbered_from_the_last_disk() -> None:
    devices = DISK.format(format="qcow2", target="vda") + DISK.format(format="raw", target="vdb")
    nodes = [node["node-name"] for node in blockdevs(options(devices))]
    assert nodes == ["libvirt-2-storage", "libvirt-2-format", "libvirt-1-storage", "libvirt-1-format"]


def test_raw_images_need_no_format_node_in_newer_qemu() -> None:
    nodes = blockdevs(options(DISK.format(format="raw", target="vda"), flags=["blockjob.backing-mask-protocol"]))
    assert [node["node-name"] for node in nodes] == ["libvirt-1-storage"]
    assert nodes[0]["read-only"] is False


def test_chain_is_made_from_below() -> None:
    disk = """<disk type='file'><driver type='qcow2'/><source file='/top'/>
        <backingStore type='file'><format type='raw'/><source file='/base'/><backingStore/></backingStore>
        <target dev='vda' bus='virtio'/></disk>"""
    nodes = blockdevs(options(disk))
    assert [node.get("filename") for node in nodes if "filename" in node] == ["/base", "/top"]
    assert nodes[-1]["backing"] == "libvirt-2-format"
    assert nodes[1]["read-only"] is True


def test_overrides_change_the_device() -> None:
    more = """<qemu:override xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:device alias='ua-d'>
        <qemu:frontend><qemu:property name='queue-size' type='unsigned' value='64'/>
        <qemu:property name='bus' type='remove'/></qemu:frontend></qemu:device></qemu:override>"""
    disk = DISK.format(format="raw", target="vda").replace("</disk>", "<alias name='ua-d'/></disk>")
    line = next(line for line in options(disk, more=more) if '"ua-d"' in line)
    device = json.loads(line.split(" ", 1)[1])
    assert device["queue-size"] == 64
    assert "bus" not in device


def test_arguments_of_the_user_come_before_the_enclosure() -> None:
    more = """<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
        <qemu:arg value='-foo'/><qemu:arg value='bar'/></qemu:commandline>"""
    lines = options(more=more)
    assert lines.index("-foo bar") == len(lines) - 3


def test_two_displays_of_a_kind_are_refused() -> None:
    vnc = "<graphics type='vnc' autoport='yes'/>"
    with pytest.raises(ConfigUnsupported, match="only 1 graphics device of each type"):
        options(vnc + vnc)


def test_a_set_of_descriptors_is_passed_once() -> None:
    build, _ = ready()
    build.prepared = prepared()
    build.prepared.add_set("serial0-source", PassedFile(5, "serial0-source"))
    passed = [build.pass_set("serial0-source") for _ in range(2)]
    assert [one.path for one in passed if one] == ["/dev/fdset/0"] * 2
    assert build.argv.arguments == ["-add-fd", "set=0,fd=5,opaque=serial0-source"]
