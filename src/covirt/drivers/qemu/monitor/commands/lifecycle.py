# SPDX-License-Identifier: LGPL-2.1-or-later
"""The life of the virtual machine: whether it runs, and what stops and starts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from covirt.drivers.qemu.monitor.commands.base import Execute, flag, given, number, optional_text, record, text


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the CPUs run, and QEMU's word for the state (`paused`, `io-error`, `prelaunch`, ...)."""

    running: bool
    status: str | None


async def status(qemu: Execute) -> Status:
    """Whether the guest runs."""
    reply = record(await qemu("query-status"), "query-status")
    running = flag(reply, "running", "query-status reply was missing running state")
    return Status(running, optional_text(reply, "status"))


async def cont(qemu: Execute) -> None:
    """Let the CPUs run."""
    await qemu("cont")


async def stop(qemu: Execute) -> None:
    """Stop the CPUs."""
    await qemu("stop")


async def power_down(qemu: Execute) -> None:
    """Press the power button."""
    await qemu("system_powerdown")


async def reset(qemu: Execute) -> None:
    """Press the reset button."""
    await qemu("system_reset")


async def wake_up(qemu: Execute) -> None:
    """Wake the guest from its sleep."""
    await qemu("system_wakeup")


async def inject_nmi(qemu: Execute) -> None:
    """Give the guest a non-maskable interrupt."""
    await qemu("inject-nmi")


async def quit_qemu(qemu: Execute) -> None:
    """End QEMU."""
    await qemu("quit")


@dataclass(frozen=True, slots=True)
class Version:
    """The version of QEMU, and its distribution's name for the build."""

    major: int
    minor: int
    micro: int
    package: str


async def version(qemu: Execute) -> Version:
    """The version that runs."""
    reply = record(await qemu("query-version"), "query-version")
    parts = record(reply.get("qemu"), "query-version")
    missing = "query-version reply was missing '{}' version"
    return Version(
        major=number(parts, "major", missing.format("major")),
        minor=number(parts, "minor", missing.format("minor")),
        micro=number(parts, "micro", missing.format("micro")),
        package=text(reply, "package", missing.format("package")),
    )


async def target(qemu: Execute) -> str:
    """QEMU's name of the architecture that it emulates."""
    reply = record(await qemu("query-target"), "query-target")
    return text(reply, "arch", "query-target reply was missing arch data")


async def set_actions(
    qemu: Execute,
    *,
    shutdown: str | None = None,
    reboot: str | None = None,
    watchdog: str | None = None,
    panic: str | None = None,
) -> None:
    """Say what happens when the guest shuts down, reboots, hangs or panics."""
    await qemu("set-action", given(shutdown=shutdown, reboot=reboot, watchdog=watchdog, panic=panic))


async def set_watchdog_action(qemu: Execute, action: str) -> None:
    """Say what happens when the watchdog fires, on QEMU without `set-action`."""
    await qemu("watchdog-set-action", {"action": action})


async def reset_clock_reinjection(qemu: Execute) -> None:
    """Forget the ticks of the clock that the guest has missed."""
    await qemu("rtc-reset-reinjection")


async def send_keys(qemu: Execute, codes: Sequence[int], hold_milliseconds: int = 0) -> None:
    """Press keys together, given by QEMU's numbers."""
    keys = [{"type": "number", "data": code} for code in codes]
    await qemu("send-key", given(keys=keys, hold_time=hold_milliseconds or None))


async def human_command(qemu: Execute, line: str) -> str:
    """Execute a line of the monitor for people, and give its words."""
    reply = await qemu("human-monitor-command", {"command-line": line})
    return reply if isinstance(reply, str) else ""
