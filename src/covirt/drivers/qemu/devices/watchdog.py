# SPDX-License-Identifier: LGPL-2.1-or-later
"""Watchdogs."""

from __future__ import annotations

from covirt.drivers.qemu.command.context import Build
from covirt.drivers.qemu.command.props import Props, props
from covirt.drivers.qemu.devices.common import add_companion, place
from covirt.model.domain.devices.watchdog import Watchdog, WatchdogAction, WatchdogModel


def build_all(build: Build) -> None:
    """All watchdogs, and what they do, which is the same for all."""
    watchdogs = build.guest.devices.watchdogs
    for watchdog in watchdogs:
        if watchdog.model is not WatchdogModel.ITCO:
            add_companion(build, watchdog.info)
            build.argv.device(frontend(watchdog, build))
    if any(watchdog.model is WatchdogModel.ITCO for watchdog in watchdogs):
        # It is part of the chipset, but switched off there.
        build.argv.add("-global", "ICH9-LPC.noreboot=off")
    if watchdogs:
        action = watchdogs[-1].action
        # QEMU only stops the guest; the dump is the driver's work.
        build.argv.add("-watchdog-action", WatchdogAction.PAUSE if action is WatchdogAction.DUMP else action)


def frontend(watchdog: Watchdog, build: Build) -> Props:
    """The device."""
    return props(driver=watchdog.model, id=watchdog.info.alias) | place(build, watchdog.info)
