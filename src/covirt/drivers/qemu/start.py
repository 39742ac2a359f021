# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a guest starts: named stages, each of which knows how it is taken back.

    definition -> directories -> host -> command -> process -> monitor -> details -> running

A status file is written before the process, so that a daemon that dies in any stage leaves a trace that the next one
follows to tidy up.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covirt.api.domain.events import (
    DomainEventStartedDetailType,
    DomainEventSuspendedDetailType,
    DomainEventType,
)
from covirt.api.domain.states import DomainPausedReason, DomainRunningReason, DomainShutoffReason, DomainState
from covirt.drivers.qemu import details, events, live, prepare, stop, swtpm
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.command.argv import Argv
from covirt.drivers.qemu.command.build import build_command
from covirt.drivers.qemu.command.context import Prepared
from covirt.drivers.qemu.guest import QemuGuest, Run
from covirt.drivers.qemu.monitor import Monitor, MonitorGone
from covirt.drivers.qemu.monitor.commands import lifecycle
from covirt.drivers.qemu.ready.definition import Starting
from covirt.errors import ConfigUnsupported, InternalError, OperationInvalid
from covirt.runtime.launch import Command
from covirt.runtime.log import get
from covirt.runtime.loop import in_thread
from covirt.runtime.roots import short_name
from covirt.runtime.undo import Undo

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver

log = get("qemu.start")

CONNECT_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A state that a guest begins with instead of booting."""

    descriptor: int
    running_reason: DomainRunningReason = DomainRunningReason.RESTORED
    event_detail: DomainEventStartedDetailType = DomainEventStartedDetailType.RESTORED


@dataclass(slots=True)
class Start:
    """One start on its way."""

    driver: QemuDriver
    guest: QemuGuest
    undo: Undo
    paused: bool = False
    incoming: Incoming | None = None
    caps: EmulatorCapabilities = field(init=False)
    run: Run = field(init=False)
    surroundings: Starting = field(init=False)
    prepared: Prepared = field(init=False)
    argv: Argv = field(init=False)
    log_file: int = -1
    log_position: int = 0
    monitor_socket: socket.socket | None = None
    descriptors: list[int] = field(default_factory=list)
    """Those of ours that QEMU inherits, and that we close once it has them."""


async def start_guest(
    driver: QemuDriver, guest: QemuGuest, *, paused: bool = False, incoming: Incoming | None = None
) -> None:
    """Start a guest that does not run; when it fails nothing is left of the attempt."""
    if guest.active:
        raise OperationInvalid("domain is already running")
    begin = time.monotonic()
    async with Undo(f"start {guest.name}") as undo:
        start = Start(driver, guest, undo, paused, incoming)
        for stage in STAGES:
            await stage(start)
            log.debug("stage done", guest=guest.name, stage=stage.__name__, ms=round((time.monotonic() - begin) * 1000))
        undo.keep()
    _announce(start)


def _announce(start: Start) -> None:
    guest, driver = start.guest, start.driver
    detail = start.incoming.event_detail if start.incoming else DomainEventStartedDetailType.BOOTED
    driver.publish_lifecycle(guest.handle, DomainEventType.STARTED, detail)
    if start.paused:
        driver.publish_lifecycle(guest.handle, DomainEventType.SUSPENDED, DomainEventSuspendedDetailType.PAUSED)


# The stages


async def definition(start: Start) -> None:
    """Give the guest a number and everything that its definition leaves to a start."""
    driver, guest = start.driver, start.guest
    start.caps = await driver.definitions.capabilities(guest.definition)
    _require_accelerator(start)
    roots = driver.roots.qemu
    number = driver.guests.new_id()
    name = short_name(number, guest.name)
    guest.begin(number)
    start.run = guest.run = Run(
        caps=start.caps,
        directory=roots.lib / f"domain-{name}",
        channels=roots.channel_target / name,
        pid_file=roots.state / f"{guest.name}.pid",
    )
    start.undo.push("forget the run", _forget_run, guest)
    guest.set_state(DomainState.PAUSED, DomainPausedReason.STARTING_UP)
    ports = live.TakenPorts(driver.ports, driver.websocket_ports)
    start.undo.push("give ports back", ports.give_back)
    start.surroundings = live.prepare(driver, guest.definition, start.run, ports, new=start.incoming is None)


def _require_accelerator(start: Start) -> None:
    """KVM must be usable now; that QEMU has it is not enough."""
    kind = start.guest.definition.type
    if kind == "kvm":
        start.driver.host.kvm.require()
    if not start.caps.runs_type(kind):
        emulator = start.caps.binary
        raise ConfigUnsupported(f"Emulator '{emulator}' does not support virt type '{kind}'")


def _forget_run(guest: QemuGuest) -> None:
    guest.run = None
    guest.end(DomainShutoffReason.FAILED)


async def trace(start: Start) -> None:
    """Leave a trace for the next daemon, should this one die here."""
    start.undo.push("forget the trace", start.driver.keeper.forget_status, start.guest)
    await start.driver.keeper.keep_status(start.guest)


async def directories(start: Start) -> None:
    """The guest's own directories, its log file, the key for its secrets, the socket of its monitor."""
    start.undo.push("remove directories", stop.remove_directories, start.driver, start.run)
    made = await in_thread(prepare.directories, start.driver, start.guest, start.run)
    start.log_file, start.monitor_socket = made
    start.undo.push("close the log", os.close, start.log_file)
    start.undo.push("close the monitor's socket", start.monitor_socket.close)
    start.prepared = prepare.prepared(start.driver, start.run)
    start.prepared.nodes |= start.surroundings.nodes
    start.prepared.descriptors["monitor"] = start.monitor_socket.fileno()
    start.descriptors.append(start.monitor_socket.fileno())


async def host(start: Start) -> None:
    """What the guest's devices need on the host: sockets, interfaces, files that belong to its user."""
    await prepare.host(start)
    await swtpm.start_all(start)


async def command(start: Start) -> None:
    """The command line."""
    if start.incoming is not None:
        start.prepared.incoming = "defer"
    start.argv = build_command(
        start.guest.definition,
        start.caps,
        start.driver.settings,
        start.prepared,
        host_arch=start.driver.host.node.arch,
    )


async def process(start: Start) -> None:
    """The process, in its control group and as its user from the first instruction on."""
    driver, run = start.driver, start.run
    words = Command(
        argv=start.argv.words,
        env=start.argv.environment,
        stdout=start.log_file,
        stderr=start.log_file,
        fds={number: number for number in start.descriptors},
        uid=driver.run_as.uid,
        gid=driver.run_as.gid,
        groups=driver.run_as.groups,
        limits=prepare.limits(start),
        cgroups=run.group.directories() if run.group else (),
        pid_file=run.pid_file,
    )
    os.write(start.log_file, prepare.log_heading(start).encode())
    start.log_position = os.fstat(start.log_file).st_size
    run.process = await driver.supervisor.spawn(words, name=f"qemu {start.guest.name}")
    start.undo.push("end the process", run.process.terminate, 0)
    run.pid, run.start_time = run.process.pid, run.process.start_time


async def monitor(start: Start) -> None:
    """The connection to QEMU's monitor."""
    run = start.run
    unconnected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        unconnected.setblocking(False)
        prepare.connect(unconnected, run.monitor_path)
    except BaseException:
        unconnected.close()
        raise
    await prepare.close_inherited(start)
    try:
        run.open_monitor = await Monitor.open(unconnected, name=start.guest.name, within=CONNECT_SECONDS)
    except MonitorGone:
        raise await _early_end(start) from None
    start.undo.push("close the monitor", run.open_monitor.close)
    events.listen(start.driver, start.guest)


async def _early_end(start: Start) -> InternalError:
    assert start.run.process is not None
    await start.run.process.wait_exit()
    said = os.pread(start.log_file, 4096, start.log_position).decode(errors="replace").strip()
    return InternalError(f"process exited while connecting to monitor: {said or 'no message'}")


async def ask(start: Start) -> None:
    """What only QEMU knows: terminals, threads of processors, and what has to be told before the guest runs."""
    try:
        await details.settle(start.driver, start.guest)
    except MonitorGone:
        raise await _early_end(start) from None


async def state(start: Start) -> None:
    """The state that the guest begins with, when it does not boot."""
    if start.incoming is not None:
        await details.receive_state(start.guest, start.incoming.descriptor)


async def running(start: Start) -> None:
    """Let the processors run, keep what is known, and watch the process."""
    driver, guest, run = start.driver, start.guest, start.run
    reason = start.incoming.running_reason if start.incoming else DomainRunningReason.BOOTED
    if start.paused:
        guest.set_state(DomainState.PAUSED, DomainPausedReason.USER)
    else:
        run.running_reason = reason
        await lifecycle.cont(run.monitor)
        guest.set_state(DomainState.RUNNING, reason)
    await driver.keeper.keep_status(guest)
    os.close(start.log_file)
    stop.watch(driver, guest)


Stage = Callable[[Start], Awaitable[None]]
STAGES: tuple[Stage, ...] = (definition, trace, directories, host, command, process, monitor, ask, state, running)
