# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a container is and what it has used."""

from __future__ import annotations

from covirt.api.binding import CallTable
from covirt.api.domain import info as api
from covirt.api.domain import stats, vcpu
from covirt.api.domain.info import DomainInfo
from covirt.api.domain.stats import InterfaceStats
from covirt.drivers.lxc import limits
from covirt.drivers.lxc.calls.request import Req
from covirt.errors import InvalidArg
from covirt.runtime.loop import in_thread

calls = CallTable()


@calls.implements(api.info)
async def info(req: Req) -> DomainInfo:
    """State, memory, processors and used CPU time."""
    guest = req.guest
    definition, used, memory = guest.definition, 0, guest.definition.memory.current
    if guest.run is not None and guest.run.group is not None:
        used = await in_thread(limits.cpu_time, guest.run.group)
        memory = await in_thread(limits.memory_used, guest.run.group)
    return DomainInfo(guest.state, definition.memory.total, memory, definition.vcpus.count, used)


@calls.implements(vcpu.max_vcpus)
async def max_vcpus(req: Req) -> int:
    """The most processors that it may have."""
    return req.guest.definition.vcpus.maximum


@calls.implements(stats.interface_stats)
async def interface_stats(req: Req, device: str) -> InterfaceStats:
    """The traffic of a network interface, as the container sees it."""
    guest = req.guest
    guest.require_active()
    cards = guest.definition.devices.interfaces
    card = next((card for card in cards if device in (card.target, str(card.mac))), None)
    if card is None or card.target is None:
        raise InvalidArg(f"'{device}' is not a known interface")
    found = await in_thread(req.driver.host.links.statistics, card.target)
    # What our end sends is what the container receives.
    sides = [[found[f"{way}_{what}"] for what in ("bytes", "packets", "errors", "dropped")] for way in ("tx", "rx")]
    return InterfaceStats(*sides[0], *sides[1])
