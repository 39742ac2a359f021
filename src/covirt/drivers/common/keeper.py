# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where definitions are kept between the lives of a daemon.

`Keeper` keeps nothing, which is right for a driver in memory. `FileKeeper` has a directory of definitions, one of links
to those that start with the host, and one with what is known about those that run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from covirt.drivers.common.guest import Guest
from covirt.errors import Error, SystemCallFailed
from covirt.runtime.files import make_directory
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.runtime.store import Store
from covirt.xml import Context

log = get("drivers.keeper")

STORED = Context.SECURE | Context.INACTIVE


class Keeper:
    """Keeps what must outlive the daemon; this one keeps nothing."""

    async def keep(self, guest: Guest) -> None:
        """Keep its persistent definition."""

    async def keep_status(self, guest: Guest) -> None:
        """Keep what is known about its run."""

    async def forget(self, guest: Guest) -> None:
        """Forget its persistent definition, and that it starts with the host."""

    async def forget_status(self, guest: Guest) -> None:
        """Forget its run."""

    async def keep_autostart(self, guest: Guest, *, autostart: bool, once: bool) -> None:
        """Keep whether it starts with the host."""

    async def rename(self, guest: Guest, old: str) -> None:
        """Keep its definition under its new name."""
        await self.keep(guest)


class FileKeeper(Keeper):
    """Keeps definitions, links for autostart and status in files, as libvirt does."""

    def __init__(self, config: Path, autostart: Path, status: Path, write_status: Callable[[Guest], str]) -> None:
        """Nothing is touched before `open`."""
        self._config = Store(config)
        self._autostart = Store(autostart)
        self._status = Store(status)
        self._write_status = write_status

    async def open(self) -> None:
        """Make the directories and tidy what a killed writer left there."""
        for store in (self._config, self._autostart, self._status):
            await store.open()

    # Definitions

    async def keep(self, guest: Guest) -> None:
        """Write its persistent definition."""
        text = guest.persistent_definition.format(STORED)
        with _writing(self._config, guest.name):
            await self._config.write(f"{guest.name}.xml", _remark(guest.name) + text)

    async def forget(self, guest: Guest) -> None:
        """Remove its definition; the links first, so that none points nowhere."""
        await self._forget_links(guest.name)
        await self._config.remove(f"{guest.name}.xml", missing_ok=True)

    async def rename(self, guest: Guest, old: str) -> None:
        """Write the definition under the new name, then remove the old one."""
        await self.keep(guest)
        await self.keep_autostart(guest, autostart=guest.autostart, once=guest.autostart_once)
        await self._forget_links(old)
        await self._config.remove(f"{old}.xml", missing_ok=True)

    async def definitions(self) -> list[tuple[str, str]]:
        """All that are kept, as names and texts, those that were written first at the beginning."""
        names = await self._config.names(".xml")
        names = await in_thread(sorted, names, key=lambda name: self._config.path(name).stat().st_mtime_ns)
        return [(name.removesuffix(".xml"), (await self._config.read(name)).decode()) for name in names]

    async def discard(self, name: str) -> None:
        """Remove the definition of that name, which a rename has left behind."""
        await self._forget_links(name)
        await self._config.remove(f"{name}.xml", missing_ok=True)

    # Starting with the host

    async def keep_autostart(self, guest: Guest, *, autostart: bool, once: bool) -> None:
        """Make or remove the links that start it."""
        target = self._config.path(f"{guest.name}.xml")
        for link, wanted in ((f"{guest.name}.xml", autostart), (f"{guest.name}.xml.once", once)):
            if wanted:
                await in_thread(make_directory, self._autostart.directory)
                await self._autostart.link(link, target)
            else:
                await self._autostart.remove(link, missing_ok=True)

    async def autostart(self, name: str) -> tuple[bool, bool]:
        """Whether the guest of that name starts with the host: always, and at the next start only."""
        target = self._config.path(f"{name}.xml")

        def points_there(link: Path) -> bool:
            return link.is_symlink() and link.resolve() == target.resolve()

        links = [self._autostart.path(f"{name}.xml"), self._autostart.path(f"{name}.xml.once")]
        always, once = await in_thread(lambda: [points_there(link) for link in links])
        return always, once

    async def _forget_links(self, name: str) -> None:
        for link in (f"{name}.xml", f"{name}.xml.once"):
            await self._autostart.remove(link, missing_ok=True)

    # Runs

    async def keep_status(self, guest: Guest) -> None:
        """Write what is known about its run."""
        with _writing(self._status, guest.name):
            await self._status.write(f"{guest.name}.xml", self._write_status(guest))

    async def forget_status(self, guest: Guest) -> None:
        """Remove what was known about its run."""
        await self._status.remove(f"{guest.name}.xml", missing_ok=True)

    async def statuses(self) -> list[tuple[str, str]]:
        """What is known about runs, as names and texts."""
        names = await self._status.names(".xml")
        return [(name.removesuffix(".xml"), (await self._status.read(name)).decode()) for name in names]

    async def discard_status(self, name: str) -> None:
        """Remove the status of a guest that could not be found again."""
        await self._status.remove(f"{name}.xml", missing_ok=True)


_REMARK = """<!--
Written by covirt. Changes made here may be lost; change the guest with:
  virsh edit {name}
-->

"""


def _remark(name: str) -> str:
    return _REMARK.format(name=name.replace("--", "- -"))


@contextmanager
def _writing(store: Store, name: str) -> Iterator[None]:
    """Say which file could not be written, and why."""
    try:
        yield
    except OSError as error:
        raise SystemCallFailed.from_oserror(error, f"cannot write file '{store.path(f'{name}.xml')}'") from error


def note_unreadable(name: str, error: Error) -> None:
    """Say that a definition could not be loaded; it stays where it is."""
    log.error("a definition cannot be loaded", guest=name, error=error)
