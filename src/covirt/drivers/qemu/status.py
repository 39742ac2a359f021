# SPDX-License-Identifier: LGPL-2.1-or-later
"""The status file of a running guest: all that a new daemon must know to go on with it, in libvirt's form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from covirt import xml
from covirt.api.domain.states import (
    DomainBlockedReason,
    DomainCrashedReason,
    DomainNostateReason,
    DomainPausedReason,
    DomainPMSuspendedReason,
    DomainRunningReason,
    DomainShutdownReason,
    DomainShutoffReason,
    DomainState,
)
from covirt.api.enums import Number
from covirt.drivers.qemu.definitions import RUNNING
from covirt.drivers.qemu.guest import QemuGuest, Run
from covirt.errors import InternalError
from covirt.model.domain.definition import DomainDefinition
from covirt.xml import At, Context, OneZero

# Words of states and reasons; those that are not the name in small letters are said.

_REASONS: dict[DomainState, type[Number]] = {
    DomainState.NOSTATE: DomainNostateReason,
    DomainState.RUNNING: DomainRunningReason,
    DomainState.BLOCKED: DomainBlockedReason,
    DomainState.PAUSED: DomainPausedReason,
    DomainState.SHUTDOWN: DomainShutdownReason,
    DomainState.SHUTOFF: DomainShutoffReason,
    DomainState.CRASHED: DomainCrashedReason,
    DomainState.PMSUSPENDED: DomainPMSuspendedReason,
}
_ODD = {
    (DomainRunningReason, DomainRunningReason.POSTCOPY): "post-copy",
    (DomainRunningReason, DomainRunningReason.POSTCOPY_FAILED): "post-copy failed",
    (DomainPausedReason, DomainPausedReason.SHUTTING_DOWN): "shutdown",
    (DomainPausedReason, DomainPausedReason.CRASHED): "panicked",
    (DomainPausedReason, DomainPausedReason.POSTCOPY): "post-copy",
    (DomainPausedReason, DomainPausedReason.POSTCOPY_FAILED): "post-copy failed",
}
"""By class too: reasons of different states are equal when their numbers are."""


def reason_word(reason: Number) -> str:
    """How a reason is spelled in files."""
    return _ODD.get((type(reason), reason)) or reason.name.lower().replace("_", " ")


def state_of(state: str, reason: str) -> tuple[DomainState, Number]:
    """A state and its reason from their words; an unknown reason is reason 0."""
    try:
        known = DomainState[state.upper()]
    except KeyError:
        raise InternalError(f"invalid domain state '{state}'") from None
    reasons = _REASONS[known]
    return known, next((one for one in reasons if reason_word(one) == reason), reasons(0))


# The document


@dataclass(slots=True, kw_only=True)
class Taint:
    """Why support may refuse to look at its faults."""

    flag: Annotated[str, At("@flag")]


@dataclass(slots=True, kw_only=True)
class VcpuThread:
    """The thread of a virtual processor."""

    id: Annotated[int, At("@id")]
    pid: Annotated[int, At("@pid")]


@dataclass(slots=True, kw_only=True)
class CapabilityFlag:
    """Something that this QEMU can do."""

    name: Annotated[str, At("@name")]


@dataclass(slots=True, kw_only=True)
class KnownDevice:
    """A device that QEMU has."""

    alias: Annotated[str, At("@alias")]


@dataclass(slots=True, kw_only=True)
class Status:
    """The document; `covirt` is our own element, which libvirt passes over."""

    ELEMENT: ClassVar[str] = "domstatus"
    OPEN: ClassVar[bool] = True

    state: Annotated[str, At("@state")]
    reason: Annotated[str, At("@reason")]
    pid: Annotated[int, At("@pid")] = 0
    taints: Annotated[list[Taint], At("taint")] = field(default_factory=list)
    deprecations: Annotated[list[str], At("deprecation")] = field(default_factory=list)
    monitor_path: Annotated[str, At("monitor/@path")]
    monitor_type: Annotated[str, At("monitor/@type")] = "unix"
    vcpus: Annotated[list[VcpuThread], At("vcpus/vcpu")] = field(default_factory=list)
    flags: Annotated[list[CapabilityFlag], At("qemuCaps/flag")] = field(default_factory=list)
    devices: Annotated[list[KnownDevice], At("devices/device")] = field(default_factory=list)
    directory: Annotated[str, At("libDir/@path")]
    channels: Annotated[str, At("channelTargetDir/@path")]
    reboot_after_shutdown: Annotated[OneZero | None, At("fakereboot/@value", omit=None)] = None
    allow_reboot: Annotated[str, At("allowReboot/@value")] = "yes"
    node_index: Annotated[int, At("nodename/@index", omit=0)] = 0
    start_time: Annotated[int | None, At("covirt/@start")] = None
    persistent: Annotated[OneZero | None, At("covirt/@persistent")] = None
    taps: Annotated[list[str], At("covirt/tap")] = field(default_factory=list)
    taken_files: Annotated[list[str], At("covirt/file")] = field(default_factory=list)
    domain: Annotated[DomainDefinition, At("domain")]


def write_status(guest: QemuGuest) -> str:
    """The text of the status file."""
    run = guest.running
    status = Status(
        state=guest.state.name.lower(),
        reason=reason_word(guest.reason),
        pid=run.pid,
        taints=[Taint(flag=taint) for taint in guest.taints],
        deprecations=list(guest.deprecations),
        monitor_path=str(run.monitor_path),
        vcpus=[VcpuThread(id=number, pid=thread) for number, thread in sorted(run.vcpu_threads.items())],
        flags=[CapabilityFlag(name=name) for name in sorted(run.caps.flags)],
        devices=[KnownDevice(alias=device.info.alias) for device in _named(guest.definition)],
        directory=str(run.directory),
        channels=str(run.channels),
        node_index=run.node_index,
        start_time=run.start_time,
        persistent=guest.persistent,
        taps=list(run.taps),
        taken_files=[str(path) for path in run.taken_files],
        domain=guest.definition,
    )
    return xml.format(status, context=Context.SECURE | _WRITTEN)


_WRITTEN = RUNNING & ~Context.SKIP_VALIDATE


def read_status(text: str) -> Status:
    """What a status file says; the definition in it is not completed."""
    return xml.parse(Status, text, context=RUNNING, check=False).value


def _named(definition: DomainDefinition) -> list[Any]:
    return [device for device in definition.devices.with_info() if device.info.alias]


def apply(status: Status, guest: QemuGuest, run: Run) -> None:
    """Give a guest what its status file knows."""
    guest.set_state(*state_of(status.state, status.reason))
    guest.taints = [taint.flag for taint in status.taints]
    guest.deprecations = list(status.deprecations)
    run.vcpu_threads = {vcpu.id: vcpu.pid for vcpu in status.vcpus}
    run.node_index = status.node_index
    run.reboot_after_shutdown = bool(status.reboot_after_shutdown)
    run.start_time = status.start_time
    run.pid = status.pid
    run.taps = list(status.taps)
