# SPDX-License-Identifier: LGPL-2.1-or-later
"""The request that handlers of this driver get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covirt.api.request import Request

if TYPE_CHECKING:
    from covirt.drivers.lxc.driver import LxcDriver
    from covirt.drivers.lxc.guest import LxcGuest

    Req = Request[LxcDriver, LxcGuest]
else:
    # The driver imports its calls, not they it.
    Req = Request
