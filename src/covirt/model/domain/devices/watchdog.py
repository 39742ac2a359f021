# SPDX-License-Identifier: LGPL-2.1-or-later
"""Watchdogs: they act when the guest no longer does."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, ClassVar

from covirt.model.domain.devices.common import Device, DeviceInfo
from covirt.xml import At


class WatchdogModel(StrEnum):
    """Which watchdog the guest sees."""

    I6300ESB = "i6300esb"
    IB700 = "ib700"
    DIAG288 = "diag288"
    ITCO = "itco"


class WatchdogAction(StrEnum):
    """What it does."""

    RESET = "reset"
    SHUTDOWN = "shutdown"
    POWEROFF = "poweroff"
    PAUSE = "pause"
    DUMP = "dump"
    NONE = "none"
    INJECT_NMI = "inject-nmi"


@dataclass(slots=True, kw_only=True)
class Watchdog(Device):
    """A watchdog of the guest."""

    ELEMENT: ClassVar[str] = "watchdog"

    model: Annotated[WatchdogModel, At("@model")]
    action: Annotated[WatchdogAction, At("@action")] = WatchdogAction.RESET
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)
