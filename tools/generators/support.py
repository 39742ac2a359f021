# SPDX-License-Identifier: LGPL-2.1-or-later
"""The support matrix: which driver has which call."""

from __future__ import annotations

from covirt.api.catalogue import THEMES, AnyCall, calls_of
from covirt.drivers import TABLE
from covirt.drivers.driver import Driver
from generators.spelling import client_name

PATH = "docs/reference/support.md"


def generate() -> dict[str, str]:
    """The page."""
    drivers = [entry.load() for entry in TABLE if entry.installed]
    lines = ["# Which driver has which call", "", "Made from the declarations by `tools/generate.py`.", ""]
    for theme in THEMES:
        calls = [call for call in calls_of(theme) if not call.daemon]
        if calls:
            lines += [f"## {theme.__name__.removeprefix('covirt.api.')}", "", *table(calls, drivers), ""]
    return {PATH: "\n".join(lines)}


def table(calls: list[AnyCall], drivers: list[type[Driver]]) -> list[str]:
    """The rows of one theme."""
    heads = ["call", *(driver.name for driver in drivers)]
    rows = [
        [f"{client_name(call.subject)}.{call.name}", *("yes" if call in driver.calls else "" for driver in drivers)]
        for call in calls
    ]
    return [row(heads), row(["---"] * len(heads)), *(row(cells) for cells in rows)]


def row(cells: list[str]) -> str:
    """One row."""
    return f"| {' | '.join(cells)} |"
