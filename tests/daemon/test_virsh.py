# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon with libvirt's own clients, where they are installed."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from covirt.testing.running_daemon import Running

pytestmark = pytest.mark.skipif(shutil.which("virsh") is None, reason="virsh is not installed")

PYTHON = """
import libvirt, sys
conn = libvirt.open(sys.argv[1])
guest = conn.lookupByName("guest0")
print(conn.getType(), conn.listDomainsID(), guest.info(), guest.isActive(), conn.isSecure(), conn.isEncrypted())
try:
    conn.lookupByName("nope")
except libvirt.libvirtError as error:
    print(error.get_error_code(), error.get_error_domain(), error.get_error_level(), error)
print(conn.getLibVersion(), conn.isAlive(), conn.numOfDomains())
stream = conn.newStream()
guest.openConsole(None, stream)
stream.send(b"abc")
print(stream.recv(6))
stream.finish()
"""


async def test_listing_and_lifecycle(running: Running) -> None:
    await running.connect()  # the driver forgets its guests when nobody is connected
    listed = await running.virsh("list", "--all")
    assert [line.split() for line in listed.splitlines()[2:]] == [
        ["1", "guest0", "running"],
        ["-", "guest1", "shut", "off"],
    ]
    assert await running.virsh("start", "guest1") == "Domain 'guest1' started"
    assert await running.virsh("start", "guest1") == "error: Domain is already active"
    assert await running.virsh("destroy", "guest1") == "Domain 'guest1' destroyed"
    assert await running.virsh("domstate", "guest1") == "shut off"


async def test_errors(running: Running) -> None:
    assert (await running.virsh("dominfo", "nope")).splitlines() == [
        "error: failed to get domain 'nope'",
    ]
    assert (await running.virsh("net-list")).splitlines()[-1] == (
        "error: this function is not supported by the connection driver: virConnectNumOfNetworks"
    )
    assert (await running.virsh("-r", "start", "guest1")).splitlines() == [
        "error: Failed to start domain 'guest1'",
        "error: operation forbidden: read only access prevents virDomainCreate",
    ]


async def test_events(running: Running) -> None:
    listening = asyncio.ensure_future(running.virsh("event", "--event", "lifecycle", "--timeout", "10"))
    while not any(client.state.subscriptions._entries for client in running.daemon.main.clients.values()):  # type: ignore[attr-defined]
        await asyncio.sleep(0.02)
    await running.virsh("start", "guest1")
    assert (await listening).splitlines() == [
        "event 'lifecycle' for domain 'guest1': Started Booted",
        "events received: 1",
    ]


async def test_the_admin_interface(running: Running) -> None:
    uri = f"libvirtd:///system?socket={running.run / 'libvirt-admin-sock'}"

    async def admin(*argv: str) -> list[list[str]]:
        _, text = await running.command("virt-admin", "-c", uri, *argv)
        return [line.split() for line in text.splitlines() if line.strip() and "---" not in line]

    conn = await running.connect()
    assert await admin("srv-list") == [["Id", "Name"], ["0", "libvirtd"], ["1", "admin"]]
    (_, client) = await admin("client-list", "libvirtd")
    assert client[:2] == ["1", "unix"]
    facts = await admin("client-info", "libvirtd", "1")
    found = dict((line[0], line[2]) if len(line) == 3 else (line[0], "") for line in facts)
    assert found["readonly"] == "no"
    assert found["unix_user_name"] == "root"
    assert await admin("srv-clients-set", "libvirtd", "--max-clients", "77") == []
    assert running.daemon.main.limits.max_clients == 77
    assert await admin("srv-threadpool-set", "libvirtd", "--max-workers", "33") == []
    assert ["maxWorkers", ":", "33"] in await admin("srv-threadpool-info", "libvirtd")
    assert await admin("daemon-log-filters", "1:qemu 3:daemon") == []
    assert (await admin("daemon-log-filters"))[0][2:] == ["1:qemu", "3:daemon"]
    assert await admin("client-disconnect", "libvirtd", "1") == [["Client", "'1'", "disconnected"]]
    assert not conn.channel.alive
    assert " ".join((await admin("srv-clients-info", "nope"))[0]) == "error: Server not found: No server named 'nope'"


async def test_libvirts_python_module(running: Running) -> None:
    status, text = await running.command("/usr/bin/python3", "-c", PYTHON, running.uri())
    assert status == 0, text
    assert [line for line in text.splitlines() if not line.startswith("libvirt: ")] == [
        "SCRIPTED [1] [1, 1048576, 1048576, 2, 0] 1 1 0",
        "42 12 2 Domain not found: no domain with matching name 'nope'",
        "11003000 1 1",
        "b'abcabc'",
    ]
