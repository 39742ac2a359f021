# SPDX-License-Identifier: LGPL-2.1-or-later
"""A QEMU guest, and what belongs to one run of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from covirt.api.domain.states import DomainPausedReason, DomainRunningReason
from covirt.drivers.common.bridging import Bridge
from covirt.drivers.common.guest import Guest
from covirt.drivers.qemu.agent import Agent
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.monitor import Monitor
from covirt.errors import OperationInvalid
from covirt.host.cgroups import Group
from covirt.runtime.process import Process


@dataclass(slots=True, kw_only=True)
class Run:
    """Everything of one run; what a new daemon must know of it is in the guest's status file."""

    caps: EmulatorCapabilities
    directory: Path
    """The guest's own directory: monitor socket, master key, sockets of helpers."""
    channels: Path
    """Where sockets of its channels are."""
    pid_file: Path
    pid: int = 0
    start_time: int | None = None
    process: Process | None = None
    open_monitor: Monitor | None = None
    agent: Agent | None = None
    agent_connected: bool = False
    group: Group | None = None
    vcpu_threads: dict[int, int] = field(default_factory=dict)
    node_index: int = 0
    """The highest number that an image of this run got."""
    taken_files: list[Path] = field(default_factory=list)
    """Files that belong to the guest's user while it runs."""
    taps: list[str] = field(default_factory=list)
    """Interfaces of the host that were made for it."""
    streams: dict[str, Bridge] = field(default_factory=dict)
    """Clients at consoles and channels, by the path of the terminal or socket."""
    got_shutdown: bool = False
    """QEMU said that the guest has powered off."""
    reboot_after_shutdown: bool = False
    """The guest was asked to power off in order to boot again."""
    paused_reason: DomainPausedReason = DomainPausedReason.UNKNOWN
    """Why the processors will stop, when it is us who stop them."""
    running_reason: DomainRunningReason = DomainRunningReason.UNPAUSED
    stopping: bool = False
    autodestroy: bool = False

    @property
    def monitor(self) -> Monitor:
        """The monitor, once it is connected."""
        if self.open_monitor is None:
            raise OperationInvalid("the monitor of the domain is not connected")
        return self.open_monitor

    @property
    def monitor_path(self) -> Path:
        """Where QEMU's monitor listens."""
        return self.directory / "monitor.sock"

    @property
    def master_key_path(self) -> Path:
        """The key that all secrets of the run are encrypted with."""
        return self.directory / "master-key.aes"


class QemuGuest(Guest):
    """A guest of QEMU; `run` is there while it runs."""

    run: Run | None = None

    @property
    def running(self) -> Run:
        """Its run; raises when it does not run."""
        if self.run is None:
            raise OperationInvalid("domain is not running")
        return self.run

    @property
    def monitor(self) -> Monitor:
        """The monitor of its run."""
        return self.running.monitor

    @property
    def agent(self) -> Agent | None:
        """The connection to its agent, if there is one."""
        return self.run.agent if self.run else None
