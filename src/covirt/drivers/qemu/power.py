# SPDX-License-Identifier: LGPL-2.1-or-later
"""How a guest is asked to power off or to boot again: by its agent, or by the power button."""

from __future__ import annotations

from dataclasses import dataclass

from covirt.api.connect.host import NodeSuspendTarget
from covirt.drivers.qemu import agents
from covirt.drivers.qemu.agent import commands as agent_commands
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor.commands import lifecycle
from covirt.errors import Error
from covirt.model.domain.lifecycle import Action

SLEEP = {
    NodeSuspendTarget.MEM: "ram",
    NodeSuspendTarget.DISK: "disk",
    NodeSuspendTarget.HYBRID: "hybrid",
}
"""The agent's words for kinds of sleep."""


@dataclass(frozen=True, slots=True)
class Wish:
    """By which ways the caller allows to ask; none at all means any."""

    agent: bool = False
    button: bool = False

    @property
    def any(self) -> bool:
        """Is every way right?"""
        return not self.agent and not self.button


async def power_off(guest: QemuGuest, wish: Wish) -> None:
    """Ask the guest to power off; a definition may say that it boots again then."""
    again = guest.definition.lifecycle.on_poweroff in (Action.RESTART, Action.RENAME_RESTART)
    await _ask(guest, wish, "reboot" if again else "powerdown", again=again)


async def reboot(guest: QemuGuest, wish: Wish) -> None:
    """Ask the guest to boot again: the agent can do that, the button only powers off, and we do the rest."""
    again = guest.definition.lifecycle.on_reboot in (Action.RESTART, Action.RENAME_RESTART)
    await _ask(guest, wish, "reboot", again=again)


async def _ask(guest: QemuGuest, wish: Wish, mode: str, *, again: bool) -> None:
    by_agent = wish.agent or (wish.any and guest.agent is not None)
    if by_agent:
        try:
            guest.running.reboot_after_shutdown = False
            await agent_commands.shut_down(agents.require(guest), mode)
            return
        except Error:
            if not wish.button and not wish.any:
                raise
    guest.running.reboot_after_shutdown = again
    await lifecycle.power_down(guest.monitor)
