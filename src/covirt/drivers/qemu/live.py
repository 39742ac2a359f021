# SPDX-License-Identifier: LGPL-2.1-or-later
"""The definition of one run: what a start adds to what was defined. Nothing of the host is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from covirt.drivers.common.ports import Ports
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.devices import aliases
from covirt.drivers.qemu.guest import Run
from covirt.drivers.qemu.processor import resolved_model
from covirt.drivers.qemu.settings import QemuSettings
from covirt.model.common.storage_source import BackingStore, IndexedSource
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.char import Channel, VirtioTarget
from covirt.model.domain.devices.chardev import SocketMode, UnixChardev
from covirt.model.domain.devices.disk import Disk
from covirt.model.domain.devices.displays import VncDisplay
from covirt.model.domain.devices.graphics_listen import Listen, ListenType
from covirt.model.domain.devices.spice import SpiceDisplay

ANY_PORT = -1


def prepare(
    definition: DomainDefinition, run: Run, settings: QemuSettings, caps: EmulatorCapabilities, host_arch: str
) -> None:
    """Name devices, number images, say where sockets are, and make the processor definite."""
    aliases.assign(definition)
    for channel in definition.devices.channels:
        _place_channel(channel, run.channels)
    for disk in definition.devices.disks:
        number_images(disk, run)
    for graphics in definition.devices.graphics:
        _choose_address(graphics.display, settings)
    definition.cpu = resolved_model(caps, definition, host_arch)


def _place_channel(channel: Channel, directory: Path) -> None:
    """Channels whose socket nobody has placed are in the guest's own directory."""
    source = channel.source
    if isinstance(source, UnixChardev) and source.path is None and source.mode is not SocketMode.CONNECT:
        name = channel.target.name if isinstance(channel.target, VirtioTarget) and channel.target.name else None
        source.mode, source.path = SocketMode.BIND, str(directory / (name or str(channel.info.alias)))


# Images


def number_images(disk: Disk, run: Run) -> None:
    """Every image of a run has a number; one that is attached later gets the next."""
    for source in chain(disk):
        if source.index is None:
            run.node_index += 1
            source.index = run.node_index


def chain(disk: Disk) -> Iterator[IndexedSource | BackingStore]:
    """The sources of a disk that have something in them, the top one first."""
    if not disk.source.empty:
        yield disk.source
    below = disk.backing_store
    while below is not None and below.source is not None:
        yield below
        below = below.backing_store


# Displays


def _choose_address(display: object, settings: QemuSettings) -> None:
    if not isinstance(display, VncDisplay | SpiceDisplay):
        return
    default = settings.vnc_listen if isinstance(display, VncDisplay) else settings.spice_listen
    if not display.listens:
        display.listens.append(Listen(type=ListenType.ADDRESS))
    for listen in display.listens:
        if listen.type is ListenType.ADDRESS and not listen.address:
            listen.address = default


def choose_ports(definition: DomainDefinition, ports: Ports) -> list[int]:
    """Give displays the ports that they leave open; tells which were taken."""
    taken: list[int] = []
    for graphics in definition.devices.graphics:
        display = graphics.display
        if not isinstance(display, VncDisplay | SpiceDisplay) or not _on_network(display.listens):
            continue
        if display.autoport or display.port == ANY_PORT:
            display.port = ports.take()
            taken.append(display.port)
        elif display.port > 0:
            ports.reserve(display.port)
            taken.append(display.port)
    return taken


def _on_network(listens: list[Listen]) -> bool:
    return any(listen.type in (ListenType.ADDRESS, ListenType.NETWORK) for listen in listens)
