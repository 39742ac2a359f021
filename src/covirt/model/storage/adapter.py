# SPDX-License-Identifier: LGPL-2.1-or-later
"""The SCSI or Fibre Channel adapter behind a pool."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from covirt.errors import XmlError
from covirt.model.common.pci import PciSlot
from covirt.model.common.scalars import check_wwn
from covirt.xml import At, NonNegativeInt, Reading, YesNo


class AdapterType(StrEnum):
    """How an adapter is found."""

    SCSI_HOST = "scsi_host"
    FC_HOST = "fc_host"


@dataclass(slots=True, kw_only=True)
class ParentAddress:
    """The PCI device behind a SCSI host, which keeps its place when hosts are numbered anew."""

    unique_id: Annotated[
        NonNegativeInt,
        At(
            "@unique_id",
            missing="Missing or invalid scsi adapter 'unique_id' value",
            invalid="Missing or invalid scsi adapter 'unique_id' value",
        ),
    ]
    address: Annotated[PciSlot, At("address", missing="Missing scsi_host PCI address element")]


@dataclass(slots=True, kw_only=True)
class Adapter:
    """Which host bus adapter a pool's disks are behind."""

    type: Annotated[AdapterType | None, At("@type")] = None
    name: Annotated[str | None, At("@name")] = None
    parent: Annotated[str | None, At("@parent")] = None
    parent_wwnn: Annotated[str | None, At("@parent_wwnn")] = None
    parent_wwpn: Annotated[str | None, At("@parent_wwpn")] = None
    parent_fabric_wwn: Annotated[str | None, At("@parent_fabric_wwn")] = None
    managed: Annotated[YesNo | None, At("@managed")] = None
    wwnn: Annotated[str | None, At("@wwnn")] = None
    wwpn: Annotated[str | None, At("@wwpn")] = None
    parent_address: Annotated[ParentAddress | None, At("parentaddr")] = field(default=None)

    def after_parse(self, reading: Reading) -> None:
        """An adapter without a type is the old form, which knew names of SCSI hosts only."""
        if self.type is None:
            if self.wwnn or self.wwpn or self.parent:
                raise XmlError("Use of 'wwnn', 'wwpn', and 'parent' attributes requires use of the adapter 'type'")
            if self.parent_address:
                raise XmlError("Use of 'parentaddr' element requires use of the adapter 'type'")
            if self.name is None:
                raise XmlError("missing storage pool source adapter")
            self.type = AdapterType.SCSI_HOST
        if self.type is AdapterType.FC_HOST:
            self.name = self.parent_address = None
            self._check_fibre_channel()
        else:
            self._check_scsi()

    def _check_scsi(self) -> None:
        if not self.name and not self.parent_address:
            raise XmlError("Either 'name' or 'parent' must be specified for the 'scsi_host' adapter")
        if self.name and self.parent_address:
            raise XmlError("Both 'name' and 'parent' cannot be specified for the 'scsi_host' adapter")
        self.parent = self.parent_wwnn = self.parent_wwpn = self.parent_fabric_wwn = None
        self.managed = self.wwnn = self.wwpn = None

    def _check_fibre_channel(self) -> None:
        if not self.wwnn or not self.wwpn:
            raise XmlError("'wwnn' and 'wwpn' must be specified for adapter type 'fchost'")
        if self.parent_wwnn and not self.parent_wwpn:
            raise XmlError(f"when providing parent_wwnn='{self.parent_wwnn}', the parent_wwpn must also be provided")
        if self.parent_wwpn and not self.parent_wwnn:
            raise XmlError(f"when providing parent_wwpn='{self.parent_wwpn}', the parent_wwnn must also be provided")
        for wwn in (self.wwnn, self.wwpn, self.parent_wwnn, self.parent_wwpn, self.parent_fabric_wwn):
            if wwn:
                check_wwn(wwn)
