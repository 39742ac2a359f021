# SPDX-License-Identifier: LGPL-2.1-or-later
"""Polkit, played by a scripted authority on a private bus."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

from covirt.access.attributes import attributes_of
from covirt.access.authority import Authority
from covirt.access.polkit import PolkitAccess
from covirt.api.access import Right
from covirt.api.connect.auth import AuthType
from covirt.api.handles import Domain, DomainSnapshot, Network, NetworkPort, Secret, StorageVol
from covirt.api.request import ClientIdentity
from covirt.daemon.auth import Authentication
from covirt.daemon.connection import Origin, Transport
from covirt.errors import AuthFailed, AuthUnavailable
from covirt.values import Uuid

needs_bus = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed")

CLIENT = ClientIdentity(user_name="fred", user_id=1000, process_id=42, process_time=4711)
GUEST = Domain("vm1", Uuid(bytes(16)), 1)
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>unix:path={}</listen><policy context="default"><allow send_destination="*"/><allow own="*"/>
<allow receive_sender="*"/><allow user="*"/></policy></busconfig>
"""


class ScriptedAuthority:
    """Answers yes to some actions and remembers what it was asked."""

    def __init__(self, bus: MessageBus) -> None:
        self.allowed: set[str] = set()
        self.asked: list[list[Any]] = []
        bus.add_message_handler(self._answer)

    def _answer(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or message.member != "CheckAuthorization":
            return None
        self.asked.append(message.body)
        return Message.new_method_return(message, "(bba{ss})", [[message.body[1] in self.allowed, False, {}]])


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    (tmp_path / "bus.conf").write_text(CONFIG.format(tmp_path / "bus"))
    process = await asyncio.create_subprocess_exec(
        "dbus-daemon", "--nofork", "--print-address", f"--config-file={tmp_path / 'bus.conf'}",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    yield (await process.stdout.readline()).decode().strip()
    process.terminate()
    await process.wait()


@pytest.fixture
async def polkit(address: str) -> AsyncIterator[ScriptedAuthority]:
    bus = await MessageBus(address, BusType.SYSTEM).connect()
    await bus.request_name("org.freedesktop.PolicyKit1")
    yield ScriptedAuthority(bus)
    bus.disconnect()


@needs_bus
async def test_a_right_is_an_action_with_details(address: str, polkit: ScriptedAuthority) -> None:
    authority = Authority(address)
    access = PolkitAccess(authority)
    right = Right.parse("domain:send_input")
    assert not await access.allows(CLIENT, "QEMU", right, GUEST)
    polkit.allowed.add("org.libvirt.api.domain.send-input")
    assert await access.allows(CLIENT, "QEMU", right, GUEST)
    (kind, about), action, details, flags, _ = polkit.asked[-1]
    assert (kind, action, flags) == ("unix-process", "org.libvirt.api.domain.send-input", 0)
    assert {name: value.value for name, value in about.items()} == {"pid": 42, "start-time": 4711, "uid": 1000}
    assert details == {"connect_driver": "QEMU", "domain_name": "vm1", "domain_uuid": str(Uuid(bytes(16)))}
    await authority.close()


@needs_bus
@pytest.mark.parametrize(
    ("read_only", "action"), [(True, "org.libvirt.unix.monitor"), (False, "org.libvirt.unix.manage")]
)
async def test_a_socket_is_an_action(address: str, polkit: ScriptedAuthority, read_only: bool, action: str) -> None:
    authority = Authority(address)
    origin = Origin(transport=Transport.UNIX, address="127.0.0.1:0", read_only=read_only)
    client = Authentication(AuthType.POLKIT, origin, CLIENT, polkit=authority)
    assert client.offered() == [AuthType.POLKIT]
    with pytest.raises(AuthFailed):
        await client.ask_polkit()
    polkit.allowed.add(action)
    await client.ask_polkit()
    assert client.complete
    await authority.close()


@needs_bus
async def test_without_polkit_nobody_is_let_in(address: str) -> None:
    authority = Authority(address)
    with pytest.raises(AuthUnavailable):
        await authority.allows("org.libvirt.unix.manage", CLIENT)
    await authority.close()


async def test_without_a_bus_nobody_is_let_in(tmp_path: Path) -> None:
    with pytest.raises(AuthUnavailable):
        await Authority(f"unix:path={tmp_path / 'none'}").allows("org.libvirt.unix.manage", CLIENT)


async def test_an_unknown_process_may_do_nothing() -> None:
    assert not await Authority("unix:path=/none").allows("org.libvirt.unix.manage", ClientIdentity())


def test_attributes() -> None:
    uuid = Uuid(bytes(16))
    assert attributes_of(DomainSnapshot("s", GUEST)) == attributes_of(GUEST)
    assert attributes_of(NetworkPort(Network("n", uuid), uuid))["port_uuid"] == str(uuid)
    assert attributes_of(Secret(uuid, 2, "ceph")) == {"secret_uuid": str(uuid), "secret_usage_ceph": "ceph"}
    assert attributes_of(Secret(uuid, 0, "")) == {"secret_uuid": str(uuid)}
    assert attributes_of(StorageVol("p", "v", "k")) == {"pool_name": "p", "vol_name": "v", "vol_key": "k"}
