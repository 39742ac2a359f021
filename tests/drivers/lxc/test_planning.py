# SPDX-License-Identifier: LGPL-2.1-or-later
"""From definitions and configurations to plans."""

from __future__ import annotations

from pathlib import Path

import pytest

from covirt.drivers.lxc.controller.plan import LinkPlan, MountPlan, NodePlan, Plan
from covirt.drivers.lxc.controller.privileges import filter_code
from covirt.drivers.lxc.native import read_native
from covirt.drivers.lxc.planning import capabilities_of, check_possible, make_plan
from covirt.drivers.lxc.reading import Circumstances, read_definition
from covirt.errors import ArgumentUnsupported, ConfigUnsupported, InternalError, InvalidArg
from covirt.host.capabilities import Capability
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.feature_parts import Capabilities, CapabilityPolicy

HOST = Circumstances(arch="x86_64")


def define(inside: str = "", devices: str = "") -> DomainDefinition:
    return read_definition(
        f"""<domain type='lxc'><name>c</name><memory>65536</memory><os><type>exe</type><init>/init</init></os>{inside}
        <devices><filesystem><source dir='/'/><target dir='/'/></filesystem>{devices}</devices></domain>""",
        HOST,
    )


def plan(guest: DomainDefinition) -> Plan:
    return make_plan(guest, staging=Path("/staging"), groups=[], links=[], nodes=[])


def test_a_plan_survives_its_journey() -> None:
    there = Plan(
        name="x",
        hostname="x",
        root="/r",
        staging="/s",
        argv=["/init"],
        mounts=[MountPlan(kind="ram", target="/tmp", size=1)],
        nodes=[NodePlan(path="/dev/x", mode=0o20666, major=1, minor=2)],
        links=[LinkPlan(host="vnet0.c", guest="eth0", up=True)],
    )
    assert Plan.from_json(there.to_json()) == there


def test_the_usual_container_cannot_load_modules_or_make_nodes() -> None:
    usual = capabilities_of(None)
    assert {Capability.SYS_MODULE, Capability.MKNOD}.isdisjoint(usual)
    assert Capability.SYS_BOOT in usual, "its own reboot is harmless"


def test_policies_and_their_exceptions() -> None:
    deny = Capabilities(policy=CapabilityPolicy.DENY, states={"chown": True})
    assert capabilities_of(deny) == {Capability.CHOWN}
    allow = Capabilities(policy=CapabilityPolicy.ALLOW, states={"mknod": False})
    assert capabilities_of(allow) == set(Capability) - {Capability.MKNOD}


def test_init_with_all_that_is_said_of_it() -> None:
    text = "<idmap><uid start='0' target='1000' count='10'/><gid start='0' target='1000' count='10'/></idmap>"
    found = plan(define(text, "<console type='pty'/>"))
    assert (found.argv, found.consoles, found.users) == (["/init"], 1, [(0, 1000, 10)])
    assert found.env["container"] == "lxc-libvirt"
    assert found.env["container_ttys"] == "tty1"
    assert not found.private_network
    assert plan(define("<features><privnet/></features>")).private_network


def test_what_is_not_there_is_refused() -> None:
    disk = "<disk type='block' device='disk'><source dev='/dev/x'/><target dev='sda'/></disk>"
    with pytest.raises(ConfigUnsupported, match="disks of containers"):
        check_possible(define(devices=disk))


def test_other_types_of_guests_are_refused() -> None:
    text = "<domain type='kvm'><name>c</name><memory>1024</memory><os><type>hvm</type></os></domain>"
    with pytest.raises(ConfigUnsupported):
        read_definition(text, HOST)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("lxc.mount.fstab = /etc/x", ArgumentUnsupported),
        ("lxc.mount.entry = tmpfs run tmpfs defaults 0 0", InternalError),
        ("lxc.mount.entry = tmpfs run tmpfs size=5% 0 0", InternalError),
        ("lxc.net.0.ipv4.address = 1.2.3.4", InvalidArg),
        ("lxc.net.0.type = phys", ConfigUnsupported),
        ("lxc.idmap = x 1 2 3", InternalError),
        ("lxc.cgroup.cpu.shares = many", InternalError),
    ],
)
def test_bad_configurations_are_refused(line: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_native(f"lxc.rootfs.path = /r\nlxc.uts.name = n\n{line}\n")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_jumps_only_forward_and_ends(machine: str) -> None:
    code = filter_code(machine)
    for place, instruction in enumerate(code):
        if instruction[0] in (0x15, 0x35):
            assert place + 1 + max(instruction[2], instruction[3]) < len(code)
    assert code[-1][0] == 0x06
    assert filter_code("unknown") == []
