# SPDX-License-Identifier: LGPL-2.1-or-later
"""What drivers with a table of guests have in common; the calls in `domain_calls` work on it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, Generic, TypeVar

from covirt.api.call import Call
from covirt.api.call import Job as ApiJob
from covirt.api.domain.define import DomainUndefineFlags
from covirt.api.domain.events import DomainEventType, Lifecycle
from covirt.api.domain.info import DomainXMLFlags
from covirt.api.enums import Number
from covirt.api.handles import Domain, Handle
from covirt.drivers.common.guest import Guest
from covirt.drivers.common.guests import Guests
from covirt.drivers.common.keeper import Keeper
from covirt.drivers.driver import Driver
from covirt.errors import NoSupport
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.jobs import Job

G = TypeVar("G", bound=Guest)


class GuestDriver(Driver, Generic[G]):
    """A driver that keeps its guests in a table."""

    def __init__(self, keeper: Keeper) -> None:
        """Begin without guests."""
        super().__init__()
        self.keeper = keeper
        self.guests: Guests[G] = Guests(self.make_guest)

    # What a driver says

    def make_guest(self, definition: DomainDefinition) -> G:
        """A new guest of this driver's kind."""
        raise NotImplementedError

    async def read_definition(self, text: str, *, validate: bool = False, to_start: bool = False) -> DomainDefinition:
        """A complete and checked definition from a user's text, to be kept or to be started at once."""
        raise NotImplementedError

    async def refresh(self, guest: G) -> None:
        """Bring what a description shows up to date, such as the memory that the guest has now."""

    async def describe(self, guest: G, definition: DomainDefinition, flags: DomainXMLFlags) -> DomainDefinition:
        """The definition as a description with these flags shows it; never change the one that is given."""
        return definition

    async def release(self, guest: G, flags: DomainUndefineFlags) -> None:
        """Before a guest is undefined: refuse, or remove, what hangs on its definition."""

    # What all have

    async def find(self, handle: Handle) -> Any:
        """The guest behind a handle."""
        if isinstance(handle, Domain):
            return self.guests.find(handle)
        raise NoSupport(f"a look for {handle}")

    def hold(self, found: Any, job: ApiJob, call: Call[Any, ..., Any]) -> AbstractAsyncContextManager[Any]:
        """The job in which a call works on a guest."""
        if job is ApiJob.NONE or not isinstance(found, Guest):
            return nullcontext()
        return found.jobs.hold(Job(job.value), api=call.spelled)

    def publish_lifecycle(self, dom: Domain, event: DomainEventType, detail: Number) -> None:
        """Tell those who listen what happened to a guest."""
        self.bus.publish(Lifecycle(dom, event, int(detail)))

    async def drop_if_transient(self, guest: G) -> None:
        """Forget a guest that does not run and has no persistent definition."""
        if not guest.active and not guest.persistent:
            self.guests.remove(guest)

    async def save(self, guest: G, *, live: bool, config: bool) -> None:
        """Keep what was changed of a guest: of its run, of its definition."""
        if live:
            await self.keeper.keep_status(guest)
        if config:
            await self.keeper.keep(guest)
