# SPDX-License-Identifier: LGPL-2.1-or-later
"""What connections over sockets share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from covirt.errors import XmlError
from covirt.model.common.copying import without
from covirt.xml import At, Context, Reading, YesNo


@dataclass(slots=True, kw_only=True)
class Reconnect:
    """Whether, and after how many seconds, a lost connection is made anew."""

    enabled: Annotated[YesNo | None, At("@enabled")] = None
    timeout: Annotated[int | None, At("@timeout")] = None

    def after_parse(self, reading: Reading) -> None:
        """The time is needed when it will be used."""
        if self.enabled and self.timeout is None:
            raise XmlError("Missing required attribute 'timeout' in element 'reconnect'")

    def for_format(self, context: Context) -> Reconnect | None:
        """Said only when decided; the time only when used."""
        if self.enabled is None:
            return None
        return self if self.enabled else without(self, "timeout")
