# SPDX-License-Identifier: LGPL-2.1-or-later
"""A program on a terminal of its own, and somebody who reads and types."""

from __future__ import annotations

import asyncio
import os
import pty
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 60.0
"""Seconds until something expected must appear."""


class TerminalSession:
    """Runs a program; what it prints is waited for with `expect`, in order."""

    def __init__(self, *command: str | Path) -> None:
        self.command = command
        self.said = ""
        """All that was printed and not yet expected."""
        self._arrived = asyncio.Event()
        self._ended = False

    async def __aenter__(self) -> Self:
        self._terminal, other = pty.openpty()
        os.set_blocking(self._terminal, False)
        self._process = await asyncio.create_subprocess_exec(
            *self.command, stdin=other, stdout=other, stderr=other, start_new_session=True
        )
        os.close(other)
        asyncio.get_running_loop().add_reader(self._terminal, self._read)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        asyncio.get_running_loop().remove_reader(self._terminal)
        os.close(self._terminal)

    def _read(self) -> None:
        try:
            octets = os.read(self._terminal, 65536)
        except OSError:
            # A terminal whose last program has gone gives an input/output error.
            octets = b""
        if not octets:
            self._ended = True
            asyncio.get_running_loop().remove_reader(self._terminal)
        self.said += octets.decode(errors="replace")
        self._arrived.set()

    async def expect(self, words: str) -> None:
        """Wait until this is printed, and forget what came up to it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while words not in self.said:
                    if self._ended:
                        raise AssertionError(f"the program ended without {words!r}; it said {self.said!r}")
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            raise AssertionError(f"{words!r} did not come; what came is {self.said!r}") from None
        self.said = self.said.partition(words)[2]

    async def type(self, keys: str) -> None:
        """Type something."""
        os.write(self._terminal, keys.encode())

    async def wait_exit(self) -> int:
        """The exit code of the program."""
        async with asyncio.timeout(PATIENCE):
            return await self._process.wait()
