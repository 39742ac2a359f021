# SPDX-License-Identifier: LGPL-2.1-or-later
"""The network filter of an interface, and the values of its variables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated

from covirt.model.common.copying import changed
from covirt.xml import At, Context, Reading

_NAME = re.compile(r"[a-zA-Z0-9_]*")
_VALUE = re.compile(r"[a-zA-Z0-9_.:]+")


@dataclass(slots=True, kw_only=True)
class FilterParameter:
    """One value of a variable; a variable that has several is told several times."""

    name: Annotated[str | None, At("@name")] = None
    value: Annotated[str | None, At("@value")] = None


@dataclass(slots=True, kw_only=True)
class FilterRef:
    """A network filter by name, with values for its variables."""

    filter: Annotated[str | None, At("@filter")] = None
    parameters: Annotated[list[FilterParameter], At("parameter")] = field(default_factory=list)

    def after_parse(self, reading: Reading) -> None:
        """Names and values with other characters are passed over."""
        self.parameters = [
            parameter
            for parameter in self.parameters
            if _NAME.fullmatch(parameter.name or "-") and _VALUE.fullmatch(parameter.value or "")
        ]

    def for_format(self, context: Context) -> FilterRef | None:
        """Variables are written by name."""
        if self.filter is None:
            return None
        return changed(self, parameters=sorted(self.parameters, key=lambda parameter: parameter.name or ""))
