# SPDX-License-Identifier: LGPL-2.1-or-later
"""The QEMU driver: opened for the system, a user's session, or below one directory."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Hashable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Any, ClassVar, cast

from covirt.api.binding import CallTable
from covirt.api.domain.define import DomainUndefineFlags
from covirt.api.domain.info import DomainXMLFlags
from covirt.drivers.common.guest import Guest
from covirt.drivers.common.guest_driver import GuestDriver
from covirt.drivers.common.keeper import FileKeeper
from covirt.drivers.common.ports import Ports
from covirt.drivers.driver import Surroundings
from covirt.drivers.qemu import loading, release, shown
from covirt.drivers.qemu.calls import CALLS
from covirt.drivers.qemu.capabilities.cache import EmulatorCache
from covirt.drivers.qemu.capabilities.host_model import HostModels
from covirt.drivers.qemu.capabilities.host_state import read_host_state
from covirt.drivers.qemu.capabilities.launch import RunAs, probe_binary
from covirt.drivers.qemu.definitions import DEFINED, Definitions, NoHostPci
from covirt.drivers.qemu.driver_places import firmware_descriptions
from covirt.drivers.qemu.firmware.choose import USUAL_PAIRS, FirmwareChoice
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.settings import QemuSettings
from covirt.drivers.qemu.status import write_status
from covirt.errors import ErrorDomain, InternalError, OperationFailed
from covirt.host import Host, real_host
from covirt.model.domain.cpu import GuestCpu
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.files import make_directory
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.runtime.process import Supervisor
from covirt.runtime.roots import Roots
from covirt.runtime.store import Store
from covirt.runtime.tasks import Tasks
from covirt.uri import Uri

log = get("qemu.driver")


class QemuDriver(GuestDriver[QemuGuest]):
    """Runs guests with QEMU; they go on running when it closes."""

    name = "QEMU"
    prefix = "qemu"
    error_domain = ErrorDomain.QEMU
    calls: ClassVar[CallTable] = CALLS
    keeper: FileKeeper

    def __init__(self, uri: Uri, roots: Roots, settings: QemuSettings, host: Host, *, privileged: bool) -> None:
        """Nothing is touched before `start`."""
        self.uri, self.roots, self.settings, self.host, self.privileged = uri, roots, settings, host, privileged
        where = roots.qemu
        super().__init__(
            FileKeeper(where.config, where.autostart, where.state, lambda guest: write_status(cast(QemuGuest, guest)))
        )
        self.supervisor = Supervisor()
        self.tasks = Tasks("qemu")
        self.run_as = _run_as(settings, host, privileged=privileged)
        self.emulators = EmulatorCache(
            Store(where.cache / "capabilities"),
            partial(_probe, self.supervisor, replace(self.run_as, traces=where.state)),
            lambda: read_host_state(host.node, host.kvm, self.uid, tuple(self.run_as.groups or os.getgroups())),
        )
        self.definitions: Definitions
        self.ports = Ports("display", settings.remote_display_port_min, settings.remote_display_port_max)
        self.websocket_ports = Ports(
            "websocket", settings.remote_websocket_port_min, settings.remote_websocket_port_max
        )
        self.host_models: dict[Hashable, HostModels | None] = {}
        """The processor of the host, by emulator and type of guest."""
        self.processors: dict[str, GuestCpu] = {}
        """Processors that guests really got, by what they asked for."""
        self.processor_store = Store(where.cache / "processors")
        self.closing = False
        self._lock: IO[str] | None = None

    # Opening and closing

    @classmethod
    def shared(cls, uri: Uri, surroundings: Surroundings) -> Hashable:
        """All connections to one set of directories share an instance."""
        return (uri.path, uri.parameter("root"), surroundings)

    @classmethod
    async def open(cls, uri: Uri, surroundings: Surroundings) -> QemuDriver:
        """An instance that knows its guests and has found again those that run."""
        roots = _roots(uri, surroundings)
        settings = await in_thread(QemuSettings.load, roots.common.settings / "qemu.conf")
        privileged = uri.path == "/system" and surroundings.privileged
        driver = cls(uri, roots, settings, real_host(), privileged=privileged)
        try:
            await driver.start()
        except BaseException:
            await driver.close()
            raise
        return driver

    async def start(self) -> None:
        """Take the directories, load what is in them, find running guests, start those that start with the host."""
        self._lock = await in_thread(_lock_directories, self.roots)
        firmware = await in_thread(self._firmware)
        self.definitions = Definitions(
            self.emulators, self.settings, self.roots.qemu, self.host.node.arch, NoHostPci(), firmware
        )
        await self.keeper.open()
        await Store(self.roots.qemu.cache / "capabilities").open()
        await self.processor_store.open()
        await self.supervisor.prepare()
        await loading.load(self)
        self.tasks.start(loading.autostart(self), "start guests that start with the host")

    async def close(self) -> None:
        """Let go of the guests; they run on."""
        self.closing = True
        await self.tasks.close()
        for guest in self.guests:
            if guest.run is not None:
                if guest.run.agent is not None:
                    guest.run.agent.close()
                if guest.run.open_monitor is not None:
                    guest.run.open_monitor.close()
        await self.supervisor.close()
        if self._lock is not None:
            self._lock.close()

    def _firmware(self) -> FirmwareChoice:
        return FirmwareChoice(firmware_descriptions(self.privileged), USUAL_PAIRS)

    @property
    def uid(self) -> int:
        """The user that guests run as."""
        return os.geteuid() if self.run_as.uid is None else self.run_as.uid

    @property
    def gid(self) -> int:
        """The group that guests run as."""
        return os.getegid() if self.run_as.gid is None else self.run_as.gid

    # What all drivers with guests say

    def make_guest(self, definition: DomainDefinition) -> QemuGuest:
        """A guest that does not run."""
        return QemuGuest(definition, max_queued=self.settings.max_queued)

    async def read_definition(self, text: str, *, validate: bool = False, to_start: bool = False) -> DomainDefinition:
        """A complete and checked definition."""
        return await self.definitions.read(text, DEFINED, validate=validate)

    async def refresh(self, guest: QemuGuest) -> None:
        """Nothing has to be asked: QEMU tells changes by events."""

    async def describe(self, guest: QemuGuest, definition: DomainDefinition, flags: DomainXMLFlags) -> DomainDefinition:
        """The definition as others may use it."""
        return await shown.describe(self, definition, flags)

    async def release(self, guest: QemuGuest, flags: DomainUndefineFlags) -> None:
        """Remove what hangs on a definition, or refuse."""
        await release.release(self, guest, flags)

    async def keep_status(self, guest: Guest) -> None:
        """Keep what is known of a run; a guest that has ended meanwhile has none."""
        if guest.active:
            await self.keeper.keep_status(guest)


async def _probe(supervisor: Supervisor, run_as: RunAs, binary: str) -> Any:
    return await probe_binary(supervisor, binary, run_as)


def _roots(uri: Uri, surroundings: Surroundings) -> Roots:
    """The directories of a connection; refuses paths that are not ours."""
    match uri.path:
        case "/system" if surroundings.root is not None:
            return Roots.embed(surroundings.root)
        case "/system":
            if not surroundings.privileged:
                raise InternalError("unexpected QEMU URI path '/system', try qemu:///session", domain=ErrorDomain.QEMU)
            return Roots.system()
        case "/session":
            return Roots.session() if surroundings.root is None else Roots.embed(surroundings.root)
        case "/embed":
            root = Path(uri.required("root"))
            if not root.is_absolute():
                raise InternalError(f"root path '{root}' must be absolute", domain=ErrorDomain.QEMU)
            return Roots.embed(root)
    expected = "/system" if surroundings.privileged else "/session"
    raise InternalError(f"unexpected QEMU URI path '{uri.path}', try qemu://{expected}", domain=ErrorDomain.QEMU)


def _run_as(settings: QemuSettings, host: Host, *, privileged: bool) -> RunAs:
    """The user that guests of the system run as when one is set; guests of others run as who started them."""
    if not privileged or (settings.user is None and settings.group is None):
        return RunAs()
    user = host.users.user(settings.user or "root")
    gid = host.users.group(settings.group) if settings.group else user.gid
    return RunAs(user.uid, gid, tuple(dict.fromkeys((gid, *user.groups))))


def _lock_directories(roots: Roots) -> IO[str]:
    """Make sure that no other instance works with these directories."""
    make_directory(roots.qemu.state, 0o711)
    path = roots.qemu.state / "driver.pid"
    file = path.open("a+")
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        other = file.read().strip() or "unknown"
        file.close()
        raise OperationFailed(
            f"Failed to acquire pid file '{path}': in use by process {other}", domain=ErrorDomain.QEMU
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
