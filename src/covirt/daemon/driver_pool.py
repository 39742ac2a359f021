# SPDX-License-Identifier: LGPL-2.1-or-later
"""The drivers that are alive in this process, shared among connections."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass

from covirt.api.themes import Family
from covirt.drivers import Entry, for_family, for_scheme
from covirt.drivers.driver import Driver, Surroundings
from covirt.errors import NoConnect
from covirt.uri import Uri


@dataclass(slots=True)
class _Alive:
    driver: Driver
    users: int = 0


class DriverPool:
    """Opens the drivers that a URI asks for, and closes each when its last connection is gone."""

    def __init__(self, surroundings: Surroundings | None = None) -> None:
        """Start without drivers."""
        self.surroundings = surroundings or Surroundings()
        self._alive: dict[Hashable, _Alive] = {}
        self._lock = asyncio.Lock()

    async def open(self, uri: Uri) -> Lease:
        """The driver of the URI's scheme, and beside it the drivers of the families that it does not serve."""
        entry = for_scheme(uri.driver)
        if entry is None:
            raise NoConnect(str(uri), hint="no driver of this installation takes this URI")
        lease = Lease(self)
        try:
            primary = await self._use(entry, uri, lease)
            lease.drivers = dict.fromkeys(primary.families, primary)
            for family in Family:
                beside = for_family(family)
                if family not in lease.drivers and beside:
                    lease.drivers[family] = await self._use(beside, uri, lease)
        except BaseException:
            await lease.close()
            raise
        return lease

    async def _use(self, entry: Entry, uri: Uri, lease: Lease) -> Driver:
        cls = entry.load()
        shared = cls.shared(uri, self.surroundings)
        key: Hashable = (cls, shared) if shared is not None else object()
        async with self._lock:
            alive = self._alive.get(key)
            if alive is None:
                alive = self._alive[key] = _Alive(await cls.open(uri, self.surroundings))
            alive.users += 1
        lease.keys.append(key)
        return alive.driver

    async def release(self, key: Hashable) -> None:
        """One connection uses the driver no more."""
        async with self._lock:
            alive = self._alive[key]
            alive.users -= 1
            if not alive.users:
                del self._alive[key]
                await alive.driver.close()

    async def close(self) -> None:
        """Close all drivers."""
        async with self._lock:
            while self._alive:
                await self._alive.popitem()[1].driver.close()


class Lease:
    """The drivers that one connection uses."""

    def __init__(self, pool: DriverPool) -> None:
        """Made by `DriverPool.open`."""
        self._pool = pool
        self.drivers: dict[Family, Driver] = {}
        self.keys: list[Hashable] = []

    async def close(self) -> None:
        """Use them no more."""
        while self.keys:
            await self._pool.release(self.keys.pop())
