# SPDX-License-Identifier: LGPL-2.1-or-later
"""The connection to the agent in the guest: there while the guest has its side of the channel open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.api.domain.events import (
    AgentLifecycle,
    ConnectDomainEventAgentLifecycleReason,
    ConnectDomainEventAgentLifecycleState,
)
from covirt.drivers.qemu.agent import Agent
from covirt.drivers.qemu.guest import QemuGuest
from covirt.errors import AgentUnresponsive, ArgumentUnsupported, Error, OperationInvalid
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.char import Channel, ChannelState, VirtioTarget
from covirt.model.domain.devices.chardev import UnixChardev
from covirt.runtime.log import get

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver

log = get("qemu.agents")

CHANNEL = "org.qemu.guest_agent.0"


def channel_of(definition: DomainDefinition) -> Channel | None:
    """The channel that leads to the agent."""
    for channel in definition.devices.channels:
        if isinstance(channel.target, VirtioTarget) and channel.target.name == CHANNEL:
            return channel
    return None


async def connect(driver: QemuDriver, guest: QemuGuest) -> None:
    """Connect to the agent's socket; whether somebody answers, the guest decides."""
    channel, run = channel_of(guest.definition), guest.running
    if channel is None or not isinstance(channel.source, UnixChardev) or channel.source.path is None:
        return
    if not isinstance(channel.target, VirtioTarget) or channel.target.state is not ChannelState.CONNECTED:
        return
    if run.agent is not None and not run.agent.closed:
        return
    try:
        run.agent = await Agent.connect(channel.source.path, name=guest.name)
    except Error as error:
        log.warning("cannot connect to the agent", guest=guest.name, error=error)


async def channel_changed(driver: QemuDriver, guest: QemuGuest, alias: str, *, is_open: bool) -> None:
    """The guest has opened or closed its side of a channel."""
    for channel in guest.definition.devices.channels:
        if channel.info.alias != alias or not isinstance(channel.target, VirtioTarget):
            continue
        channel.target.state = ChannelState.CONNECTED if is_open else ChannelState.DISCONNECTED
        if channel is channel_of(guest.definition):
            await _agent_came_or_went(driver, guest, is_open=is_open)
        await driver.keep_status(guest)


async def _agent_came_or_went(driver: QemuDriver, guest: QemuGuest, *, is_open: bool) -> None:
    run = guest.running
    if is_open:
        await connect(driver, guest)
    elif run.agent is not None:
        run.agent.close()
        run.agent = None
    states = ConnectDomainEventAgentLifecycleState
    driver.bus.publish(
        AgentLifecycle(
            guest.handle,
            states.CONNECTED if is_open else states.DISCONNECTED,
            ConnectDomainEventAgentLifecycleReason.CHANNEL,
        )
    )


def require(guest: QemuGuest) -> Agent:
    """The agent, or the reason why there is none."""
    guest.require_active()
    if channel_of(guest.definition) is None:
        raise ArgumentUnsupported("QEMU guest agent is not configured")
    agent = guest.running.agent
    if agent is None or agent.closed:
        raise AgentUnresponsive("QEMU guest agent is not connected")
    if guest.state.name != "RUNNING":
        raise OperationInvalid("domain is not running")
    return agent
