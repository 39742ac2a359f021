# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the host's processor tells about encrypted memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.model.domain.definition import DomainDefinition
from covirt.model.domain.launch_security import AmdCommon

if TYPE_CHECKING:
    from covirt.drivers.qemu.ready.definition import Starting


def settle(guest: DomainDefinition, starting: Starting) -> None:
    """Where in an address the bit for encryption is, and how many bits it costs."""
    security, sev = guest.launch_security, starting.caps.sev
    if not isinstance(security, AmdCommon) or sev is None:
        return
    if security.cbitpos is None:
        security.cbitpos = sev.cbitpos
    if security.reduced_phys_bits is None:
        security.reduced_phys_bits = sev.reduced_phys_bits
