# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sockets of channels that nobody has placed, and TLS of character devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from covirt.model.domain.address import VirtioSerialAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.char import Channel, Console, Parallel, Serial, VirtioTarget
from covirt.model.domain.devices.chardev import Chardev, SocketMode, TcpChardev, UnixChardev
from covirt.model.domain.devices.redirdev import Redirdev
from covirt.model.domain.devices.rng import EgdBackend, Rng
from covirt.model.domain.devices.smartcard import PassthroughSmartcard, Smartcard

if TYPE_CHECKING:
    from covirt.drivers.qemu.ready.definition import Starting


def place(guest: DomainDefinition, starting: Starting) -> None:
    """Sockets whose path is not told are in the guest's own directory."""
    for channel in guest.devices.channels:
        source, target = channel.source, channel.target
        if isinstance(target, VirtioTarget) and isinstance(source, UnixChardev) and source.path is None:
            source.path = f"{starting.channels}/{_file_name(channel, target)}"
            source.mode = source.mode or SocketMode.CONNECT


def _file_name(channel: Channel, target: VirtioTarget) -> str:
    if target.name:
        return target.name
    address = channel.info.address
    numbers = (0, 0, 0)
    if isinstance(address, VirtioSerialAddress):
        numbers = (address.controller, address.bus, address.port)
    return "vioser-{:02}-{:02}-{:02}.sock".format(*numbers)


def settle_encryption(guest: DomainDefinition, starting: Starting) -> None:
    """Whether TCP connections are under TLS is told by the settings when the document does not."""
    for _, source in encryptable(guest):
        if isinstance(source, TcpChardev) and source.tls is None:
            source.tls, source.tls_from_config = starting.settings.chardev_tls, True


def encryptable(guest: DomainDefinition) -> Iterator[tuple[str, Chardev]]:
    """The character devices that can be under TLS, with their devices' aliases."""
    devices = guest.devices
    first = 1 if devices.first_console_is_alias else 0
    for port in (*devices.serials, *devices.parallels, *devices.channels, *devices.consoles[first:]):
        yield str(port.info.alias), port.source
    for redirdev in devices.redirdevs:
        yield str(redirdev.info.alias), redirdev.source
    for card in devices.smartcards:
        if isinstance(card.card, PassthroughSmartcard):
            yield str(card.info.alias), card.card.source
    for rng in devices.rngs:
        if isinstance(rng.backend, EgdBackend):
            yield str(rng.info.alias), rng.backend.source


def character_devices(guest: DomainDefinition) -> Iterator[tuple[str, Chardev]]:
    """All sources of character devices but those of disks, cards and TPMs, with their devices' aliases, in order.

    For these a start opens files and sockets, so that QEMU inherits them.
    """
    for device in guest.devices.with_info():
        alias = str(device.info.alias)
        match device:
            case Serial() | Parallel() | Channel() | Console() | Redirdev():
                yield alias, device.source
            case Smartcard(card=PassthroughSmartcard() as card):
                yield alias, card.source
            case Rng(backend=EgdBackend() as backend):
                yield alias, backend.source
