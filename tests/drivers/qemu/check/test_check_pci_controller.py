# SPDX-License-Identifier: LGPL-2.1-or-later
"""Options of PCI controllers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from covirt.drivers.qemu.check.pci_controller import FLAGS, FORMS
from covirt.errors import ConfigUnsupported
from covirt.model.domain.devices.controller import PciModel, PciModelName

if TYPE_CHECKING:
    from tests.drivers.qemu.conftest import Define


def test_every_model_has_a_form_and_every_name_a_capability() -> None:
    assert set(FORMS) == set(PciModel)
    assert set(FLAGS) == set(PciModelName)


REFUSED = [
    ("model='pcie-root-port'", "<model name='pci-bridge'/>", "Option 'modelName' has invalid value"),
    ("model='pcie-root-port'", "<target busNr='9'/>", "Option 'busNr' is not valid for PCI controller with index '1'"),
    ("model='pcie-root-port'", "<target chassisNr='9'/>", "Option 'chassisNr' is not valid"),
    ("model='dmi-to-pci-bridge'", "<target hotplug='off'/>", "Option 'hotplug' is not valid"),
    ("model='dmi-to-pci-bridge'", "<target memReserve='8'/>", "Option 'memReserve' is not valid"),
]


@pytest.mark.parametrize(("attributes", "options", "message"), REFUSED)
def test_options_of_other_models_are_refused(define: Define, attributes: str, options: str, message: str) -> None:
    with pytest.raises(ConfigUnsupported, match=message):
        define(f"<controller type='pci' index='1' {attributes}>{options}</controller>", machine="q35")


def test_the_pci_hole_is_that_of_pcs(define: Define) -> None:
    hole = "<controller type='pci' index='0' model='pci-root'><pcihole64>1048576</pcihole64></controller>"
    assert define(hole, machine="pc")
    with pytest.raises(ConfigUnsupported, match="64-bit PCI hole size is not supported for machine 'pseries'"):
        define(hole, arch="ppc64")


def test_the_first_host_bridge_is_on_no_node(define: Define) -> None:
    bridge = (
        "<controller type='pci' index='{0}' model='pci-root'><target index='{0}'><node>0</node></target></controller>"
    )
    cells = "<cpu><numa><cell id='0' cpus='0-1' memory='1048576'/></numa></cpu>"
    assert define(bridge.format(1), arch="ppc64", more=cells)
    with pytest.raises(ConfigUnsupported, match="index=0 can't be associated with a NUMA node"):
        define(bridge.format(0), arch="ppc64", more=cells)
