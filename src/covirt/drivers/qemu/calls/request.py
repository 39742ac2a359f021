# SPDX-License-Identifier: LGPL-2.1-or-later
"""The request that handlers of this driver get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.api.request import Request

if TYPE_CHECKING:
    from covirt.drivers.qemu.driver import QemuDriver
    from covirt.drivers.qemu.guest import QemuGuest

    Req = Request[QemuDriver, QemuGuest]
else:
    # The driver imports its calls, not they it.
    Req = Request
