# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tables of processor models, vendors and features, read from `data/` when first needed."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def read_table(name: str) -> dict[str, dict[str, Any]]:
    """One table as it is stored."""
    text = files("covirt.drivers.common.cpu").joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    table: dict[str, dict[str, Any]] = json.loads(text)
    return table
