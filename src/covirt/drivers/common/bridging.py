# SPDX-License-Identifier: LGPL-2.1-or-later
"""Carries bytes between a descriptor of the host and a client's stream, both ways, until one of them ends."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable

from covirt.api.stream import CHUNK, StreamEnd
from covirt.errors import Error, OperationAborted

_Watch = Callable[[int, Callable[[], None]], object]


class Bridge:
    """Between a terminal or socket, which it owns, and a stream."""

    def __init__(self, descriptor: int, stream: StreamEnd) -> None:
        """Take over the descriptor."""
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._stream = stream
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Carry until the end of either side."""
        self._task = asyncio.current_task()
        inward = self._loop.create_task(self._to_host())
        outward = self._loop.create_task(self._to_client())
        try:
            await asyncio.wait([inward, outward], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (inward, outward):
                task.cancel()
            await asyncio.gather(inward, outward, return_exceptions=True)
            self._loop.remove_reader(self._descriptor)
            self._loop.remove_writer(self._descriptor)
            os.close(self._descriptor)
            await self._stream.end()

    async def close(self) -> None:
        """Make room for another stream; this one's client is told."""
        await self._stream.abort(OperationAborted("another client has taken the device"))
        if self._task is not None:
            self._task.cancel()

    async def _to_client(self) -> None:
        while data := await self._read():
            await self._stream.send(data)

    async def _read(self) -> bytes:
        while True:
            try:
                return os.read(self._descriptor, CHUNK)
            except BlockingIOError:
                await self._ready(self._loop.add_reader, self._loop.remove_reader)
            except OSError as error:
                # A terminal says so when its other side is closed.
                if error.errno == errno.EIO:
                    return b""
                raise

    async def _to_host(self) -> None:
        try:
            while data := await self._stream.receive():
                if isinstance(data, bytes):
                    await self._write(data)
        except Error:
            return

    async def _write(self, data: bytes) -> None:
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                await self._ready(self._loop.add_writer, self._loop.remove_writer)

    async def _ready(self, add: _Watch, remove: Callable[[int], object]) -> None:
        """Wait until the kernel says that reading or writing will not block."""
        ready = asyncio.Event()
        add(self._descriptor, ready.set)
        try:
            await ready.wait()
        finally:
            remove(self._descriptor)
