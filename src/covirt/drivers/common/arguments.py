# SPDX-License-Identifier: LGPL-2.1-or-later
"""Checks of arguments that are the same in every driver."""

from __future__ import annotations

from typing import Any

from covirt.api.call import Call
from covirt.errors import InvalidArg


def require_nonzero(call: Call[Any, ..., Any], name: str, value: int) -> None:
    """Refuse nothing where an amount is asked for."""
    if value == 0:
        raise InvalidArg.of_function(call.spelled, name, f"{name} in {call.spelled} must not be zero")
