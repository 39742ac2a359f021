# SPDX-License-Identifier: LGPL-2.1-or-later
"""Real guests come, change and go."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import covirt
from covirt.api.domain.events import DomainEventType, Lifecycle, Reboot
from covirt.api.domain.lifecycle import DomainCreateFlags, DomainDestroyFlags
from covirt.api.domain.states import (
    DomainPausedReason,
    DomainRunningReason,
    DomainShutoffReason,
    DomainState,
)
from covirt.client.objects_generated import Connection, Domain
from covirt.errors import ConfigUnsupported, Error, InternalError, NoSuchDomain, OperationInvalid
from covirt.host.kvm import Kvm
from covirt.testing.guests.rom import BANNER, POWER_OFF, RESET

Document = Callable[..., str]


async def test_start_pause_resume_and_destroy(conn: Connection, document: Document) -> None:
    domain = await conn.define_xml(document())
    await domain.create()
    assert await domain.state() == (DomainState.RUNNING, DomainRunningReason.BOOTED)
    await domain.suspend()
    assert await domain.state() == (DomainState.PAUSED, DomainPausedReason.USER)
    await domain.resume()
    assert await domain.state() == (DomainState.RUNNING, DomainRunningReason.UNPAUSED)
    await domain.destroy()
    assert await domain.state() == (DomainState.SHUTOFF, DomainShutoffReason.DESTROYED)


async def test_power_button_ends_the_guest(conn: Connection, document: Document) -> None:
    domain = await conn.create_xml(document(), DomainCreateFlags.PAUSED)
    async with talk(domain):
        pass
    async with conn.events(Lifecycle, None) as events, asyncio.timeout(20):
        await domain.shutdown()
        seen = []
        async for event in events:
            seen.append(event.event)
            if event.event is DomainEventType.STOPPED:
                break
    assert seen[-2:] == [DomainEventType.SHUTDOWN, DomainEventType.STOPPED]
    with pytest.raises(NoSuchDomain):
        await conn.lookup_by_name("vm")


@asynccontextmanager
async def talk(domain: Domain, data: bytes = b"") -> AsyncIterator[None]:
    """Let a paused guest go, wait for its banner on the console, send it something, and stay connected."""
    stream = await domain.open_console(None)
    await domain.resume()
    seen = b""
    async with asyncio.timeout(20):
        while BANNER.encode() not in seen:
            piece = await stream.receive()
            assert isinstance(piece, bytes)
            assert piece, "the console has ended"
            seen += piece
    await stream.send(data)
    yield
    await stream.abort()


async def test_guest_that_powers_itself_off_is_off(conn: Connection, document: Document) -> None:
    domain = await conn.define_xml(document())
    await domain.create_with_flags(DomainCreateFlags.PAUSED)
    async with conn.events(Lifecycle, domain) as events, asyncio.timeout(20), talk(domain, POWER_OFF):
        while (await anext(events)).event is not DomainEventType.STOPPED:
            pass
    assert await domain.state() == (DomainState.SHUTOFF, DomainShutoffReason.SHUTDOWN)


async def test_reset_from_inside_keeps_the_guest(conn: Connection, document: Document) -> None:
    domain = await conn.define_xml(document())
    await domain.create_with_flags(DomainCreateFlags.PAUSED)
    async with conn.events(Reboot, domain) as events, asyncio.timeout(20), talk(domain, RESET):
        await anext(events)
    assert (await domain.state()).state is DomainState.RUNNING


async def test_reboot_by_button_boots_in_the_same_process(conn: Connection, document: Document) -> None:
    domain = await conn.define_xml(document())
    await domain.create_with_flags(DomainCreateFlags.PAUSED)
    async with talk(domain):
        pass
    number = domain.handle.id
    async with conn.events(Lifecycle, domain) as events, asyncio.timeout(20):
        await domain.reboot()
        while (await anext(events)).event is not DomainEventType.RESUMED:
            pass
    assert (await domain.state()).state is DomainState.RUNNING
    assert (await conn.lookup_by_name("vm")).handle.id in (number, 1)


async def test_a_start_that_fails_leaves_nothing(conn: Connection, document: Document, root: Path) -> None:
    argument = "<qemu:arg value='-nonsense'/>"
    space = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
    more = f"<qemu:commandline {space}>{argument}</qemu:commandline>"
    domain = await conn.define_xml(document(more=more))
    with pytest.raises(InternalError, match=r"process exited while connecting to monitor: .*nonsense"):
        await domain.create()
    assert await domain.state() == (DomainState.SHUTOFF, DomainShutoffReason.FAILED)
    assert not list((root / "run/qemu").glob("vm*"))
    assert not list((root / "lib/qemu").glob("domain-*"))


async def test_starting_twice_is_refused(conn: Connection, document: Document) -> None:
    domain = await conn.define_xml(document())
    await domain.create()
    with pytest.raises(OperationInvalid, match="domain is already running"):
        await domain.create()


async def test_kvm_is_refused_with_its_reason(conn: Connection, document: Document) -> None:
    if Kvm().state().usable:
        pytest.skip("KVM can be used here")
    with pytest.raises(ConfigUnsupported, match=r"KVM is not available|does not support virt type"):
        await (await conn.define_xml(document().replace("type='qemu'", "type='kvm'", 1))).create()


async def test_autodestroy_ends_with_the_connection(document: Document, root: Path) -> None:
    keeping = await covirt.open(f"qemu:///embed?root={root}")
    passing = await covirt.open(f"qemu:///embed?root={root}")
    await passing.create_xml(document(), DomainCreateFlags.AUTODESTROY)
    assert len(await keeping.list_all_domains()) == 1
    await passing.close()
    assert await keeping.list_all_domains() == []
    await keeping.close()


async def test_graceful_destroy(conn: Connection, document: Document) -> None:
    domain = await conn.define_xml(document())
    await domain.create()
    await domain.destroy_flags(DomainDestroyFlags.GRACEFUL)
    assert not await domain.is_active()


async def test_a_second_driver_is_kept_out_of_the_directories(conn: Connection, root: Path) -> None:
    # A lock belongs to a process, so the second one is a process of its own.
    program = f"import asyncio, covirt\nasyncio.run(covirt.open('qemu:///embed?root={root}'))\n"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    _, said = await process.communicate()
    assert b"Failed to acquire pid file" in said


async def test_bad_uri_is_refused() -> None:
    with pytest.raises(Error):
        await covirt.open("qemu:///embed")
