# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sockets between host and guest without a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, ClassVar

from covirt.errors import ConfigUnsupported
from covirt.model.common.scalars import NonZero, OrDefault
from covirt.model.domain.devices.common import Device, DeviceInfo, VirtioModel, VirtioOptions
from covirt.xml import At, YesNo

if TYPE_CHECKING:
    from covirt.model.domain.completing import Completing
    from covirt.model.domain.definition import DomainDefinition

LOWEST_CID = 3
"""Lower addresses are the hypervisor's and the host's."""


@dataclass(slots=True, kw_only=True)
class Vsock(Device):
    """The guest's vsock device and its address."""

    ELEMENT: ClassVar[str] = "vsock"

    model: Annotated[VirtioModel | None, At("@model"), OrDefault(VirtioModel)] = None
    auto: Annotated[YesNo | None, At("cid/@auto")] = None
    cid: Annotated[NonZero | None, At("cid/@address")] = None
    info: Annotated[DeviceInfo, At(".")] = field(default_factory=DeviceInfo)
    driver: Annotated[VirtioOptions, At("driver")] = field(default_factory=VirtioOptions)

    def complete(self, guest: DomainDefinition, completing: Completing) -> None:
        """An address that is not told is chosen at start."""
        if self.auto is None:
            self.auto = self.cid is None

    def check(self, guest: DomainDefinition) -> None:
        """The address is a guest's."""
        if self.cid is not None and self.cid < LOWEST_CID:
            raise ConfigUnsupported("guest CIDs must be >= 3")
        if self.model is None:
            self.driver.check_absent()
