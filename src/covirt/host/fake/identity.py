# SPDX-License-Identifier: LGPL-2.1-or-later
"""The name and UUID of a machine that is not there."""

from __future__ import annotations

from covirt.host.identity import Identity
from covirt.values import Uuid

FAKE_UUID = Uuid.parse("c7e5ac0a-51a6-4bd6-a1c8-0d1c2d3f0f01")


class FakeIdentity(Identity):
    """Always the same machine."""

    def hostname(self) -> str:
        """Its name."""
        return "fake.example"

    def uuid(self, configured: str | None = None, source: str = "smbios") -> Uuid:
        """Its UUID, unless another one is configured."""
        return super().uuid(configured) if configured is not None else FAKE_UUID

    def machine_id(self) -> str:
        """The same without hyphens."""
        return bytes(FAKE_UUID).hex()
