# SPDX-License-Identifier: LGPL-2.1-or-later
"""The driver of containers: opened for the system, or below one directory."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import ClassVar

from covirt.api.binding import CallTable
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.drivers.common.keeper import FileKeeper
from covirt.drivers.driver import Surroundings
from covirt.drivers.lxc import loading, stop
from covirt.drivers.lxc.calls import CALLS
from covirt.drivers.lxc.guest import LxcGuest
from covirt.drivers.lxc.nursery import Nursery
from covirt.drivers.lxc.reading import Circumstances, read_definition
from covirt.drivers.lxc.status import write_status
from covirt.errors import ErrorDomain, InternalError
from covirt.host import Host, real_host
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.files import make_directory
from covirt.runtime.loop import in_thread
from covirt.runtime.process import Supervisor
from covirt.runtime.roots import Roots
from covirt.runtime.tasks import Tasks
from covirt.uri import Uri
from covirt.xml import Context

DEFINED = Context.INACTIVE | Context.ABI_UPDATE


class LxcDriver(GuestDriver[LxcGuest]):
    """Runs containers; they go on running when it closes."""

    name = "LXC"
    prefix = "lxc"
    error_domain = ErrorDomain.LXC
    calls: ClassVar[CallTable] = CALLS
    keeper: FileKeeper

    def __init__(self, roots: Roots, host: Host) -> None:
        """Nothing is touched before `start`."""
        where = roots.lxc
        super().__init__(FileKeeper(where.config, where.autostart, where.state, write_status))
        self.roots, self.host = roots, host
        self.circumstances = Circumstances(arch=host.node.arch, security_model="none")
        self.supervisor = Supervisor(spares=0)
        self.nursery = Nursery(self.supervisor)
        self.tasks = Tasks("lxc")

    @classmethod
    def shared(cls, uri: Uri, surroundings: Surroundings) -> Hashable:
        """All connections to one set of directories share an instance."""
        return (uri.path, uri.parameter("root"), surroundings)

    @classmethod
    async def open(cls, uri: Uri, surroundings: Surroundings) -> LxcDriver:
        """An instance that knows its containers and has found again those that run."""
        driver = cls(_roots(uri, surroundings), real_host())
        try:
            await driver.start()
        except BaseException:
            await driver.close()
            raise
        return driver

    async def start(self) -> None:
        """Load what is kept, find running containers, start those that start with the host."""
        await in_thread(make_directory, self.roots.lxc.state, 0o711)
        await self.keeper.open()
        await self.nursery.prepare()
        await loading.load(self)
        self.tasks.start(loading.autostart(self), "start containers that start with the host")

    async def close(self) -> None:
        """Let go of the containers; they run on."""
        await self.tasks.close()
        for guest in self.guests:
            if guest.run is not None:
                await stop.hang_up(guest.run)
        await self.nursery.close()
        await self.supervisor.close()

    # What all drivers with guests say

    def make_guest(self, definition: DomainDefinition) -> LxcGuest:
        """A container that does not run."""
        return LxcGuest(definition)

    async def read_definition(self, text: str, *, validate: bool = False, to_start: bool = False) -> DomainDefinition:
        """A complete and checked definition."""
        return read_definition(text, self.circumstances, DEFINED, validate=validate)


def _roots(uri: Uri, surroundings: Surroundings) -> Roots:
    """The directories of a connection; containers need root's rights."""
    if not surroundings.privileged:
        raise InternalError("lxc state driver is not active", domain=ErrorDomain.LXC)
    match uri.path:
        case "/system" | "/" | "" | None:
            return Roots.system() if surroundings.root is None else Roots.embed(surroundings.root)
        case "/embed":
            root = Path(uri.required("root"))
            if not root.is_absolute():
                raise InternalError(f"root path '{root}' must be absolute", domain=ErrorDomain.LXC)
            return Roots.embed(root)
    raise InternalError(f"Unexpected LXC URI path '{uri.path}', try lxc:///system", domain=ErrorDomain.LXC)
