# SPDX-License-Identifier: LGPL-2.1-or-later
"""The order in which a definition is made ready, which is libvirt's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from covirt.drivers.qemu import addresses
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.host_model import HostModels
from covirt.drivers.qemu.devices import aliases
from covirt.drivers.qemu.machine import machine_of
from covirt.drivers.qemu.ready import blocks, channels, displays, hostdevs, memory, processor, security, volumes
from covirt.drivers.qemu.ready.volumes import FoundVolume
from covirt.drivers.qemu.settings import QemuSettings
from covirt.model.common.cpu import TscCounter
from covirt.model.domain.definition import DomainDefinition


class Ports(Protocol):
    """Who knows which ports are free."""

    def vnc(self) -> int:
        """A port for a VNC display."""

    def spice(self) -> int:
        """A port for a plain SPICE connection."""

    def spice_tls(self) -> int:
        """A port for a SPICE connection under TLS."""

    def websocket(self) -> int:
        """A port for VNC over web sockets."""

    def rdp(self) -> int:
        """A port for a remote desktop."""


class Numbers:
    """The numbers of block nodes, each given once in a run."""

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def next(self) -> int:
        """The next number."""
        self.last += 1
        return self.last


@dataclass(slots=True, kw_only=True)
class Starting:
    """The surroundings of one start."""

    caps: EmulatorCapabilities
    settings: QemuSettings
    host_arch: str
    directory: str
    """The guest's own directory."""
    channels: str
    """Where sockets of its channels are."""
    dbus: str
    """The socket of its message bus."""
    ports: Ports
    host_models: Callable[[], HostModels | None]
    """The processor of the host as this guest can have it."""
    render_node: Callable[[], str]
    """The host's graphics card that draws."""
    network_address: Callable[[str], str]
    """The host's address in a virtual network."""
    host_pci: addresses.HostPci
    """What the host's PCI devices are."""
    choose_firmware: Callable[[DomainDefinition], None]
    """Chooses firmware again, and tells when there is none any more."""
    find_volume: Callable[[str, str], FoundVolume]
    """Finds a volume of a pool by both names; raises what libvirt raises when it cannot be used."""
    host_counter: TscCounter | None = None
    """The time stamp counter of the host, when it is known."""
    vfio: bool = True
    """Can the host give PCI devices away?"""
    new: bool = True
    """Does the guest boot, rather than go on somewhere?"""
    numbers: Numbers = field(default_factory=Numbers)
    nodes: dict[str, str] = field(default_factory=dict)
    """Names of block nodes that the definition has no place for; goes into `Prepared.nodes`."""


def make_ready(guest: DomainDefinition, starting: Starting) -> None:
    """Decide everything that a definition leaves to the start."""
    processor.check(guest, starting)
    addresses.assign(guest, starting.caps, machine_of(guest), starting.host_pci, new=starting.new)
    aliases.assign(guest)
    displays.settle(guest, starting)
    volumes.translate(guest, starting)
    blocks.number(guest, starting)
    hostdevs.settle(guest, starting)
    channels.settle_encryption(guest, starting)
    starting.choose_firmware(guest)
    if starting.new:
        memory.align(guest)
    channels.place(guest, starting)
    processor.settle(guest, starting)
    security.settle(guest, starting)
