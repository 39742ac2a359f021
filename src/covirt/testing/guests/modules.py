# SPDX-License-Identifier: LGPL-2.1-or-later
"""The order in which kernel modules have to be loaded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def load_order(directory: Path, wanted: Iterable[str]) -> list[Path]:
    """The files of the wanted modules and of what they need, each after what it depends on."""
    files = {_module_name(path): path for path in directory.rglob("*.ko")}
    order: dict[str, Path] = {}

    def add(name: str) -> None:
        if name in order or name not in files:
            return
        for needed in _depends(files[name]):
            add(needed)
        order[name] = files[name]

    for name in wanted:
        add(name)
    return list(order.values())


def _module_name(path: Path) -> str:
    return path.name.removesuffix(".ko").replace("-", "_")


def _depends(module: Path) -> list[str]:
    """What a module says of itself in its section of `key=value` strings."""
    for entry in module.read_bytes().split(b"\0"):
        if entry.startswith(b"depends="):
            return [name.replace("-", "_") for name in entry[len(b"depends=") :].decode().split(",") if name]
    return []
