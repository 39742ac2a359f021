# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sizes as people read them."""

from __future__ import annotations

UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def pretty(octets: int, digits: int = 2) -> str:
    """A size in the largest unit that it fills."""
    unit = 0
    size = float(octets)
    while size >= 1024 and unit < len(UNITS) - 1:
        size /= 1024
        unit += 1
    return f"{size:.{digits}f} {UNITS[unit]}"
