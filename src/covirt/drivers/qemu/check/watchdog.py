# SPDX-License-Identifier: LGPL-2.1-or-later
"""Watchdogs: which machine has which, and where."""

from __future__ import annotations

from covirt.drivers.qemu.check.situation import Situation
from covirt.drivers.qemu.machine import S390
from covirt.errors import ConfigUnsupported
from covirt.model.domain.address import PciAddress
from covirt.model.domain.devices.watchdog import Watchdog, WatchdogModel


def check_all(situation: Situation) -> None:
    """Only PCI devices can be there more than once."""
    models = [watchdog.model for watchdog in situation.guest.devices.watchdogs]
    for model in models:
        if model is not WatchdogModel.I6300ESB and models.count(model) > 1:
            raise ConfigUnsupported(f"domain can only have one watchdog with model '{model}'")


def check(watchdog: Watchdog, situation: Situation) -> None:
    """One watchdog; all of a guest do the same."""
    model, placed, machine = watchdog.model, watchdog.info.address is not None, situation.machine
    others = situation.guest.devices.watchdogs
    if others and others[0].action is not watchdog.action:
        raise ConfigUnsupported("watchdogs with different actions are not supported with this QEMU binary")
    match model:
        case WatchdogModel.I6300ESB:
            if placed and not isinstance(watchdog.info.address, PciAddress):
                raise ConfigUnsupported(f"{model} model of watchdog can go only on PCI bus")
        case WatchdogModel.IB700:
            if not machine.i440fx:
                raise ConfigUnsupported(f"{model} model of watchdog cannot be used with this machine type")
            if placed:
                raise ConfigUnsupported(f"{model} model of watchdog does not support configuring the address")
        case WatchdogModel.DIAG288:
            if placed:
                raise ConfigUnsupported(f"{model} model of watchdog is virtual and cannot go on any bus.")
            if machine.arch not in S390:
                raise ConfigUnsupported(f"{model} model of watchdog is allowed for s390 and s390x only")
        case WatchdogModel.ITCO:
            if placed:
                raise ConfigUnsupported(
                    f"{model} model of watchdog is part of the machine and cannot have any address set."
                )
            if not machine.q35:
                raise ConfigUnsupported(f"{model} model of watchdog is only part of q35 machine")
