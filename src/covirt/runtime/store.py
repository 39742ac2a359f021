# SPDX-License-Identifier: LGPL-2.1-or-later
"""A directory of small files that must never be lost: definitions, links for autostart, status of what runs.

Writing waits in a thread, and what is written at the same time shares its waiting for the disk: each content is
synced by itself, their directory once for all.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from covirt.errors import InternalError
from covirt.runtime import files
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread

log = get("runtime.store")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be done before the next sync of the directory, and who waits for it."""

    prepare: Callable[[], Callable[[], None]]
    done: asyncio.Future[None]


class Store:
    """One directory of durable files; a change that was awaited is there after a crash, at once and whole."""

    def __init__(self, directory: Path, *, mode: int = 0o600, dir_mode: int = 0o700) -> None:
        """Nothing is touched before `open`; files and directory get these modes."""
        self.directory = directory
        self._mode, self._dir_mode = mode, dir_mode
        self._pending: list[_Change] = []
        self._committing: asyncio.Task[None] | None = None

    async def open(self) -> list[str]:
        """Make the directory and remove what a killed writer left there; gives the names of that."""

        def prepare() -> list[str]:
            files.make_directory(self.directory, self._dir_mode)
            return files.tidy_directory(self.directory)

        leftovers = await in_thread(prepare)
        if leftovers:
            log.info("removed unfinished files", directory=self.directory, count=len(leftovers))
        return leftovers

    def path(self, name: str) -> Path:
        """Where the file of that name lies; names cannot lead out of the directory."""
        if not name or "/" in name or "\0" in name or name in (".", ".."):
            raise InternalError(f"invalid file name '{name}'")
        return self.directory / name

    async def read(self, name: str) -> bytes:
        """The content of a file."""
        return await in_thread(self.path(name).read_bytes)

    async def names(self, suffix: str = "") -> list[str]:
        """The names of the files and links that end so."""
        return await in_thread(files.file_names, self.directory, suffix)

    async def write(self, name: str, data: str | bytes, *, mode: int | None = None) -> None:
        """Replace the content of a file."""
        path, content = self.path(name), data.encode() if isinstance(data, str) else data
        wanted = self._mode if mode is None else mode
        await self._commit(lambda: files.NewContent(path, content, wanted).place)

    async def write_many(self, contents: Mapping[str, str | bytes], *, mode: int | None = None) -> None:
        """Replace the contents of many files; each by itself is whole at any time."""
        await asyncio.gather(*(self.write(name, data, mode=mode) for name, data in contents.items()))

    async def remove(self, name: str, *, missing_ok: bool = False) -> None:
        """Remove a file or link."""
        path = self.path(name)
        await self._commit(lambda: lambda: path.unlink(missing_ok=missing_ok))

    async def link(self, name: str, target: Path | str) -> None:
        """Make or replace a symbolic link."""
        path = self.path(name)
        await self._commit(lambda: lambda: files.place_link(path, target))

    async def rename(self, old: str, new: str) -> None:
        """Give a file another name; one that has it is replaced."""
        before, after = self.path(old), self.path(new)
        await self._commit(lambda: lambda: os.replace(before, after))

    async def _commit(self, prepare: Callable[[], Callable[[], None]]) -> None:
        """Do a change with all others that come meanwhile; once begun it is not given up, even when nobody waits."""
        change = _Change(prepare, asyncio.get_running_loop().create_future())
        self._pending.append(change)
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all(), name=f"write {self.directory}")
        await asyncio.shield(change.done)

    async def _commit_all(self) -> None:
        try:
            while self._pending:
                batch, self._pending = self._pending, []
                outcomes = await in_thread(self._apply, [change.prepare for change in batch])
                for change, failure in zip(batch, outcomes, strict=True):
                    if failure is None:
                        change.done.set_result(None)
                    else:
                        change.done.set_exception(failure)
        finally:
            self._committing = None

    def _apply(self, changes: list[Callable[[], Callable[[], None]]]) -> list[Exception | None]:
        """Prepare all contents, put them in place in their order, then sync the directory once."""
        places: list[Callable[[], None] | Exception] = [_attempt(change) for change in changes]
        outcomes: list[Exception | None] = []
        for place in places:
            result = place if isinstance(place, Exception) else _attempt(place)
            outcomes.append(result if isinstance(result, Exception) else None)
        failure = _attempt(lambda: files.sync_directory(self.directory))
        return [outcome or (failure if isinstance(failure, Exception) else None) for outcome in outcomes]


def _attempt(function: Callable[[], T]) -> T | Exception:
    try:
        return function()
    except Exception as failure:
        return failure
