# SPDX-License-Identifier: LGPL-2.1-or-later
"""Altered copies of elements, for what is written differently from what is kept."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

T = TypeVar("T")


def changed(element: T, **values: Any) -> T:
    """A shallow copy of an element with some fields changed."""
    other = copy.copy(element)
    for name, value in values.items():
        setattr(other, name, value)
    return other


def without(element: T, *names: str) -> T:
    """A shallow copy of an element in which some fields are not written."""
    return changed(element, **dict.fromkeys(names))
