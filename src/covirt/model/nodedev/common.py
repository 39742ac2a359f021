# SPDX-License-Identifier: LGPL-2.1-or-later
"""What several kinds of devices have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from covirt.xml import At, Hex


@dataclass(slots=True, kw_only=True)
class IdAndName:
    """A number of a product or vendor, and what it means."""

    id: Annotated[int, At("@id"), Hex(4, base=16)]
    name: Annotated[str | None, At(".")] = None
