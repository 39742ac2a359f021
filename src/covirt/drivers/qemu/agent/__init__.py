# SPDX-License-Identifier: LGPL-2.1-or-later
"""Talking to the QEMU guest agent inside a guest: the protocol, a client, and typed commands.

Begin with `Agent` in `client`. `commands`, `storage` and `programs` are what one can ask it for;
`guest_info` gives the answers the names that libvirt's users know.
"""

from covirt.drivers.qemu.agent.client import Agent as Agent
from covirt.drivers.qemu.agent.client import GuestEvent as GuestEvent
from covirt.drivers.qemu.agent.errors import AgentRefused as AgentRefused
