# SPDX-License-Identifier: LGPL-2.1-or-later
"""What QEMU on this host can do: as the driver has kept it, or asked once and kept."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from covirt.drivers.qemu.capabilities.cache import EmulatorCache
from covirt.drivers.qemu.capabilities.host_state import read_host_state
from covirt.drivers.qemu.capabilities.launch import probe_binary
from covirt.drivers.qemu.defaults.circumstances import Circumstances
from covirt.drivers.qemu.definitions import DEFINED, Definitions, NoHostPci
from covirt.drivers.qemu.driver_places import firmware_descriptions
from covirt.drivers.qemu.firmware.choose import USUAL_PAIRS, FirmwareChoice
from covirt.drivers.qemu.settings import QemuSettings
from covirt.host import real_host
from covirt.model.domain.complete import Hooks
from covirt.model.domain.definition import DomainDefinition
from covirt.runtime.loop import in_thread
from covirt.runtime.process import Supervisor
from covirt.runtime.roots import Roots
from covirt.runtime.store import Store


class Emulators:
    """The emulators that guests are checked against."""

    def __init__(self, definitions: Definitions, only: str | None = None) -> None:
        """With `only`, that one is taken whatever a document names."""
        self._definitions = definitions
        self._only = only

    async def circumstances(self, guest: DomainDefinition) -> Circumstances:
        """What a guest's definition depends on beside its document; raises when its emulator cannot be asked."""
        if self._only is not None:
            guest.devices.emulator = self._only
        return await self._definitions.circumstances(guest, DEFINED)

    def completion(self, about: Circumstances) -> Hooks:
        """QEMU's part in completing."""
        return self._definitions.completion(about)


@asynccontextmanager
async def qemu_of_this_host(only: str | None = None) -> AsyncIterator[Emulators]:
    """The installed emulators, or only one, with the settings and directories that our driver has for this user."""
    host, supervisor = real_host(), Supervisor(spares=0)
    privileged = os.geteuid() == 0
    roots = Roots.choose(privileged=privileged)
    cache = EmulatorCache(
        await _store(roots),
        partial(probe_binary, supervisor),
        lambda: read_host_state(host.node, host.kvm, os.geteuid(), tuple(os.getgroups())),
    )
    settings = await in_thread(QemuSettings.load, roots.common.settings / "qemu.conf")
    firmware = FirmwareChoice(await in_thread(firmware_descriptions, privileged), USUAL_PAIRS)
    try:
        yield Emulators(Definitions(cache, settings, roots.qemu, host.node.arch, NoHostPci(), firmware), only)
    finally:
        await supervisor.close()


async def _store(roots: Roots) -> Store:
    """Where our driver keeps what it knows of emulators; where it never ran, the user's own cache."""
    kept = Store(roots.qemu.cache / "capabilities")
    if kept.directory.is_dir():
        return kept
    own = Store(Roots.session().qemu.cache / "capabilities")
    await own.open()
    return own
