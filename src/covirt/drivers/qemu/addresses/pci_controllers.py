# SPDX-License-Identifier: LGPL-2.1-or-later
"""The numbers and names that PCI controllers get once their places are known."""

from __future__ import annotations

from covirt.drivers.qemu.capabilities import EmulatorCapabilities
from covirt.drivers.qemu.machine import Machine
from covirt.errors import ConfigUnsupported
from covirt.model.domain.address import PciAddress
from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.devices.controller import Controller, ControllerType, PciModel, PciModelName

_NAMES: dict[str, PciModelName] = {
    PciModel.PCI_BRIDGE: PciModelName.PCI_BRIDGE,
    PciModel.DMI_TO_PCI_BRIDGE: PciModelName.I82801B11_BRIDGE,
    PciModel.PCIE_TO_PCI_BRIDGE: PciModelName.PCIE_PCI_BRIDGE,
    PciModel.PCIE_SWITCH_UPSTREAM_PORT: PciModelName.X3130_UPSTREAM,
    PciModel.PCIE_SWITCH_DOWNSTREAM_PORT: PciModelName.XIO3130_DOWNSTREAM,
    PciModel.PCI_EXPANDER_BUS: PciModelName.PXB,
    PciModel.PCIE_EXPANDER_BUS: PciModelName.PXB_PCIE,
}

MAX_HOST_BRIDGES = 31


def complete(guest: DomainDefinition, caps: EmulatorCapabilities, machine: Machine) -> None:
    """Fill in what the document leaves to us."""
    for controller in guest.devices.controllers:
        if controller.type is not ControllerType.PCI:
            continue
        address = controller.info.address
        place = address if isinstance(address, PciAddress) else PciAddress()
        if controller.model_name is None:
            controller.model_name = _default_name(controller, caps, machine)
        _number(guest, controller, place, machine)
        index = controller.index or 0
        if controller.model == PciModel.PCI_BRIDGE and index <= place.bus:
            raise ConfigUnsupported(
                f"PCI controller at index {index} (0x{index:02x}) has bus='0x{place.bus:02x}', "
                "but index must be larger than bus"
            )


def _default_name(controller: Controller, caps: EmulatorCapabilities, machine: Machine) -> PciModelName | None:
    match controller.model:
        case PciModel.PCIE_ROOT_PORT:
            return PciModelName.PCIE_ROOT_PORT if "pcie-root-port" in caps else PciModelName.IOH3420
        case PciModel.PCI_ROOT if machine.pseries:
            return PciModelName.SPAPR_PCI_HOST_BRIDGE
    return _NAMES.get(controller.model or "")


def _number(guest: DomainDefinition, controller: Controller, place: PciAddress, machine: Machine) -> None:
    target, index = controller.pci_target, controller.index or 0
    match controller.model:
        case PciModel.PCI_BRIDGE:
            target.chassis_nr = index if target.chassis_nr is None else target.chassis_nr
        case PciModel.PCIE_ROOT_PORT:
            target.chassis = index if target.chassis is None else target.chassis
            target.port = (place.slot << 3) + place.function if target.port is None else target.port
        case PciModel.PCIE_SWITCH_DOWNSTREAM_PORT:
            target.chassis = index if target.chassis is None else target.chassis
            target.port = place.slot if target.port is None else target.port
        case PciModel.PCI_EXPANDER_BUS | PciModel.PCIE_EXPANDER_BUS if target.bus_nr is None:
            target.bus_nr = _free_bus_number(guest, place)
        case PciModel.PCI_ROOT if machine.pseries and target.index is None:
            target.index = _free_host_bridge(guest, place) if index else 0


def _free_bus_number(guest: DomainDefinition, place: PciAddress) -> int:
    """Two below the lowest: one for the expander, one for the bridge inside it; as many as can be for all others."""
    numbers = [c.pci_target.bus_nr for c in guest.devices.controllers if c.pci_target.bus_nr is not None]
    lowest = min(numbers, default=256)
    if lowest <= 2:
        raise ConfigUnsupported(
            "No free busNr lower than current lowest busNr is available to auto-assign to bus "
            f"{place.bus}. Must be manually assigned"
        )
    return lowest - 2


def _free_host_bridge(guest: DomainDefinition, place: PciAddress) -> int:
    """The lowest number that no other host bridge has; 0 is the one that comes with the machine."""
    taken = {c.pci_target.index for c in guest.devices.controllers}
    for number in range(1, MAX_HOST_BRIDGES + 1):
        if number not in taken:
            return number
    raise ConfigUnsupported(f"No usable target index found for {place.bus}")
