# SPDX-License-Identifier: LGPL-2.1-or-later
"""The QEMU binaries on this host, by the architecture of the guests they run."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable

from covirt.drivers.qemu.capabilities.cache import EmulatorCache
from covirt.drivers.qemu.capabilities.emulator import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.guest_caps import guest_capabilities
from covirt.drivers.qemu.capabilities.targets import emulator_names
from covirt.errors import Error
from covirt.model.capabilities.guest import GuestCapabilities
from covirt.model.common.arch import ARCHITECTURES
from covirt.runtime.log import get

log = get("qemu.capabilities")

FindProgram = Callable[[str], str | None]


class Catalogue:
    """Finds the binary for guests of an architecture, and what it can do."""

    def __init__(self, cache: EmulatorCache, host_arch: str, find: FindProgram = shutil.which) -> None:
        self._cache = cache
        self._host_arch = host_arch
        self._find = find

    def binary(self, arch: str) -> str | None:
        """The program that runs guests of an architecture on this host."""
        found = (self._find(name) for name in emulator_names(self._host_arch, arch))
        return next((path for path in found if path is not None), None)

    async def emulator(self, arch: str) -> EmulatorCapabilities | None:
        """What the binary for an architecture can do; None when there is none, or it cannot be asked."""
        binary = self.binary(arch)
        if binary is None:
            return None
        try:
            return await self._cache.get(binary)
        except Error as problem:
            log.warning("emulator is passed over", binary=binary, problem=problem)
            return None

    async def guests(self) -> list[GuestCapabilities]:
        """All kinds of guests that can be run, as the host's capabilities list them."""
        found = await asyncio.gather(*(self.emulator(arch) for arch in ARCHITECTURES))
        pairs = zip(ARCHITECTURES, found, strict=True)
        return [guest_capabilities(caps, arch) for arch, caps in pairs if caps is not None]
