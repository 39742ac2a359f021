# SPDX-License-Identifier: LGPL-2.1-or-later
"""`<enum>`: the values that an attribute may have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from covirt.xml import At


@dataclass(slots=True, kw_only=True)
class CapsEnum:
    """The values of one attribute, in their usual order; none means that it cannot be set."""

    name: Annotated[str, At("@name")]
    values: Annotated[list[str], At("value")] = field(default_factory=list)
