# SPDX-License-Identifier: LGPL-2.1-or-later
"""Leases of a lock manager that the guest needs while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from covirt.errors import XmlError
from covirt.model.domain.devices.common import Device
from covirt.xml import At, Reading, ULong


@dataclass(slots=True, kw_only=True)
class Lease(Device):
    """A lease by its space and key, and where the lock manager keeps it."""

    ELEMENT: ClassVar[str] = "lease"

    lockspace: Annotated[str | None, At("lockspace")] = None
    key: Annotated[str | None, At("key")] = None
    path: Annotated[str | None, At("target/@path")] = None
    offset: Annotated[ULong, At("target/@offset", omit=0)] = 0

    def after_parse(self, reading: Reading) -> None:
        """All but the offset is needed."""
        if self.key is None:
            raise XmlError("Missing 'key' element for lease")
        if self.lockspace is None:
            raise XmlError("Missing 'lockspace' element for lease")
        if reading.element.child("target") is None:
            raise XmlError("Missing 'target' element for lease")
        if self.path is None:
            raise XmlError("Missing 'path' attribute to 'target' element for lease")
