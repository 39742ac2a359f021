# SPDX-License-Identifier: LGPL-2.1-or-later
"""A driver with few calls, for tests of what is around drivers: daemon, pipeline, clients.

Its guests have a name, a state and a console that says everything twice. With `install` it takes the place of the
driver of a URI scheme in this process.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Hashable
from dataclasses import dataclass

from covirt import drivers
from covirt.api.binding import CallTable
from covirt.api.connect import host
from covirt.api.connect import open as connection
from covirt.api.connect.open import DriverFeature
from covirt.api.domain import console, info, lifecycle, lookup, save
from covirt.api.domain.console import DomainConsoleFlags
from covirt.api.domain.events import DomainEventType, Lifecycle
from covirt.api.domain.info import DomainInfo, DomainXMLFlags, StateAndReason
from covirt.api.domain.lifecycle import DomainCreateFlags
from covirt.api.domain.lookup import ConnectListAllDomainsFlags
from covirt.api.domain.states import DomainState
from covirt.api.enums import NoFlags
from covirt.api.handles import Domain, Handle
from covirt.api.request import Request
from covirt.api.stream import Hole
from covirt.api.themes import Family
from covirt.drivers.driver import Driver, Surroundings
from covirt.errors import ErrorDomain, NoSuchDomain, OperationFailed, OperationInvalid
from covirt.uri import Uri
from covirt.values import Uuid
from covirt.version import LIBVIRT_VERSION

calls = CallTable()


@dataclass(slots=True)
class Guest:
    """A guest that is nothing but its state."""

    name: str
    uuid: Uuid
    id: int = -1
    state: DomainState = DomainState.SHUTOFF

    @property
    def handle(self) -> Domain:
        """Its name for clients."""
        return Domain(self.name, self.uuid, self.id)


class ScriptedDriver(Driver):
    """The driver."""

    name = "SCRIPTED"
    prefix = "scripted"
    error_domain = ErrorDomain.TEST
    families = frozenset({Family.HYPERVISOR})
    calls = calls

    def __init__(self, uri: Uri, guests: int) -> None:
        """Begin with some guests; the first one runs."""
        super().__init__()
        self.uri = uri
        self.slow = asyncio.Event()
        self.received: list[bytes | Hole] = []
        self.guests = {guest.name: guest for guest in (Guest(f"guest{at}", _uuid(at)) for at in range(guests))}
        first = next(iter(self.guests.values()))
        first.id, first.state = 1, DomainState.RUNNING
        self._next = 2

    @classmethod
    def shared(cls, uri: Uri, surroundings: Surroundings) -> Hashable:
        """All connections to one path are served by one instance."""
        return uri.path

    @classmethod
    async def open(cls, uri: Uri, surroundings: Surroundings) -> ScriptedDriver:
        """Make it; the number of guests may stand in the URI."""
        return cls(uri, int(uri.parameter("guests") or "2"))

    async def find(self, handle: Handle) -> Guest:
        """The guest of a handle."""
        for guest in self.guests.values():
            if isinstance(handle, Domain) and guest.uuid == handle.uuid:
                return guest
        raise NoSuchDomain(str(handle))

    def start(self, guest: Guest) -> None:
        """Let a guest run."""
        guest.id, guest.state = self._next, DomainState.RUNNING
        self._next += 1
        self.bus.publish(Lifecycle(guest.handle, DomainEventType.STARTED, 0))


def _uuid(number: int) -> Uuid:
    return Uuid(number.to_bytes(16, "big"))


def install(scheme: str = "test") -> None:
    """Serve a URI scheme by this driver in this process."""
    entry = drivers.Entry((scheme,), __name__, "ScriptedDriver", in_process=True)
    table = (entry, *(old for old in drivers.TABLE if scheme not in old.schemes))
    drivers.TABLE = table


Req = Request[ScriptedDriver, Guest]


@calls.implements(connection.get_type)
async def get_type(req: Req) -> str:
    """The driver's name."""
    return req.driver.name


@calls.implements(connection.get_version)
async def get_version(req: Req) -> int:
    """Some version."""
    return 2


@calls.implements(connection.get_lib_version)
async def get_lib_version(req: Req) -> int:
    """The version of the interface."""
    return LIBVIRT_VERSION


@calls.implements(connection.get_hostname)
async def get_hostname(req: Req) -> str:
    """The host's name."""
    return os.uname().nodename


@calls.implements(connection.get_uri)
async def get_uri(req: Req) -> str:
    """The URI."""
    return str(req.driver.uri)


@calls.implements(connection.supports_feature)
async def supports_feature(req: Req, feature: DriverFeature) -> bool:
    """Strings in parameters."""
    return feature is DriverFeature.TYPED_PARAM_STRING


@calls.implements(host.get_capabilities)
async def get_capabilities(req: Req) -> str:
    """None to speak of."""
    return "<capabilities/>"


@calls.implements(lookup.list_all_domains)
async def list_all_domains(req: Req, flags: ConnectListAllDomainsFlags) -> list[Domain]:
    """All guests."""
    return [guest.handle for guest in req.driver.guests.values()]


@calls.implements(lookup.num_of_domains)
async def num_of_domains(req: Req) -> int:
    """How many run."""
    return sum(guest.id >= 0 for guest in req.driver.guests.values())


@calls.implements(lookup.list_domains_id)
async def list_domains_id(req: Req) -> list[int]:
    """The numbers of those that run."""
    return [guest.id for guest in req.driver.guests.values() if guest.id >= 0]


@calls.implements(lookup.lookup_by_name)
async def lookup_by_name(req: Req, name: str) -> Domain:
    """A guest by name."""
    if name not in req.driver.guests:
        raise NoSuchDomain(f"no domain with matching name '{name}'")
    return req.driver.guests[name].handle


@calls.implements(lookup.lookup_by_uuid)
async def lookup_by_uuid(req: Req, uuid: Uuid) -> Domain:
    """A guest by uuid."""
    return (await req.driver.find(Domain("", uuid))).handle


@calls.implements(info.info)
async def domain_info(req: Req) -> DomainInfo:
    """Fixed sizes."""
    return DomainInfo(req.guest.state, 1048576, 1048576, 2, 0)


@calls.implements(info.state)
async def state(req: Req, flags: NoFlags) -> StateAndReason:
    """The state."""
    return StateAndReason(req.guest.state, 0)


@calls.implements(info.is_active)
async def is_active(req: Req) -> bool:
    """Does it run?"""
    return req.guest.id >= 0


@calls.implements(info.xml_desc)
async def xml_desc(req: Req, flags: DomainXMLFlags) -> str:
    """Hardly anything."""
    return f"<domain type='test'>\n  <name>{req.guest.name}</name>\n</domain>\n"


@calls.implements(lifecycle.create_with_flags)
async def create_with_flags(req: Req, flags: DomainCreateFlags) -> Domain:
    """Run."""
    if req.guest.id >= 0:
        raise OperationInvalid("domain is already running")
    req.driver.start(req.guest)
    return req.guest.handle


@calls.implements(lifecycle.create)
async def create(req: Req) -> None:
    """Run."""
    if req.guest.id >= 0:
        raise OperationInvalid("domain is already running")
    req.driver.start(req.guest)


@calls.implements(lifecycle.destroy)
async def destroy(req: Req) -> None:
    """Stop."""
    req.guest.id, req.guest.state = -1, DomainState.SHUTOFF
    req.driver.bus.publish(Lifecycle(req.guest.handle, DomainEventType.STOPPED, 1))


@calls.implements(lifecycle.create_with_files)
async def create_with_files(req: Req, flags: DomainCreateFlags) -> Domain:
    """Read what the descriptors hold."""
    for fd in req.fds:
        req.driver.received.append(os.read(fd, 100))
    req.driver.start(req.guest)
    return req.guest.handle


@calls.implements(console.open_graphics_fd)
async def open_graphics_fd(req: Req, idx: int, flags: console.DomainOpenGraphicsFlags) -> None:
    """Give a descriptor of a pipe that has something in it."""
    reading, writing = os.pipe()
    os.write(writing, b"from the guest")
    os.close(writing)
    req.reply_fds.append(reading)


@calls.implements(save.managed_save)
async def managed_save(req: Req, flags: save.DomainSaveRestoreFlags) -> None:
    """Take as long as the test wants."""
    await req.driver.slow.wait()


@calls.implements(console.open_console)
async def open_console(req: Req, dev_name: str | None, flags: DomainConsoleFlags) -> None:
    """Say everything twice."""
    stream = req.byte_stream
    if dev_name == "broken":
        await stream.abort(OperationFailed("the console is broken"))
        return

    async def echo() -> None:
        while True:
            piece = await stream.receive()
            if isinstance(piece, Hole) or not piece:
                await stream.end()
                return
            await stream.send(piece + piece)

    task = asyncio.get_running_loop().create_task(echo())

    def stop() -> None:
        task.cancel()

    req.session.on_close(task, stop)
