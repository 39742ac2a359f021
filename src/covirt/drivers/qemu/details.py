# SPDX-License-Identifier: LGPL-2.1-or-later
"""What only a running QEMU knows, and what it is told before the guest runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from covirt.drivers.qemu import agents
from covirt.drivers.qemu.cpu_details import note_processor
from covirt.drivers.qemu.guest import QemuGuest
from covirt.drivers.qemu.monitor import Monitor, QmpEvent
from covirt.drivers.qemu.monitor.commands import character, cpus, display, memory
from covirt.errors import OperationFailed
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.char import Channel, ChannelState
from covirt.model.domain.devices.chardev import PtyChardev
from covirt.model.domain.devices.displays import VncDisplay
from covirt.model.domain.devices.interface_parts import LinkState

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver


async def settle(driver: QemuDriver, guest: QemuGuest) -> None:
    """Ask and tell all at once: QEMU answers in the order of the questions, without a pause between them."""
    monitor = guest.monitor
    async with asyncio.TaskGroup() as together:
        together.create_task(note_terminals(guest.definition, monitor))
        together.create_task(note_threads(guest))
        together.create_task(note_processor(driver, guest))
        together.create_task(_set_memory(guest.definition, monitor))
        together.create_task(_set_links(guest.definition, monitor))
        together.create_task(_set_passwords(driver, guest.definition, monitor))
    await agents.connect(driver, guest)


async def note_terminals(definition: DomainDefinition, monitor: Monitor) -> None:
    """The terminals that QEMU has made, and which channels the guest has opened."""
    devices = definition.devices
    found = await character.character_devices(monitor)
    for device in (*devices.serials, *devices.parallels, *devices.consoles, *devices.channels):
        known = found.get(f"char{device.info.alias}")
        if known is None:
            continue
        if isinstance(device.source, PtyChardev) and known.pty is not None:
            device.source.path = known.pty
        if isinstance(device, Channel) and known.open is not None and hasattr(device.target, "state"):
            device.target.state = ChannelState.CONNECTED if known.open else ChannelState.DISCONNECTED


async def note_threads(guest: QemuGuest) -> None:
    """The threads of the virtual processors."""
    known = await cpus.cpus(guest.monitor)
    guest.running.vcpu_threads = {cpu.index: cpu.thread for cpu in known if cpu.index >= 0}


async def _set_memory(definition: DomainDefinition, monitor: Monitor) -> None:
    """The balloon takes what the guest shall not have now."""
    balloon = definition.devices.memballoon
    if balloon is None or balloon.model == "none":
        return
    if definition.memory.current < definition.memory.total:
        await memory.set_balloon(monitor, definition.memory.current)
    period = balloon.period
    if period:
        await memory.set_statistics_period(monitor, f"/machine/peripheral/{balloon.info.alias}", period)


async def _set_links(definition: DomainDefinition, monitor: Monitor) -> None:
    for card in definition.devices.interfaces:
        if card.link is LinkState.DOWN:
            await character.set_link(monitor, str(card.info.alias), up=False)


async def _set_passwords(driver: QemuDriver, definition: DomainDefinition, monitor: Monitor) -> None:
    for graphics in definition.devices.graphics:
        shown = graphics.display
        if not isinstance(shown, VncDisplay):
            continue
        password = shown.auth.passwd or driver.settings.vnc_password
        if password is not None:
            await display.set_password(monitor, "vnc", password, str(shown.auth.connected or "keep"))


# A state from elsewhere

_DONE = ("completed", "failed", "cancelled")


async def receive_state(guest: QemuGuest, descriptor: int) -> None:
    """Let QEMU read the guest's state from a file or pipe; returns when it has it all."""
    monitor = guest.monitor
    await monitor.execute("migrate-set-capabilities", {"capabilities": [{"capability": "events", "state": True}]})
    with monitor.events.subscribe(QmpEvent, lambda event: event.name == "MIGRATION") as subscription:
        await monitor.execute("getfd", {"fdname": "migrate"}, fds=[descriptor])
        await monitor.execute("migrate-incoming", {"uri": "fd:migrate"})
        async for event in subscription:
            state = event.data.get("status")
            if state in _DONE:
                break
        else:
            state = "failed"
    if state != "completed":
        raise OperationFailed(f"job 'restore' failed: the state of the guest could not be read ({state})")
