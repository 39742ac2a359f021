# SPDX-License-Identifier: LGPL-2.1-or-later
"""The definition of one run, with what this driver and its host decide: ports, the host's processor, paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from covirt.drivers.common.ports import Ports
from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.capabilities.host_model import HostModels, host_models
from covirt.drivers.qemu.guest import Run
from covirt.drivers.qemu.processor import read_host
from covirt.drivers.qemu.ready.definition import Numbers, Starting, make_ready
from covirt.drivers.qemu.ready.volumes import FoundVolume
from covirt.errors import ConfigUnsupported
from covirt.model.common.storage_source import BackingStore, IndexedSource
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.disk import Disk

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver


class TakenPorts:
    """The ports that one start takes for displays."""

    def __init__(self, displays: Ports, websockets: Ports) -> None:
        self._displays, self._websockets = displays, websockets
        self._taken: list[tuple[Ports, int]] = []

    def vnc(self) -> int:
        """A port for a VNC display."""
        return self._take(self._displays)

    spice = spice_tls = rdp = vnc

    def websocket(self) -> int:
        """A port for VNC over web sockets."""
        return self._take(self._websockets)

    def _take(self, ports: Ports) -> int:
        port = ports.take()
        self._taken.append((ports, port))
        return port

    def give_back(self) -> None:
        """The start has failed."""
        for ports, port in self._taken:
            ports.give_back(port)


def starting(driver: QemuDriver, guest: DomainDefinition, run: Run, ports: TakenPorts, *, new: bool) -> Starting:
    """The surroundings of a start."""
    name = run.directory.name.removeprefix("domain-")
    return Starting(
        caps=run.caps,
        settings=driver.settings,
        host_arch=driver.host.node.arch,
        directory=str(run.directory),
        channels=str(run.channels),
        dbus=str(driver.roots.qemu.dbus / f"{name}-dbus.sock"),
        ports=ports,
        host_models=lambda: known_host_models(driver, run.caps, guest.type),
        render_node=_no_render_node,
        network_address=_no_network,
        host_pci=driver.definitions.pci,
        choose_firmware=lambda definition: None,
        find_volume=_no_volume,
        new=new,
        numbers=Numbers(run.node_index),
    )


def prepare(driver: QemuDriver, guest: DomainDefinition, run: Run, ports: TakenPorts, *, new: bool) -> Starting:
    """Decide everything that a definition leaves to a start."""
    surroundings = starting(driver, guest, run, ports, new=new)
    make_ready(guest, surroundings)
    run.node_index = surroundings.numbers.last
    return surroundings


def known_host_models(driver: QemuDriver, caps: EmulatorCapabilities, virt_type: str) -> HostModels | None:
    """The processor of the host as such guests can have it; worked out once for each emulator as it is."""
    key = (caps.binary, caps.stamp, virt_type)
    if key not in driver.host_models:
        driver.host_models[key] = host_models(caps, virt_type, driver.host.node.arch, read_host)
    return driver.host_models[key]


def _no_render_node() -> str:
    raise ConfigUnsupported("No DRM render nodes available")


def _no_network(name: str) -> str:
    raise ConfigUnsupported(f"the address of network '{name}' cannot be found out by this driver yet")


def _no_volume(pool: str, volume: str) -> FoundVolume:
    raise ConfigUnsupported(f"volume '{volume}' of pool '{pool}' cannot be used by this driver yet")


# Images


def chain(disk: Disk) -> Iterator[IndexedSource | BackingStore]:
    """The sources of a disk that have something in them, the top one first."""
    if not disk.source.empty:
        yield disk.source
    below = disk.backing_store
    while below is not None and below.source is not None:
        yield below
        below = below.backing_store
