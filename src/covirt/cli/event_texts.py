# SPDX-License-Identifier: LGPL-2.1-or-later
"""What each event of a domain looks like in print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from covirt.api.domain import events
from covirt.api.event import Event
from covirt.api.params import TypedParams

KINDS = "Defined Undefined Started Suspended Resumed Stopped Shutdown PMSuspended Crashed".split()  # noqa: SIM905

# fmt: off
DETAILS: tuple[tuple[str, ...], ...] = (
    ("Added", "Updated", "Renamed", "Snapshot"),
    ("Removed", "Renamed"),
    ("Booted", "Migrated", "Restored", "Snapshot", "Event wakeup"),
    (
        "Paused", "Migrated", "I/O Error", "Watchdog", "Restored", "Snapshot", "API error", "Post-copy",
        "Post-copy Error",
    ),
    ("Unpaused", "Migrated", "Snapshot", "Post-copy", "Post-copy Error"),
    ("Shutdown", "Destroyed", "Crashed", "Migrated", "Saved", "Failed", "Snapshot"),
    ("Finished", "Finished after guest request", "Finished after host request"),
    ("Memory", "Disk"),
    ("Panicked", "Crashloaded"),
)
WATCHDOG = ("none", "pause", "reset", "poweroff", "shutdown", "debug", "inject-nmi")
IO_ERROR = ("none", "pause", "report")
PHASES = ("connect", "initialize", "disconnect")
ADDRESSES = ("IPv4", "IPv6", "unix")
BLOCK_JOBS = ("Unknown job", "Block Pull", "Block Copy", "Block Commit", "Active Block Commit", "Backup")
BLOCK_STATES = ("completed", "failed", "canceled", "ready")
DISK_CHANGES = ("changed", "dropped")
TRAY = ("opened", "closed")
AGENT_STATES = ("unknown", "connected", "disconnected")
AGENT_REASONS = ("unknown", "domain started", "channel event")
METADATA = ("description", "title", "element")
RECIPIENTS = ("hypervisor", "guest")
MEMORY_ACTIONS = ("ignore", "inject", "fatal", "reset")
# fmt: on


def word(words: Sequence[str], number: int, unknown: str = "unknown") -> str:
    """The word for a number."""
    return words[number] if 0 <= number < len(words) else unknown


def unsupported(words: Sequence[str], number: int) -> str:
    """The word for a number of a kind that newer hypervisors may add to."""
    return word(words, number, "unsupported value")


def _params(params: TypedParams) -> str:
    return ":\n" + "".join(f"\t{entry.name}: {_value(entry.value)}\n" for entry in params.entries).rstrip("\n")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:f}" if isinstance(value, float) else str(value)


def _graphics(happened: events.Graphics) -> str:
    local, remote = (
        f"{word(ADDRESSES, side.family)} {side.node} {side.service}" for side in (happened.local, happened.remote)
    )
    identities = "".join(f"\n\t{subject.type}={subject.name}" for subject in happened.subjects)
    return f": {word(PHASES, happened.phase)} local[{local}] remote[{remote}] {happened.auth_scheme}{identities}"


def _lifecycle(happened: events.Lifecycle) -> str:
    details = DETAILS[happened.event] if 0 <= happened.event < len(DETAILS) else ()
    return f": {word(KINDS, happened.event)} {word(details, happened.detail)}"


def _memory_failure(happened: events.MemoryFailure) -> str:
    recipient, action = unsupported(RECIPIENTS, happened.recipient), unsupported(MEMORY_ACTIONS, happened.action)
    required, recursive = int(bool(happened.flags & 1)), int(bool(happened.flags & 2))
    flags = f"flags:\n\taction required: {required}\n\trecursive: {recursive}"
    return f":\nrecipient: {recipient}\naction: {action}\n{flags}"


def _io_error(happened: events.IoError | events.IoErrorReason) -> str:
    return f": {happened.src_path} ({happened.dev_alias}) {word(IO_ERROR, happened.action)}"


def _block_job(disk: str, happened: events.BlockJob | events.BlockJob2) -> str:
    return f": {word(BLOCK_JOBS, happened.type, 'Unknown job')} for {disk} {word(BLOCK_STATES, happened.status)}"


def _disk_change(happened: events.DiskChange) -> str:
    old, new = (path or "<null>" for path in (happened.old_src_path, happened.new_src_path))
    return f" disk {happened.dev_alias}: {old} -> {new}: {word(DISK_CHANGES, happened.reason)}"


def _nothing(happened: Event) -> str:
    return ""


TEXTS: dict[type[Event], tuple[str, Callable[[Any], str]]] = {
    events.Lifecycle: ("lifecycle", _lifecycle),
    events.Reboot: ("reboot", _nothing),
    events.RtcChange: ("rtc-change", lambda happened: f": {happened.utcoffset}"),
    events.Watchdog: ("watchdog", lambda happened: f": {word(WATCHDOG, happened.action)}"),
    events.IoError: ("io-error", _io_error),
    events.Graphics: ("graphics", _graphics),
    events.IoErrorReason: ("io-error-reason", lambda happened: f"{_io_error(happened)} due to {happened.reason}"),
    events.ControlError: ("control-error", _nothing),
    events.BlockJob: ("block-job", lambda happened: _block_job(happened.path, happened)),
    events.DiskChange: ("disk-change", _disk_change),
    events.TrayChange: (
        "tray-change",
        lambda happened: f" disk {happened.dev_alias}: {word(TRAY, happened.reason)}",
    ),
    events.PmWakeup: ("pm-wakeup", _nothing),
    events.PmSuspend: ("pm-suspend", _nothing),
    events.BalloonChange: ("balloon-change", lambda happened: f": {happened.actual}KiB"),
    events.PmSuspendDisk: ("pm-suspend-disk", _nothing),
    events.DeviceRemoved: ("device-removed", lambda happened: f": {happened.dev_alias}"),
    events.BlockJob2: ("block-job-2", lambda happened: _block_job(happened.dst, happened)),
    events.Tunable: ("tunable", lambda happened: _params(happened.params)),
    events.AgentLifecycle: (
        "agent-lifecycle",
        lambda happened: (
            f": state: '{unsupported(AGENT_STATES, happened.state)}'"
            f" reason: '{unsupported(AGENT_REASONS, happened.reason)}'"
        ),
    ),
    events.DeviceAdded: ("device-added", lambda happened: f": {happened.dev_alias}"),
    events.MigrationIteration: ("migration-iteration", lambda happened: f": iteration: '{happened.iteration}'"),
    events.JobCompleted: ("job-completed", lambda happened: _params(happened.params)),
    events.DeviceRemovalFailed: ("device-removal-failed", lambda happened: f": {happened.dev_alias}"),
    events.MetadataChange: (
        "metadata-change",
        lambda happened: f": type {unsupported(METADATA, happened.type)}, uri {happened.ns_uri or '<null>'}",
    ),
    events.BlockThreshold: (
        "block-threshold",
        lambda happened: f": dev: {happened.dev}({happened.path or '<null>'}) {happened.threshold} {happened.excess}",
    ),
    events.MemoryFailure: ("memory-failure", _memory_failure),
    events.MemoryDeviceSizeChange: (
        "memory-device-size-change",
        lambda happened: f":\nalias: {happened.alias}\nsize: {happened.size}",
    ),
    events.NicMacChange: (
        "nic-mac-change",
        lambda happened: f":\nalias: {happened.alias}\noldMAC: {happened.old_mac}\nnewMAC: {happened.new_mac}",
    ),
}
"""The name of each event and what is printed behind the domain's name, in libvirt's order."""


def name_of(kind: type[Event]) -> str:
    """The name by which a person asks for an event."""
    return TEXTS[kind][0]


def describe(happened: Any) -> str:
    """An event as a line, or several."""
    name, rest = TEXTS[type(happened)]
    shown = "io-error" if isinstance(happened, events.IoErrorReason) else name
    return f"event '{shown}' for domain '{happened.dom.name}'{rest(happened)}\n"
