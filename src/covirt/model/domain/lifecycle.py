# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<on_poweroff>` and its like, and `<pm>`: what happens when the guest stops or sleeps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from covirt.errors import ConfigUnsupported
from covirt.xml import At, YesNo


class Action(StrEnum):
    """What is done with a guest that has stopped."""

    DESTROY = "destroy"
    RESTART = "restart"
    RENAME_RESTART = "rename-restart"
    PRESERVE = "preserve"
    COREDUMP_DESTROY = "coredump-destroy"
    COREDUMP_RESTART = "coredump-restart"


class LockFailureAction(StrEnum):
    """What is done with a guest that has lost its locks."""

    DEFAULT = "default"
    POWEROFF = "poweroff"
    RESTART = "restart"
    PAUSE = "pause"
    IGNORE = "ignore"


def _action(name: str, omit: Any = None) -> Any:
    return At(name, omit=omit, invalid=f"unknown {name} action: {{value}}", error=ConfigUnsupported)


@dataclass(slots=True, kw_only=True)
class Lifecycle:
    """An action for each way to stop."""

    on_poweroff: Annotated[Action, _action("on_poweroff")] = Action.DESTROY
    on_reboot: Annotated[Action, _action("on_reboot")] = Action.RESTART
    on_crash: Annotated[Action, _action("on_crash")] = Action.DESTROY
    on_lockfailure: Annotated[LockFailureAction, _action("on_lockfailure", LockFailureAction.DEFAULT)] = (
        LockFailureAction.DEFAULT
    )


@dataclass(slots=True, kw_only=True)
class PowerManagement:
    """Whether the guest is offered sleep states."""

    suspend_to_memory: Annotated[YesNo | None, At("suspend-to-mem/@enabled")] = None
    suspend_to_disk: Annotated[YesNo | None, At("suspend-to-disk/@enabled")] = None
