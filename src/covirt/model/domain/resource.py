# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<resource>`: the control group of the guest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from covirt.xml import At


@dataclass(slots=True, kw_only=True)
class Resource:
    """Under which group the guest's own is made, and its name in the fibre channel fabric."""

    partition: Annotated[str | None, At("partition")] = None
    appid: Annotated[str | None, At("fibrechannel/@appid", blank_is_none=True)] = None
