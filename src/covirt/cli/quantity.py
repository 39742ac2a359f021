# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sizes as people read them."""

from __future__ import annotations

UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def pretty(octets: int) -> str:
    """A size with two decimals in the largest unit that it fills; bytes are whole."""
    unit = 0
    size = float(octets)
    while size >= 1024 and unit < len(UNITS) - 1:
        size /= 1024
        unit += 1
    return f"{size:.2f} {UNITS[unit]}"
