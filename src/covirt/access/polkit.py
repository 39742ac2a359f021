# SPDX-License-Identifier: LGPL-2.1-or-later
"""The access manager that asks polkit about every right of every call."""

from __future__ import annotations

from covirt.access.attributes import attributes_of
from covirt.access.authority import Authority
from covirt.api.access import Right
from covirt.api.handles import Handle
from covirt.api.request import ClientIdentity


class PolkitAccess:
    """Rights are polkit actions `org.libvirt.api.OBJECT.PERMISSION`; rules see the driver and the object's names."""

    name = "polkit"

    def __init__(self, authority: Authority) -> None:
        """Ask this authority."""
        self._authority = authority

    async def allows(self, client: ClientIdentity, driver: str, right: Right, subject: Handle) -> bool:
        """May this client do this to that object?"""
        action = f"org.libvirt.api.{right.object}.{right.permission}".replace("_", "-")
        details = {"connect_driver": driver, **attributes_of(subject)}
        return await self._authority.allows(action, client, details=details, interactive=False)
