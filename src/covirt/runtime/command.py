# SPDX-License-Identifier: LGPL-2.1-or-later
"""Short commands: run a program to its end and take what it says, within limits."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from covirt.errors import InternalError, OperationTimeout
from covirt.runtime.exits import ExitStatus
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.runtime.process import find_program

log = get("runtime.command")

_PASSED_ON = ("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LD_PRELOAD", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a command."""

    argv: tuple[str, ...]
    status: ExitStatus
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        """What it wrote to its output."""
        return self.stdout.decode(errors="replace")

    def check(self) -> Finished:
        """Itself when it ended well, else libvirt's error."""
        if self.status.success:
            return self
        said = self.stderr.decode(errors="replace")
        raise InternalError(
            f"Child process ({' '.join(self.argv)}) unexpected {self.status}{': ' if said else ''}{said}"
        )


async def run_command(
    argv: Sequence[str],
    *,
    input: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float = 30.0,
    limit: int = 16 << 20,
    check: bool = True,
) -> Finished:
    """Run a program without a shell, give it `input`, and take at most `limit` bytes of each of its outputs.

    It ends with us: after `timeout` seconds, too much output or cancellation it and its own children are killed.
    """
    program = find_program(argv[0])
    log.debug("run", command=" ".join(argv))
    running = await _Running.start(program, argv, input, common_environment() if env is None else env)
    try:
        async with asyncio.timeout(timeout):
            stdout, stderr = await asyncio.gather(running.read(0, limit), running.read(1, limit))
            status = await running.wait()
    except TimeoutError:
        raise OperationTimeout(f"'{' '.join(argv)}' did not end within {timeout:g} seconds") from None
    finally:
        await running.close()
    done = Finished(tuple(argv), status, stdout, stderr)
    return done.check() if check else done


def common_environment() -> dict[str, str]:
    """What libvirt passes on to programs of others: few variables, and messages that can be read by programs."""
    return {"LC_ALL": "C", **{name: os.environ[name] for name in _PASSED_ON if name in os.environ}}


class _Running:
    """A command at work."""

    def __init__(self, pid: int, outputs: tuple[int, int]) -> None:
        self.pid = pid
        self._pidfd = os.pidfd_open(pid)
        self._outputs = outputs
        self._status: ExitStatus | None = None

    @classmethod
    async def start(cls, program: str, argv: Sequence[str], input: bytes, env: Mapping[str, str]) -> _Running:
        """Start it in a process group of its own; its input is a file in memory, so that nobody has to feed it."""
        pipes = os.pipe2(os.O_CLOEXEC), os.pipe2(os.O_CLOEXEC)
        source = os.memfd_create("input", os.MFD_CLOEXEC)
        try:
            os.write(source, input)
            os.lseek(source, 0, os.SEEK_SET)
            actions = [
                (os.POSIX_SPAWN_DUP2, fd, number) for number, fd in enumerate((source, pipes[0][1], pipes[1][1]))
            ]
            pid = await asyncio.shield(in_thread(_spawn, program, list(argv), dict(env), actions))
            for end, _ in pipes:
                os.set_blocking(end, False)
            return cls(pid, (pipes[0][0], pipes[1][0]))
        except BaseException:
            for end, _ in pipes:
                os.close(end)
            raise
        finally:
            for fd in (source, pipes[0][1], pipes[1][1]):
                os.close(fd)

    async def read(self, which: int, limit: int) -> bytes:
        """Read one of its outputs to the end."""
        data, fd = bytearray(), self._outputs[which]
        while True:
            try:
                part = os.read(fd, 65536)
            except BlockingIOError:
                await _readable(fd)
                continue
            if not part:
                return bytes(data)
            data += part
            if len(data) > limit:
                raise InternalError(f"a command wrote more than {limit} bytes")

    async def wait(self) -> ExitStatus:
        """Wait for its end."""
        while self._status is None:
            result = os.waitid(os.P_PIDFD, self._pidfd, os.WEXITED | os.WNOHANG)  # noqa: ASYNC222 - it does not wait
            if result is None:
                await _readable(self._pidfd)
            else:
                self._status = ExitStatus.of(result)
        return self._status

    async def close(self) -> None:
        """Kill what is left of it."""
        if self._status is None:
            os.killpg(self.pid, signal.SIGKILL)
            await asyncio.shield(self.wait())
        for fd in (*self._outputs, self._pidfd):
            os.close(fd)


def _spawn(program: str, argv: list[str], env: dict[str, str], actions: list[tuple[int, int, int]]) -> int:
    return os.posix_spawn(
        program, argv, env, file_actions=actions, setpgroup=0, setsigmask=[], setsigdef=[signal.SIGPIPE, signal.SIGXFSZ]
    )


async def _readable(fd: int) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(fd, lambda: None if ready.done() else ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(fd)
