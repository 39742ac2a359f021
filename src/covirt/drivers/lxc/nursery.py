# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon's side of the nursery: gives it plans and gets controllers."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from covirt.drivers.lxc.controller.plan import Plan
from covirt.errors import InternalError
from covirt.runtime.launch import Command
from covirt.runtime.process import Process, Supervisor

_CONTROL = 3
_LONGEST_ANSWER = 4096

# A bare interpreter: only the package of the controller is imported. TLS alone would cost a quarter of the memory, and
# asyncio does without it when it cannot be imported.
_PROGRAM = """
import sys
sys.modules["ssl"] = None
sys.path.insert(0, {place!r})
from controller.nursery import main
main()
"""


class Nursery:
    """The process from which controllers are forked, started when it is first needed and again when it is gone."""

    def __init__(self, supervisor: Supervisor) -> None:
        """Nothing runs yet."""
        self._supervisor = supervisor
        self._process: Process | None = None
        self._control: socket.socket | None = None
        self._turn = asyncio.Lock()

    async def prepare(self) -> None:
        """Have it ready before the first container is started."""
        async with self._turn:
            await self._ready()

    async def start(
        self, plan: Plan, listening: socket.socket, log: int, consoles: Sequence[int], shared: Sequence[int] = ()
    ) -> int:
        """Fork a controller for a plan, which takes copies of the descriptors; gives its pid."""
        fds = [listening.fileno(), log, *consoles, *shared]
        async with self._turn:
            control = await self._ready()
            socket.send_fds(control, [plan.to_json().encode()], fds)
            return int((await self._answer(control))["pid"])

    async def close(self) -> None:
        """End it; the controllers live on."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            await self._process.wait_exit()

    async def _ready(self) -> socket.socket:
        if self._control is not None and self._process is not None and self._process.running:
            return self._control
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            ours.setblocking(False)
            program = _PROGRAM.format(place=str(Path(__file__).parent))
            argv = [sys.executable, "-I", "-S", "-c", program]
            command = Command(argv=argv, env={"LC_ALL": "C.UTF-8"}, fds={_CONTROL: theirs.fileno()})
            self._process = await self._supervisor.spawn(command, name="lxc nursery")
        await self._answer(ours)
        self._control = ours
        return ours

    async def _answer(self, control: socket.socket) -> dict[str, int]:
        data = await asyncio.get_running_loop().sock_recv(control, _LONGEST_ANSWER)
        if not data:
            raise InternalError("the process that makes controllers of containers has ended")
        found: dict[str, int] = json.loads(data)
        return found
