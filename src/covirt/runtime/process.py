# SPDX-License-Identifier: LGPL-2.1-or-later
"""The supervisor: starts processes that outlive us, knows at once when they end, finds them again after a restart.

A process is started through a launchpad, a small interpreter that waits ready beforehand: starting costs a message and
an `exec`, however big we are, and each step inside the new process can fail with a clear error. No pipe ties a
process to us, it has its own session, and its end is told by the kernel through a pidfd. Where a pid is kept
across restarts, its start time is kept too, so that a stranger with the same pid is never taken for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import marshal
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from covirt.errors import InternalError, OperationFailed, SystemCallFailed
from covirt.runtime.exits import ExitStatus, start_time
from covirt.runtime.launch import Command
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread

log = get("runtime.process")

LAUNCHPAD = Path(__file__).with_name("launchpad.py")
_CONTROL = 3  # the descriptor of its socket, as the launchpad expects it

KILL_SECONDS = 30.0
"""A killed process may need long to end: its memory is freed, its disks are flushed."""


class ProcessGone(OperationFailed):
    """The process to be found again has ended, or its pid belongs to another one now."""


class Process:
    """A process that is watched until it ends."""

    def __init__(self, pid: int, name: str, pidfd: int, *, ours: bool) -> None:
        """Made by `Supervisor.spawn` and `Supervisor.adopt`."""
        self.pid, self.name = pid, name
        self.start_time = start_time(pid)
        self.status: ExitStatus | None = None
        self._ours = ours
        self._pidfd: int | None = pidfd
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._callbacks: list[Callable[[Process], None]] = []
        self._loop.add_reader(pidfd, self._has_ended)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet, as far as the loop has seen."""
        return not self._ended.done()

    async def wait_exit(self) -> ExitStatus | None:
        """Wait for its end; the status is None for a process that another one started."""
        await asyncio.shield(self._ended)
        return self.status

    def on_exit(self, callback: Callable[[Process], None]) -> None:
        """Call a quick function once it has ended, at the latest in the next round of the loop."""
        if self.running:
            self._callbacks.append(callback)
        else:
            self._loop.call_soon(callback, self)

    def signal(self, number: int) -> None:
        """Send a signal; one that has ended gets nothing, and nobody else does."""
        if self._pidfd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    async def terminate(self, grace: float = 10.0) -> ExitStatus | None:
        """Ask it to end, kill it when it does not in time, and wait until it is gone."""
        if self.running and grace > 0:
            self.signal(signal.SIGTERM)
            await asyncio.wait([self._ended], timeout=grace)
        if self.running:
            self.signal(signal.SIGKILL)
            await asyncio.wait([self._ended], timeout=KILL_SECONDS)
        if self.running:
            raise SystemCallFailed.from_errno(errno.EBUSY, f"Failed to terminate process {self.pid} with SIGKILL")
        return self.status

    def forget(self) -> None:
        """Watch it no longer; it lives on."""
        if self._pidfd is not None:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
            self._pidfd = None
        if not self._ended.done():
            self._ended.cancel()

    def _has_ended(self) -> None:
        assert self._pidfd is not None
        if self._ours:
            result = os.waitid(os.P_PIDFD, self._pidfd, os.WEXITED | os.WNOHANG)
            if result is None:
                return
            self.status = ExitStatus.of(result)
        self._loop.remove_reader(self._pidfd)
        os.close(self._pidfd)
        self._pidfd = None
        self._ended.set_result(None)
        log.debug("a process has ended", name=self.name, pid=self.pid, status=self.status)
        for callback in self._callbacks:
            self._loop.call_soon(callback, self)

    def __repr__(self) -> str:
        """For messages."""
        return f"<Process {self.name} {self.pid} {'running' if self.running else self.status}>"


class Supervisor:
    """Starts and watches the processes of one daemon."""

    def __init__(self, *, spares: int = 1) -> None:
        """Keep `spares` launchpads ready; none is started before it is needed the first time."""
        self._spares_wanted = spares
        self._spares: list[_Launchpad] = []
        self._refill: asyncio.Task[None] | None = None
        self._processes: set[Process] = set()
        self._closed = False

    @property
    def processes(self) -> list[Process]:
        """All that run now, as far as they are known here."""
        return sorted(self._processes, key=lambda process: process.pid)

    async def prepare(self) -> None:
        """Have the spare launchpads ready; a daemon calls it at its start, so that the first guest starts fast too."""
        while len(self._spares) < self._spares_wanted and not self._closed:
            self._spares.append(await _Launchpad.make())

    async def spawn(self, command: Command, *, name: str | None = None) -> Process:
        """Start a process; returns when its program has been executed.

        A cancelled or failed start leaves no process. Errors name the step: a missing program, a limit that may not be
        raised, a file that cannot be opened.
        """
        program = find_program(command.argv[0], command.env.get("PATH"))
        pad = await self._take_launchpad()
        try:
            await pad.launch(program, command)
        except BaseException:
            await pad.discard()
            raise
        finally:
            self._prepare_later()
        log.debug("started", name=name or command.argv[0], pid=pad.pid, command=str(command))
        return self._watch(Process(pad.pid, name or os.path.basename(program), pad.detach(), ours=True))

    async def adopt(self, pid: int, start: int | None = None, *, name: str | None = None) -> Process:
        """Watch a process that runs already; with its start time only if it is still the same one."""
        try:
            pidfd = os.pidfd_open(pid)
        except ProcessLookupError:
            raise ProcessGone(f"process {pid} ({name}) has ended") from None
        except OSError as error:
            raise SystemCallFailed.from_oserror(error, f"cannot watch process {pid}") from error
        found = start_time(pid)
        if found is None or (start is not None and found != start):
            os.close(pidfd)
            raise ProcessGone(f"process {pid} ({name}) has ended, its number belongs to another one now")
        return self._watch(Process(pid, name or str(pid), pidfd, ours=_is_child(pid)))

    async def close(self) -> None:
        """Stop watching; the processes live on."""
        self._closed = True
        if self._refill is not None:
            await asyncio.wait([self._refill])
        for pad in self._spares:
            await pad.discard()
        self._spares.clear()
        for process in tuple(self._processes):
            process.forget()
        self._processes.clear()

    async def _take_launchpad(self) -> _Launchpad:
        """One that waits already, or a new one; somebody may have killed those that waited."""
        while self._spares:
            pad = self._spares.pop(0)
            if pad.alive:
                return pad
            await pad.discard()
        return await _Launchpad.make()

    def _watch(self, process: Process) -> Process:
        self._processes.add(process)
        process.on_exit(self._processes.discard)
        return process

    def _prepare_later(self) -> None:
        if self._spares_wanted and (self._refill is None or self._refill.done()):
            self._refill = asyncio.create_task(self.prepare(), name="prepare launchpads")
            self._refill.add_done_callback(_note_failure)


class _Launchpad:
    """A process that waits to become something."""

    def __init__(self, pid: int, control: socket.socket) -> None:
        self.pid = pid
        self._control = control
        self._pidfd = os.pidfd_open(pid)

    @classmethod
    async def make(cls) -> _Launchpad:
        """Start one; the interpreter in it gets ready while we do something else."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            return cls(await asyncio.shield(in_thread(_spawn_interpreter, theirs.fileno())), ours)
        finally:
            theirs.close()

    @property
    def alive(self) -> bool:
        """Whether it still waits."""
        return os.waitid(os.P_PIDFD, self._pidfd, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    async def launch(self, program: str, command: Command) -> None:
        """Say what to become and wait until it is that."""
        plan = command.plan()
        orders = {
            "program": program,
            "argv": [str(word) for word in command.argv],
            "env": dict(command.env),
            "steps": plan.steps,
            "fds": plan.fds,
        }
        loop = asyncio.get_running_loop()
        data = marshal.dumps(orders)
        data = len(data).to_bytes(4, "big") + data
        sent = socket.send_fds(self._control, [data], plan.handed)
        if sent < len(data):  # else it may have become its program already, and nobody would receive
            await loop.sock_sendall(self._control, data[sent:])
        answer = b""
        while part := await loop.sock_recv(self._control, 65536):
            answer += part
        if answer:
            raise _launch_error(command, *marshal.loads(answer))

    def detach(self) -> int:
        """It is another program now; gives its pidfd."""
        self._control.close()
        return self._pidfd

    async def discard(self) -> None:
        """End it."""
        self._control.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        await in_thread(os.waitid, os.P_PIDFD, self._pidfd, os.WEXITED)
        os.close(self._pidfd)


def find_program(name: str, path: str | None = None) -> str:
    """The full path of a program, or the error that says it is not installed."""
    found = shutil.which(name, path=path)
    if found is None:
        error = SystemCallFailed.from_errno(errno.ENOENT, f"Cannot find '{name}' in path")
        error.hint = f"install the package that provides {os.path.basename(name)}"
        raise error
    return found


def _spawn_interpreter(control: int) -> int:
    null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    try:
        actions = [(os.POSIX_SPAWN_DUP2, null, number) for number in (0, 1, 2)]
        # Descriptors 3 and up of ours are closed there on exec, all but the copy of the socket.
        actions.append((os.POSIX_SPAWN_DUP2, control, _CONTROL))
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", str(LAUNCHPAD)],
            {"LC_ALL": "C"},
            file_actions=actions,
            setsid=True,
            setsigmask=[],
            setsigdef=[number for number in signal.valid_signals() if number not in (signal.SIGKILL, signal.SIGSTOP)],
        )
    finally:
        os.close(null)


def _launch_error(command: Command, step: str, number: int, reason: str) -> Exception:
    if number == 0:
        return InternalError(f"cannot start '{command.argv[0]}': {step}: {reason}")
    if step.startswith("execute "):
        return SystemCallFailed.from_errno(number, f"cannot execute binary {command.argv[0]}")
    return SystemCallFailed.from_errno(number, f"cannot start '{command.argv[0]}': {step}")


def _is_child(pid: int) -> bool:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="surrogateescape").rpartition(")")[2].split()
    except OSError:
        return False
    return int(fields[1]) == os.getpid()


def _note_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()) is not None:
        log.warning("no launchpad could be made ready", error=failure)
