# SPDX-License-Identifier: LGPL-2.1-or-later
"""Virtual fibre channel adapters, the only devices of a pretended host that come and go."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from covirt.api.nodedev import NodeDeviceEventLifecycleType, NodeDeviceLifecycle
from covirt.drivers.test.objects import PretendedDevice
from covirt.errors import InternalError, NoSuchNodeDevice
from covirt.model.nodedev.definition import NodeDeviceDefinition, Parent
from covirt.model.nodedev.scsi import FibreHost
from covirt.model.storage.adapter import AdapterType
from covirt.model.storage.pool import StoragePoolDefinition

if TYPE_CHECKING:
    from covirt.drivers.test.driver import TestDriver

PATTERN = "scsi_host11"
"""The adapter that new ones look like."""

MADE = "scsi_host12"
"""The name that every new one gets."""


def find_device(driver: TestDriver, name: str) -> PretendedDevice:
    """The device of that name."""
    found = driver.devices.get(name)
    if found is None:
        raise NoSuchNodeDevice(f"no node device with matching name '{name}'")
    return found


def fibre_of(device: NodeDeviceDefinition) -> FibreHost:
    """The world-wide names of an adapter."""
    fibre = device.scsi_host.fibre if device.scsi_host else None
    if fibre is None:
        raise InternalError("Device is not a fibre channel HBA")
    return fibre


def check_parent(driver: TestDriver, parent: Parent | None) -> None:
    """An adapter is made by another that can make some."""
    able = [one.definition for one in driver.devices.values() if "vports" in one.definition.abilities]
    if parent is not None and parent.name is not None:
        named = driver.devices.get(parent.name)
        if named is None:
            raise InternalError(f"Could not find parent device for '{parent.name}'")
        if named.definition not in able:
            raise InternalError(f"Parent device '{parent.name}' is not capable of vport operations")
    elif parent is not None and (parent.wwnn or parent.fabric_wwn):
        names = [fibre_of(one) for one in able]
        if not any(_is_meant(fibre, parent) for fibre in names):
            raise InternalError("Could not find parent device for 'new device'")
    elif not able:
        raise InternalError("Could not find any vport capable device")


def _is_meant(fibre: FibreHost, parent: Parent) -> bool:
    if parent.wwnn:
        return (fibre.wwnn, fibre.wwpn) == (parent.wwnn, parent.wwpn)
    return fibre.fabric_wwn == parent.fabric_wwn


def make_adapter(driver: TestDriver, wwnn: str | None, wwpn: str | None) -> PretendedDevice:
    """A new adapter of these names."""
    definition = copy.deepcopy(find_device(driver, PATTERN).definition)
    definition.name = MADE
    fibre = fibre_of(definition)
    fibre.wwnn, fibre.wwpn = wwnn, wwpn
    made = driver.devices[MADE] = PretendedDevice(definition, persistent=False)
    driver.bus.publish(NodeDeviceLifecycle(made.handle, NodeDeviceEventLifecycleType.CREATED, 0))
    return made


def remove_adapter(driver: TestDriver, device: PretendedDevice) -> None:
    """An adapter is gone."""
    del driver.devices[device.name]
    driver.bus.publish(NodeDeviceLifecycle(device.handle, NodeDeviceEventLifecycleType.DELETED, 0))


# The adapters of pools


def start_adapter(driver: TestDriver, pool: StoragePoolDefinition) -> None:
    """A pool on a virtual adapter makes it."""
    adapter = pool.source.adapter
    if adapter is not None and adapter.type is AdapterType.FC_HOST:
        make_adapter(driver, adapter.wwnn, adapter.wwpn)


def stop_adapter(driver: TestDriver, pool: StoragePoolDefinition) -> None:
    """And takes it away."""
    adapter = pool.source.adapter
    if adapter is not None and adapter.type is AdapterType.FC_HOST:
        remove_adapter(driver, find_device(driver, MADE))
