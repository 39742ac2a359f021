# SPDX-License-Identifier: LGPL-2.1-or-later
"""How PCI devices of the host are given away, and cards of the host as host devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.errors import ConfigUnsupported
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.connections import HostdevConnection, HostPciAddress
from covirt.model.domain.devices.hostdev_sources import PciHostdev, PciHostdevDriver, PciHostdevDriverName

if TYPE_CHECKING:
    from covirt.drivers.qemu.ready.definition import Starting


def settle(guest: DomainDefinition, starting: Starting) -> None:
    """All PCI devices go through VFIO."""
    for hostdev in guest.devices.hostdevs:
        if isinstance(hostdev.source, PciHostdev):
            hostdev.source.driver = _driver(hostdev.source.driver, starting)
    for card in guest.devices.interfaces:
        connection = card.connected
        if isinstance(connection, HostdevConnection) and isinstance(connection.address, HostPciAddress):
            connection.driver = _driver(connection.driver, starting)


def _driver(told: PciHostdevDriver | None, starting: Starting) -> PciHostdevDriver:
    name = told.name if told else None
    if name is None:
        if not starting.vfio:
            raise ConfigUnsupported("host doesn't support passthrough of host PCI devices")
        if "vfio-pci" not in starting.caps:
            raise ConfigUnsupported("VFIO PCI device assignment is not supported by this version of QEMU")
    elif name is PciHostdevDriverName.KVM:
        raise ConfigUnsupported("host doesn't support legacy PCI passthrough")
    elif name is PciHostdevDriverName.XEN:
        raise ConfigUnsupported(f"QEMU does not support device assignment mode '{name}'")
    elif not starting.vfio:
        raise ConfigUnsupported("host doesn't support VFIO PCI passthrough")
    return PciHostdevDriver(name=PciHostdevDriverName.VFIO, model=told.model if told else None)
