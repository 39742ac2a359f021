# SPDX-License-Identifier: LGPL-2.1-or-later
"""The PCI devices of the simulated host."""

from __future__ import annotations

from covirt.model.common.pci import PciSlot
from covirt.testing.corpus.environment import Environment


class FakePci:
    """The devices of the corpus' PCI bus, each with its group; none of them says that it is PCI Express or not."""

    def __init__(self, environment: Environment) -> None:
        self._groups: dict[str, int] = {
            device["address"]: device["iommuGroup"] for device in environment.pci_bus["devices"]
        }

    def is_express(self, slot: PciSlot) -> bool | None:
        """What the device's configuration space says."""
        return None

    def iommu_group(self, slot: PciSlot) -> int | None:
        """The group that the table gives it."""
        return self._groups.get(str(slot))
