# SPDX-License-Identifier: LGPL-2.1-or-later
"""Client objects over drivers of this process: results, streams, events, files, the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

import covirt
from covirt import drivers
from covirt.api.binding import CallTable
from covirt.api.domain import console, lookup, tuning
from covirt.api.domain.events import DomainEventType, Lifecycle, Reboot
from covirt.api.domain.impact import DomainModificationImpact
from covirt.api.domain.info import DomainInfo, info
from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.api.domain.states import DomainState
from covirt.api.domain.tuning import DomainSchedulerParam
from covirt.api.handles import Domain, Handle
from covirt.api.params import ParamType, TypedParam, TypedParams
from covirt.api.qemu import DomainQemuMonitorCommandFlags, qemu_monitor_command_with_files
from covirt.api.request import Request
from covirt.client.objects_generated import Connection
from covirt.client.open import default_uri
from covirt.drivers import Entry
from covirt.drivers.driver import Driver, Surroundings
from covirt.errors import ErrorDomain, InvalidConn, NoSuchDomain, SystemCallFailed
from covirt.uri import Uri
from covirt.values import Uuid

VM1 = Domain("vm1", Uuid(bytes(16)), 3)
calls = CallTable()


class Toy(Driver):
    name = "TOY"
    prefix = "toy"
    error_domain = ErrorDomain.TEST
    calls = calls
    opened = 0

    @classmethod
    async def open(cls, uri: Uri, surroundings: Surroundings) -> Toy:
        cls.opened += 1
        return cls()

    async def close(self) -> None:
        type(self).opened -= 1

    async def find(self, handle: Handle) -> Domain:
        return VM1


Req = Request[Toy, Domain]


@calls.implements(lookup.list_all_domains)
async def list_all_domains(req: Req, flags: ConnectListAllDomainsFlags) -> list[Domain]:
    return [VM1]


@calls.implements(lookup.lookup_by_name)
async def lookup_by_name(req: Req, name: str) -> Domain:
    if name != VM1.name:
        raise NoSuchDomain(f"no domain with matching name '{name}'")
    return VM1


@calls.implements(info)
async def get_info(req: Req) -> DomainInfo:
    return DomainInfo(DomainState.RUNNING, 1024, 512, 2, 10**9)


@calls.implements(tuning.set_scheduler_parameters_flags)
async def set_scheduler(req: Req, params: TypedParams, flags: DomainModificationImpact) -> None:
    assert params.entries == [TypedParam("cpu_shares", ParamType.ULLONG, 512)]


@calls.implements(console.open_console)
async def open_console(req: Req, dev_name: str | None, flags: console.DomainConsoleFlags) -> None:
    asyncio.get_running_loop().create_task(echo(req))


async def echo(req: Req) -> None:
    while data := await req.byte_stream.receive():
        assert isinstance(data, bytes)
        await req.byte_stream.send(data.upper())
    await req.byte_stream.finish()


@calls.implements(qemu_monitor_command_with_files)
async def monitor(req: Req, cmd: str, flags: DomainQemuMonitorCommandFlags) -> str:
    req.reply_fds.extend(req.fds)
    return cmd


@pytest.fixture
async def conn(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connection]:
    monkeypatch.setattr(drivers, "TABLE", (Entry(("toy",), __name__, "Toy", in_process=True),))
    monkeypatch.setattr(Entry, "load", lambda self: Toy)
    async with await covirt.open("toy:///default") as opened:
        yield opened


async def test_handles_become_objects(conn: Connection) -> None:
    (dom,) = await conn.list_all_domains()
    assert (dom.name, dom.id, dom) == ("vm1", 3, await conn.lookup_by_name("vm1"))
    assert (await dom.info()).state is DomainState.RUNNING


async def test_errors_arrive_whole(conn: Connection) -> None:
    with pytest.raises(NoSuchDomain, match="Domain not found: no domain with matching name 'x'"):
        await conn.lookup_by_name("x")


async def test_plain_mapping_becomes_typed_parameters(conn: Connection) -> None:
    dom = await conn.lookup_by_name("vm1")
    await dom.set_scheduler_parameters_flags({"cpu_shares": 512})
    await dom.set_scheduler_parameters_flags(TypedParams.of({DomainSchedulerParam.CPU_SHARES: 512}))


async def test_stream_goes_both_ways_and_ends(conn: Connection) -> None:
    stream = await (await conn.lookup_by_name("vm1")).open_console()
    await stream.send(b"hello")
    assert await stream.receive() == b"HELLO"
    await stream.finish()
    assert stream.done


async def test_files_go_there_and_back(conn: Connection) -> None:
    dom = await conn.lookup_by_name("vm1")
    assert await dom.qemu_monitor_command_with_files("x", fds=[5]) == ("x", [5])


async def test_events_of_one_kind_and_object(conn: Connection) -> None:
    driver = conn.channel._session.drivers[Lifecycle.declared.theme.family]  # type: ignore[attr-defined]
    dom = await conn.lookup_by_name("vm1")
    other = Domain("vm2", Uuid(b"2" * 16))
    async with conn.events(Lifecycle, dom) as events:
        driver.bus.publish(Reboot(VM1))
        driver.bus.publish(Lifecycle(other, DomainEventType.STARTED, 0))
        driver.bus.publish(Lifecycle(VM1, DomainEventType.STOPPED, 1))
        event = await anext(events)
    assert (event.dom.name, event.event, event.detail) == ("vm1", DomainEventType.STOPPED, 1)


async def test_driver_is_shared_and_closed_with_its_last_connection(conn: Connection) -> None:
    second = await covirt.open("toy:///default")
    assert Toy.opened == 1
    await second.close()
    assert Toy.opened == 1
    await conn.close()
    assert Toy.opened == 0
    with pytest.raises(InvalidConn):
        await conn.list_all_domains()


async def test_uri_that_nobody_takes() -> None:
    with pytest.raises(SystemCallFailed, match="Failed to connect socket to"):
        await covirt.open("nosuch:///?socket=/nonexistent")


def test_default_uri_comes_from_the_environment() -> None:
    assert default_uri({"LIBVIRT_DEFAULT_URI": "test:///default"}) == "test:///default"
    assert default_uri({}).startswith("qemu:///")
