# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host's side of a guest's network cards: interfaces made at start and removed at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from covirt.errors import ConfigUnsupported, SystemCallFailed
from covirt.model.domain.devices.connections import BridgeConnection, EthernetConnection
from covirt.model.domain.devices.interface import Interface
from covirt.model.domain.devices.interface_parts import NetDriverName
from covirt.runtime.loop import in_thread
from covirt.values import Mac

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver
    from covirt.drivers.qemu.start import Start

_GUEST_MAC_FIRST = 0xFE
"""First byte of the host's end: the highest, so that a bridge never takes its address."""


async def prepare(start: Start, card: Interface) -> None:
    """Make what the card is plugged into."""
    match card.connected:
        case BridgeConnection() | EthernetConnection():
            await _tap(start, card)
        case _ if card.actual_type in ("network", "direct", "hostdev", "vdpa", "vhostuser"):
            raise ConfigUnsupported(f"network device type '{card.actual_type}' cannot be started by this driver yet")


async def _tap(start: Start, card: Interface) -> None:
    driver, alias = start.driver, str(card.info.alias)
    links = driver.host.links
    pattern = card.target or "vnet%d"
    existing = card.managed_target is False
    tap = await in_thread(lambda: links.make_tap(pattern, queues=card.driver.queues or 1, persist=existing))
    start.undo.push(f"close {tap.name}", tap.close)
    card.target = tap.name
    if not existing:
        start.run.taps.append(tap.name)
    await in_thread(_connect, driver, card, tap.name)
    numbers = list(tap.fds)
    tap.fds.clear()
    start.prepared.taps[alias] = numbers
    for number in numbers:
        _inherit(start, number)
    _accelerate(start, card, alias, len(numbers))


def _connect(driver: QemuDriver, card: Interface, name: str) -> None:
    links = driver.host.links
    assert card.mac is not None
    links.set_mac(name, Mac(bytes([_GUEST_MAC_FIRST]) + bytes(card.mac)[1:]))
    if card.mtu:
        links.set_mtu(name, card.mtu)
    if isinstance(card.connected, BridgeConnection) and card.connected.bridge:
        links.attach(name, card.connected.bridge)
    links.set_up(name)


def _accelerate(start: Start, card: Interface, alias: str, queues: int) -> None:
    """The kernel moves the frames of virtio cards, where it can and nobody forbids it."""
    wanted = card.driver.name
    if not card.virtio or wanted is NetDriverName.QEMU:
        return
    if start.guest.definition.type != "kvm" and wanted is not NetDriverName.VHOST:
        return
    try:
        numbers = [os.open("/dev/vhost-net", os.O_RDWR | os.O_CLOEXEC) for _ in range(queues)]
    except OSError as error:
        if wanted is NetDriverName.VHOST:
            raise SystemCallFailed.from_oserror(
                error, "vhost-net was requested for an interface, but is unavailable"
            ) from error
        return
    start.prepared.vhost_nets[alias] = numbers
    for number in numbers:
        _inherit(start, number)


def _inherit(start: Start, number: int) -> None:
    from covirt.drivers.qemu.prepare import inherit

    inherit(start, number)
