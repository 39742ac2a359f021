# SPDX-License-Identifier: LGPL-2.1-or-later
"""Starting a QEMU only to ask it what it can do."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from covirt.drivers.qemu.capabilities.emulator import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.probe import needs_tcg_round, probe, probe_tcg
from covirt.drivers.qemu.monitor import Monitor, MonitorGone
from covirt.errors import ErrorDomain, InternalError
from covirt.runtime.command import common_environment
from covirt.runtime.launch import Command
from covirt.runtime.process import Supervisor

#: Accelerators in the order QEMU shall try them.
BEST = "kvm:tcg"
TRACE = "probe-"
"""How names of traces begin."""

_MOST_WORDS = 8192
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class RunAs:
    """The user that QEMU runs as; None is our own."""

    uid: int | None = None
    gid: int | None = None
    groups: Sequence[int] | None = None
    traces: Path | None = None
    """Where a file with its number lies while it runs, so that a later daemon can end what a killed one left."""


OURSELVES = RunAs()


async def probe_binary(supervisor: Supervisor, binary: str, run_as: RunAs = OURSELVES) -> EmulatorCapabilities:
    """Ask a binary for its capabilities: once with the best accelerator, and once more without, if it had one."""
    async with start_for_questions(supervisor, binary, run_as, accel=BEST) as monitor:
        first = await probe(monitor, binary)
    if not needs_tcg_round(first.caps):
        return first.caps
    async with start_for_questions(supervisor, binary, run_as, accel="tcg") as monitor:
        return await probe_tcg(monitor, first)


@asynccontextmanager
async def start_for_questions(
    supervisor: Supervisor, binary: str, run_as: RunAs = OURSELVES, *, accel: str = BEST
) -> AsyncIterator[Monitor]:
    """A QEMU without a machine that is there for the block; nothing of it touches the file system."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    words = os.memfd_create("qemu-stderr", os.MFD_CLOEXEC)
    number = its.fileno()
    trace = run_as.traces / f"{TRACE}{os.getpid()}-{number}.pid" if run_as.traces else None
    command = Command(
        argv=(
            binary,
            *("-S", "-no-user-config", "-nodefaults", "-nographic"),
            *("-machine", f"none,accel={accel}"),
            *("-chardev", f"socket,id=charmonitor,fd={number}"),
            *("-mon", "chardev=charmonitor,id=monitor,mode=control"),
        ),
        env=common_environment(),
        fds={number: number},
        stderr=words,
        uid=run_as.uid,
        gid=run_as.gid,
        groups=run_as.groups,
        pid_file=trace,
    )
    try:
        with its:
            process = await supervisor.spawn(command, name=f"probe of {binary}")
        try:
            async with await _connect(ours, binary, words) as monitor:
                yield monitor
        finally:
            await process.terminate(grace=0)
    finally:
        ours.close()
        os.close(words)
        if trace is not None:
            trace.unlink(missing_ok=True)


async def _connect(ours: socket.socket, binary: str, words: int) -> Monitor:
    try:
        return await Monitor.open(ours, name=binary, within=_PATIENCE)
    except MonitorGone:
        said = os.pread(words, _MOST_WORDS, 0).decode(errors="replace").strip() or "unknown error"
        message = f"Failed to start QEMU binary {binary} for probing: {said}"
        raise InternalError(message, domain=ErrorDomain.QEMU) from None
