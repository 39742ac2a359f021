# SPDX-License-Identifier: LGPL-2.1-or-later
"""PCI controllers: which options each model has, and by which QEMU device it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from covirt.drivers.qemu.check.situation import Situation
from covirt.errors import ConfigUnsupported, Error, InternalError
from covirt.model.domain.devices.controller import PCI_ROOTS, Controller, PciModel, PciModelName


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What belongs to a model: the QEMU devices that can be it, and its options."""

    names: tuple[PciModelName, ...] = ()
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


_PORT = frozenset({"chassis", "port"})
_EXPANDER = {"required": frozenset({"busNr"}), "optional": frozenset({"numaNode"})}
_ROOT = frozenset({"pcihole64"})

FORMS: dict[str, Form] = {
    PciModel.PCI_ROOT: Form(optional=_ROOT | {"hotplug"}),
    PciModel.PCIE_ROOT: Form(optional=_ROOT),
    PciModel.PCI_BRIDGE: Form(
        names=(PciModelName.PCI_BRIDGE,), required=frozenset({"chassisNr"}), optional=frozenset({"memReserve"})
    ),
    PciModel.DMI_TO_PCI_BRIDGE: Form(names=(PciModelName.I82801B11_BRIDGE,)),
    PciModel.PCIE_TO_PCI_BRIDGE: Form(names=(PciModelName.PCIE_PCI_BRIDGE,)),
    PciModel.PCIE_ROOT_PORT: Form(
        names=(PciModelName.IOH3420, PciModelName.PCIE_ROOT_PORT),
        required=_PORT,
        optional=frozenset({"hotplug", "memReserve"}),
    ),
    PciModel.PCIE_SWITCH_UPSTREAM_PORT: Form(names=(PciModelName.X3130_UPSTREAM,)),
    PciModel.PCIE_SWITCH_DOWNSTREAM_PORT: Form(
        names=(PciModelName.XIO3130_DOWNSTREAM,), required=_PORT, optional=frozenset({"hotplug"})
    ),
    PciModel.PCI_EXPANDER_BUS: Form(names=(PciModelName.PXB,), **_EXPANDER),
    PciModel.PCIE_EXPANDER_BUS: Form(names=(PciModelName.PXB_PCIE,), **_EXPANDER),
}

HOST_BRIDGE = Form(
    names=(PciModelName.SPAPR_PCI_HOST_BRIDGE,),
    required=frozenset({"targetIndex"}),
    optional=_ROOT | {"numaNode", "hotplug"},
)
"""A pSeries guest's root bus, of which there can be several."""

FLAGS = {
    PciModelName.PCI_BRIDGE: "pci-bridge",
    PciModelName.I82801B11_BRIDGE: "dmi-to-pci-bridge",
    PciModelName.IOH3420: "ioh3420",
    PciModelName.X3130_UPSTREAM: "x3130-upstream",
    PciModelName.XIO3130_DOWNSTREAM: "xio3130-downstream",
    PciModelName.PXB: "pxb",
    PciModelName.PXB_PCIE: "pxb-pcie",
    PciModelName.PCIE_ROOT_PORT: "pcie-root-port",
    PciModelName.SPAPR_PCI_HOST_BRIDGE: "spapr-pci-host-bridge",
    PciModelName.PCIE_PCI_BRIDGE: "pcie-pci-bridge",
}


def check(controller: Controller, situation: Situation) -> None:
    """Check model, number and options."""
    form = FORMS[controller.model or PciModel.PCI_ROOT]
    if controller.model == PciModel.PCI_ROOT and situation.machine.pseries:
        form = HOST_BRIDGE
    _check_name(controller, form)
    _check_index(controller, form)
    for option, value in _options(controller).items():
        if option in form.required and value is None:
            raise _missing(controller, option)
        if value is not None:
            if option not in form.required | form.optional:
                raise _not_valid(controller, option)
            _check_option(controller, option, situation)
    if controller.model_name is not None:
        situation.need(
            FLAGS[controller.model_name],
            f"The '{controller.model_name}' device is not supported by this QEMU binary",
        )
    if form is HOST_BRIDGE and controller.pci_target.node is not None:
        situation.need(
            "spapr-pci-host-bridge.numa_node",
            f"Option 'numaNode' is not supported by '{controller.model_name}' device with this QEMU binary",
        )


def _options(controller: Controller) -> dict[str, Any]:
    """All options in the order in which they are looked at."""
    target = controller.pci_target
    return {
        "targetIndex": target.index,
        "pcihole64": controller.pcihole64,
        "busNr": target.bus_nr,
        "numaNode": target.node,
        "chassisNr": target.chassis_nr,
        "chassis": target.chassis,
        "port": target.port,
        "hotplug": target.hotplug,
        "memReserve": target.mem_reserve,
    }


def _check_name(controller: Controller, form: Form) -> None:
    if form.names and controller.model_name is None:
        raise _missing(controller, "modelName")
    if not form.names and controller.model_name is not None:
        raise _not_valid(controller, "modelName")
    if form.names and controller.model_name not in form.names:
        raise ConfigUnsupported(f"Option 'modelName' has invalid value for {_which(controller)}")


def _check_index(controller: Controller, form: Form) -> None:
    if controller.model not in PCI_ROOTS:
        if not controller.index:
            raise ConfigUnsupported(f"Index for '{controller.model}' controllers must be > 0")
    elif controller.index and form is not HOST_BRIDGE:
        raise ConfigUnsupported(f"Index for '{controller.model}' controllers must be 0")


def _check_option(controller: Controller, option: str, situation: Situation) -> None:
    """Check an option that the model has, on this machine and with this QEMU."""
    root = controller.model == PciModel.PCI_ROOT
    machine = situation.machine
    match option:
        case "pcihole64" if not (machine.i440fx if root else machine.q35):
            raise ConfigUnsupported(f"Setting the 64-bit PCI hole size is not supported for machine '{machine.type}'")
        case "numaNode" if root and controller.pci_target.index == 0:
            # The first host bridge is part of the machine.
            raise _not_valid(controller, option)
        case "hotplug":
            device = "pci-root" if root else controller.model_name
            situation.need(
                "piix4.acpi-root-pci-hotplug" if root else "pcie-root-port.hotplug",
                f"setting the 'hotplug' property on a '{device}' device is not supported by this QEMU binary",
            )


def _which(controller: Controller) -> str:
    return (
        f"PCI controller with index '{controller.index}', model '{controller.model}' "
        f"and modelName '{controller.model_name or 'none'}'"
    )


def _missing(controller: Controller, option: str) -> Error:
    return InternalError(f"Required option '{option}' is not set for {_which(controller)}")


def _not_valid(controller: Controller, option: str) -> Error:
    return ConfigUnsupported(f"Option '{option}' is not valid for {_which(controller)}")
